"""The words the platform starts with; from here on they are the staff's.

Sources: Länder keys of the official municipality key; Handlungsfelder after the Bitkom Smart City Index plus common
further ones; Themenfelder and their leads as assigned in the OZG programme, kept as historical assignments.
"""

from django.db import migrations

STATES = (
    ("01", "Schleswig-Holstein", "SH"),
    ("02", "Hamburg", "HH"),
    ("03", "Niedersachsen", "NI"),
    ("04", "Bremen", "HB"),
    ("05", "Nordrhein-Westfalen", "NW"),
    ("06", "Hessen", "HE"),
    ("07", "Rheinland-Pfalz", "RP"),
    ("08", "Baden-Württemberg", "BW"),
    ("09", "Bayern", "BY"),
    ("10", "Saarland", "SL"),
    ("11", "Berlin", "BE"),
    ("12", "Brandenburg", "BB"),
    ("13", "Mecklenburg-Vorpommern", "MV"),
    ("14", "Sachsen", "SN"),
    ("15", "Sachsen-Anhalt", "ST"),
    ("16", "Thüringen", "TH"),
)
FIELDS_OF_ACTION = (
    ("verwaltung", "Verwaltung"),
    ("it-und-kommunikation", "IT und Kommunikation"),
    ("energie-und-umwelt", "Energie und Umwelt"),
    ("mobilitaet", "Mobilität"),
    ("gesellschaft", "Gesellschaft"),
    ("bildung", "Bildung"),
    ("gesundheit", "Gesundheit"),
    ("kultur-und-tourismus", "Kultur und Tourismus"),
    ("wirtschaft-und-handel", "Wirtschaft und Handel"),
    ("sicherheit", "Sicherheit"),
    ("bauen-und-wohnen", "Bauen und Wohnen"),
)
OZG_FIELDS = (
    ("arbeit-ruhestand", "Arbeit & Ruhestand", ("Nordrhein-Westfalen",)),
    ("bauen-wohnen", "Bauen & Wohnen", ("Mecklenburg-Vorpommern",)),
    ("bildung", "Bildung", ("Sachsen-Anhalt",)),
    ("ein-auswanderung", "Ein- & Auswanderung", ("Brandenburg",)),
    (
        "engagement-hobby",
        "Engagement & Hobby",
        ("Nordrhein-Westfalen", "Deutscher Städtetag", "Deutscher Landkreistag", "DStGB"),
    ),
    ("familie-kind", "Familie & Kind", ("Bremen",)),
    ("forschung-foerderung", "Forschung & Förderung", ("Bayern",)),
    ("gesundheit", "Gesundheit", ("Niedersachsen",)),
    ("mobilitaet-reisen", "Mobilität & Reisen", ("Hessen", "Baden-Württemberg")),
    ("querschnitt", "Querschnitt", ("Berlin",)),
    ("recht-ordnung", "Recht & Ordnung", ("Sachsen",)),
    ("steuern-zoll", "Steuern & Zoll", ("Hessen", "Thüringen")),
    ("umwelt", "Umwelt", ("Rheinland-Pfalz", "Schleswig-Holstein")),
    ("unternehmensfuehrung-entwicklung", "Unternehmensführung & -entwicklung", ("Hamburg",)),
)
ARTEFACT_KINDS = (
    ("quellcode", "Software und Quellcode"),
    ("leistungsverzeichnis", "Leistungsverzeichnis"),
    ("beschluss", "Beschlussvorlage und Ratsbeschluss"),
    ("satzung", "Satzung"),
    ("konzept", "Konzept"),
    ("dsfa", "Datenschutz-Folgenabschätzung (DSFA)"),
    ("avv", "Auftragsverarbeitungsvertrag"),
    ("schnittstelle", "Schnittstellenbeschreibung"),
    ("prozessmodell", "Prozessmodell (BPMN/FIM)"),
    ("datensatz", "Datensatz"),
    ("schulung", "Schulungsmaterial"),
    ("kostenmodell", "Betriebs- und Kostenmodell"),
    ("evaluation", "Evaluation"),
)
SPDX = "https://spdx.org/licenses/"
LICENCES = (
    ("EUPL-1.2", "European Union Public Licence 1.2", "https://eupl.eu/1.2/de/"),
    ("AGPL-3.0-or-later", "GNU Affero General Public License 3.0 oder später", f"{SPDX}AGPL-3.0-or-later.html"),
    ("GPL-3.0-or-later", "GNU General Public License 3.0 oder später", f"{SPDX}GPL-3.0-or-later.html"),
    ("LGPL-3.0-or-later", "GNU Lesser General Public License 3.0 oder später", f"{SPDX}LGPL-3.0-or-later.html"),
    ("MPL-2.0", "Mozilla Public License 2.0", f"{SPDX}MPL-2.0.html"),
    ("Apache-2.0", "Apache License 2.0", f"{SPDX}Apache-2.0.html"),
    ("MIT", "MIT-Lizenz", f"{SPDX}MIT.html"),
    ("BSD-3-Clause", "BSD-Lizenz (3 Klauseln)", f"{SPDX}BSD-3-Clause.html"),
    ("CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/deed.de"),
    ("CC-BY-4.0", "Creative Commons Namensnennung 4.0", "https://creativecommons.org/licenses/by/4.0/deed.de"),
    (
        "CC-BY-SA-4.0",
        "Creative Commons Namensnennung, Weitergabe unter gleichen Bedingungen 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/deed.de",
    ),
    ("DL-DE-BY-2.0", "Datenlizenz Deutschland – Namensnennung 2.0", "https://www.govdata.de/dl-de/by-2-0"),
    ("DL-DE-ZERO-2.0", "Datenlizenz Deutschland – Zero 2.0", "https://www.govdata.de/dl-de/zero-2-0"),
)
STATE_SLUG = str.maketrans({"ü": "ue"})
LEAD_NOTE = "Zuordnung im OZG-Programm"


def create(apps, schema_editor):
    """Adds what is missing and leaves alone what is there, so that running it twice changes nothing."""
    model = lambda name: apps.get_model("projects", name).objects  # noqa: E731
    for key, name, iso in STATES:
        defaults = {"name": name, "full_name": name, "slug": name.lower().translate(STATE_SLUG), "iso": f"DE-{iso}"}
        model("State").get_or_create(key=key, defaults=defaults)
    for order, (slug, name) in enumerate(FIELDS_OF_ACTION):
        model("FieldOfAction").get_or_create(slug=slug, defaults={"name": name, "sort_order": order})
    for order, (slug, name) in enumerate(ARTEFACT_KINDS):
        model("ArtefactKind").get_or_create(slug=slug, defaults={"name": name, "sort_order": order})
    for order, (spdx_id, name, url) in enumerate(LICENCES):
        model("Licence").get_or_create(spdx_id=spdx_id, defaults={"name": name, "url": url, "sort_order": order})
    for order, (slug, name, leads) in enumerate(OZG_FIELDS):
        field, is_new = model("OzgField").get_or_create(slug=slug, defaults={"name": name, "sort_order": order})
        for actor in leads if is_new else ():
            model("OzgFieldLead").create(field=field, actor=actor, note=LEAD_NOTE)


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
