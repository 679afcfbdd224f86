"""A new installation starts with the usual abbreviations; what staff changed or added is left alone."""

from typing import Any

from django.db import migrations

from search.text.default_synonyms import DEFAULT_SYNONYMS


def add_synonyms(apps: Any, schema_editor: Any) -> None:
    synonyms = apps.get_model("search", "Synonym").objects
    for row in DEFAULT_SYNONYMS:
        synonyms.get_or_create(words=", ".join(row))


def remove_synonyms(apps: Any, schema_editor: Any) -> None:
    rows = [", ".join(row) for row in DEFAULT_SYNONYMS]
    apps.get_model("search", "Synonym").objects.filter(words__in=rows).delete()


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(add_synonyms, remove_synonyms)]
