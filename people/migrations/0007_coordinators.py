"""Coordinators, bodies that act for others, and the right to publish without a check beforehand."""

from django.conf import settings
from django.db import migrations, models


def keep_rights(apps, schema_editor):
    """Who could publish until now still can."""
    teams = apps.get_model("people", "Team").objects
    may_publish = teams.filter(group__page_permissions__permission__codename="publish_page").values("pk")
    teams.filter(pk__in=list(may_publish.values_list("pk", flat=True))).update(publishes_directly=True)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_shared_cache"),
        ("projects", "0002_vocabularies"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="acts_for",
            field=models.ManyToManyField(
                blank=True,
                help_text="Members of an association or Kreis whose pages its people edit as well.",
                related_name="represented_by",
                to="projects.bodypage",
                verbose_name="acts for",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="coordinators",
            field=models.ManyToManyField(
                blank=True,
                related_name="coordinated_teams",
                to=settings.AUTH_USER_MODEL,
                verbose_name="coordinators",
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="publishes_directly",
            field=models.BooleanField(
                default=False,
                help_text="Its editors publish without a check beforehand; the centre looks at it afterwards.",
                verbose_name="publishes directly",
            ),
        ),
        migrations.RunPython(keep_rights, migrations.RunPython.noop),
    ]
