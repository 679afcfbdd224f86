"""Accounts that are there already were made by administrators, who vouched for their addresses."""

from django.db import migrations


def vouch(apps, schema_editor):
    EmailAddress = apps.get_model("account", "EmailAddress")
    known = set(EmailAddress.objects.values_list("user_id", flat=True))
    for user in apps.get_model("people", "User").objects.exclude(pk__in=known):
        EmailAddress.objects.create(user=user, email=user.email.lower(), primary=True, verified=True)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_mail_queue"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    # Addresses go with allauth's own tables.
    operations = [migrations.RunPython(vouch, migrations.RunPython.noop)]
