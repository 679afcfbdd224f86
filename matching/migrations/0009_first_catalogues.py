"""The catalogues one looks into first; staff change, hide and add to them."""

from typing import Any

from django.db import migrations

FIRST = (
    ("openCode", "https://opencode.de/", "Quelloffene Software der öffentlichen Verwaltung"),
    ("FIT-Store", "https://www.fitko.de/fitstore", "Online-Dienste der Länder zur Nachnutzung"),
    ("EfA-Marktplatz", "https://marktplatz.govdigital.de/", "Leistungen nach „Einer für Alle“ für Kommunen"),
    (
        "Interoperable Europe Portal",
        "https://interoperable-europe.ec.europa.eu/",
        "Lösungen der Verwaltungen in Europa",
    ),
)


def seed(apps: Any, schema_editor: Any) -> None:
    """May run twice; what staff have changed stays."""
    catalogues = apps.get_model("matching", "ReuseCatalogue").objects
    for position, (name, url, offers) in enumerate(FIRST):
        catalogues.get_or_create(name=name, defaults={"url": url, "offers": offers, "sort_order": position * 10})


class Migration(migrations.Migration):
    dependencies = [("matching", "0008_other_catalogues")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
