"""One page for each entry of the register: where several stood for the same, one goes on, the others stand for none.

The one that goes on is public, bears the name of the entry, and is the oldest, in this order. The others keep address,
projects, files and people; they become bodies without an entry, with their Land as seat, and are named on the screen.
"""

from typing import Any

from django.db import migrations
from django.db.models import Count

FIELDS = ("municipality", "district", "association", "state")


def _land_of(unit: Any) -> Any:
    if unit._meta.model_name == "state":
        return unit
    return unit.district.state if unit._meta.model_name == "association" else unit.state


def separate(apps: Any, schema_editor: Any) -> None:
    pages = apps.get_model("projects", "BodyPage").objects.using(schema_editor.connection.alias)
    for field in FIELDS:
        shared = pages.exclude(**{field: None}).order_by().values(field).annotate(n=Count("pk")).filter(n__gt=1)
        for number in [row[field] for row in shared]:
            same = list(pages.filter(**{field: number}).order_by("pk"))
            unit = getattr(same[0], field)
            same.sort(key=lambda page: (not page.live, page.title != unit.name, page.pk))
            for page in same[1:]:
                left = {field: None, "kind": "intermunicipal", "seat_state": _land_of(unit)}
                pages.filter(pk=page.pk).update(**left)
                print(f"  Page {page.pk} ({page.url_path}) no longer stands for {unit.name}; page {same[0].pk} does.")


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_follows_from_plans")]

    operations = [migrations.RunPython(separate, migrations.RunPython.noop)]
