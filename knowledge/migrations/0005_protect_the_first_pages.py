"""What every installation started with is protected from now on: nobody takes it down by mistake."""

from django.db import migrations

LEGAL = ("impressum", "datenschutz", "barrierefreiheit", "leichte-sprache", "gebaerdensprache")
ROOMS = (("knowledge", "HomePage"), ("knowledge", "KnowledgeIndexPage"), ("projects", "BodyIndexPage"))
TOP_LEVEL = 3  # below the home page


def protect(apps, schema_editor):
    rows = [apps.get_model(*room).objects.all() for room in ROOMS]
    rows.append(apps.get_model("knowledge", "StandardPage").objects.filter(depth=TOP_LEVEL, slug__in=LEGAL))
    for found in rows:
        # A page that is not public is not what links lead to; and no clock takes down what is.
        live = found.filter(live=True)
        numbers = list(live.values_list("pk", flat=True))
        live.update(is_protected=True)
        apps.get_model("wagtailcore", "Page").objects.filter(pk__in=numbers).update(expire_at=None)


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0004_protected_pages"),
        ("projects", "0013_protected_pages"),
    ]

    operations = [migrations.RunPython(protect, migrations.RunPython.noop)]
