"""Merged tags lead on from the table that all merged things share."""

from django.db import migrations
from django.utils import timezone

TAG = "projects.projecttag"


def hand_over(apps, schema_editor):
    Former = apps.get_model("projects", "Former")
    for alias in apps.get_model("projects", "TagAlias").objects.all():
        Former.objects.update_or_create(
            model=TAG,
            former_id=alias.former_id,
            defaults={
                "value": alias.slug,
                "name": alias.name,
                "successor_id": alias.tag_id,
                "removed_at": timezone.now(),
            },
        )


def hand_back(apps, schema_editor):
    tags = set(apps.get_model("projects", "ProjectTag").objects.values_list("pk", flat=True))
    for former in apps.get_model("projects", "Former").objects.filter(model=TAG, successor_id__in=tags):
        apps.get_model("projects", "TagAlias").objects.update_or_create(
            slug=former.value,
            defaults={"tag_id": former.successor_id, "name": former.name[:100], "former_id": former.former_id},
        )


class Migration(migrations.Migration):
    dependencies = [("projects", "0014_former_entries")]

    operations = [migrations.RunPython(hand_over, hand_back)]
