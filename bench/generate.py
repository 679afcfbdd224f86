"""Invented projects in the format of import_projects, as JSON lines: `python -m bench.generate 20000 > projects.jsonl`.

Texts are put together from word lists and sentence patterns, so that words repeat as they do in life: few are frequent,
many are rare. The same seed gives the same projects.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from typing import Any

SEED = 2026
SUMMARY_LENGTH = 300
# Shares in percent, roughly as in published lists of smart-city projects.
PHASES = {"P1": 14, "P2": 18, "P3": 22, "P4": 24, "P5": 6, "abgeschlossen": 12, "nicht_weiterverfolgt": 4}
FIELDS = (
    "Verwaltung", "IT und Kommunikation", "Energie und Umwelt", "Mobilität", "Gesellschaft", "Bildung", "Gesundheit",
    "Kultur und Tourismus", "Wirtschaft und Handel", "Sicherheit", "Bauen und Wohnen",
)  # fmt: skip
# What is digitised, with the field it belongs to and words that go with it.
SUBJECTS = (
    ("Bauantrag", "Bauen und Wohnen", ("Bauaufsicht", "Bauvorlage", "Architekturbüro", "Baugenehmigung")),
    ("Kita-Platzvergabe", "Bildung", ("Kindertagesstätte", "Vormerkung", "Elternbeirat", "Betreuungsplatz")),
    ("Parkraumsensorik", "Mobilität", ("Parkplatz", "Sensor", "Funknetz", "Parkleitsystem")),
    ("Mängelmelder", "Gesellschaft", ("Schlagloch", "Straßenlaterne", "Bauhof", "Foto")),
    ("Wohngeldantrag", "Gesellschaft", ("Nachweis", "Haushaltseinkommen", "Bescheid", "Wohngeldstelle")),
    ("Straßenbeleuchtung", "Energie und Umwelt", ("Leuchte", "Dimmprofil", "Stromverbrauch", "Stadtwerke")),
    ("Ratsinformation", "Verwaltung", ("Sitzungsdienst", "Beschlussvorlage", "Gremium", "Tagesordnung")),
    ("Terminvereinbarung", "Verwaltung", ("Bürgerbüro", "Wartezeit", "Aufrufanlage", "Erinnerung")),
    ("Hochwasserwarnung", "Sicherheit", ("Pegel", "Starkregen", "Feuerwehr", "Frühwarnung")),
    ("Wärmeplanung", "Energie und Umwelt", ("Wärmenetz", "Gebäudebestand", "Heizung", "Wärmekataster")),
    ("Radverkehrszählung", "Mobilität", ("Zählstelle", "Radweg", "Verkehrsplanung", "Zeitreihe")),
    ("Mitfahrbank", "Mobilität", ("Ortsteil", "Haltestelle", "Ehrenamt", "Fahrplan")),
    ("Schul-IT", "Bildung", ("Tablet", "Schulträger", "Hilfe-Desk", "Medienentwicklungsplan")),
    ("Stadtbibliothek", "Kultur und Tourismus", ("Ausleihe", "Öffnungszeit", "Selbstverbuchung", "Bestand")),
    ("Gästekarte", "Kultur und Tourismus", ("Kurbeitrag", "Beherbergung", "Meldeschein", "Freizeitbad")),
    ("Gewerbeanmeldung", "Wirtschaft und Handel", ("Gewerbeamt", "Gewerbeschein", "Handelsregister", "Gebühr")),
    ("Leerstandskataster", "Wirtschaft und Handel", ("Innenstadt", "Ladenlokal", "Zwischennutzung", "Eigentümer")),
    ("Breitbandausbau", "IT und Kommunikation", ("Glasfaser", "Tiefbau", "Adresse", "Förderbescheid")),
    ("Geodatenportal", "IT und Kommunikation", ("Karte", "Bebauungsplan", "Schnittstelle", "Luftbild")),
    ("Offene Daten", "IT und Kommunikation", ("Datensatz", "Lizenz", "Metadaten", "Haushaltsdaten")),
    ("Telemedizin", "Gesundheit", ("Hausarzt", "Videosprechstunde", "Pflegedienst", "Gemeindeschwester")),
    ("Impfterminportal", "Gesundheit", ("Gesundheitsamt", "Terminbuchung", "Warteliste", "Impfbus")),
    ("Abfallkalender", "Energie und Umwelt", ("Biotonne", "Abholung", "Wertstoffhof", "Sperrmüll")),
    ("Baumkataster", "Energie und Umwelt", ("Stadtbaum", "Bewässerung", "Bodenfeuchte", "Patenschaft")),
    ("Hundesteuer", "Verwaltung", ("Steuermarke", "Anmeldung", "Bescheid", "Kämmerei")),
    ("eAkte", "Verwaltung", ("Aktenplan", "Scanstelle", "Schriftgut", "Fachverfahren")),
    ("Bürgerbeteiligung", "Gesellschaft", ("Umfrage", "Ideenwettbewerb", "Haushalt", "Dialog")),
    ("Ehrenamtsbörse", "Gesellschaft", ("Verein", "Freiwillige", "Vermittlung", "Ehrenamtskarte")),
    ("Führerscheinumtausch", "Mobilität", ("Fahrerlaubnisbehörde", "Antrag", "Lichtbild", "Abholung")),
    ("Personalausweis", "Verwaltung", ("Meldebehörde", "Ausweisdokument", "Abholterminal", "Identifizierung")),
)  # fmt: skip
FORMS = (
    "{s} digital", "{s} online beantragen", "Digitale Plattform: {s}", "{s} für alle Ortsteile", "{s} aus einer Hand",
    "Modellversuch {s}", "{s}: gemeinsam mit den Nachbarn", "{s} mit offenen Schnittstellen", "{s} ohne Papier",
    "Neuer Anlauf: {s}", "{s} barrierefrei", "{s} – vom Pilot in den Betrieb", "App für {s}", "{s} neu gedacht",
)  # fmt: skip
PLACES = (
    "in der Kernstadt", "in drei Ortsteilen", "im ganzen Kreis", "im ländlichen Raum", "in der Altstadt",
    "am Bahnhof", "in allen Dienststellen", "an vier Schulen", "im Gewerbegebiet", "im Rathaus",
)  # fmt: skip
ACTORS = (
    "Das Hauptamt", "Die Stabsstelle Digitalisierung", "Das Bauamt", "Ein Zweckverband", "Die Stadtwerke",
    "Das Jugendamt", "Der Kreis", "Eine Arbeitsgruppe aus fünf Gemeinden", "Die Wirtschaftsförderung",
    "Der Bauhof", "Das Ordnungsamt", "Der Eigenbetrieb", "Die Samtgemeinde", "Die Kämmerei",
)  # fmt: skip
VERBS = (
    "erprobt", "führt ein", "entwickelt", "betreibt", "plant", "erneuert", "bündelt", "öffnet", "vereinfacht", "testet",
)  # fmt: skip
TOOLS = (
    "ein Online-Formular", "einen digitalen Antrag", "ein gemeinsames Portal", "ein Funknetz mit Sensoren",
    "eine Anwendung für das Smartphone", "eine quelloffene Software", "ein Fachverfahren mit Schnittstelle",
    "eine Karte mit Echtzeitdaten", "einen Chatbot", "ein Dashboard für die Verwaltung", "ein Bürgerkonto",
)  # fmt: skip
SENTENCES = (
    "{a} {v} {t} {p}.",
    "Im Mittelpunkt stehen {w1} und {w2}.",
    "Bisher lagen {w1} und {w2} in getrennten Listen, die von Hand abgeglichen wurden.",
    "Rund {n} Vorgänge im Jahr laufen inzwischen über den neuen Weg.",
    "Für {w1} gab es vorher kein einheitliches Verfahren.",
    "{a} hat dafür {t} beschafft; die Kosten lagen bei {n} Euro je Monat.",
    "Datenschutz und Barrierefreiheit wurden vor dem Start geprüft.",
    "Die Rückmeldungen zu {w2} waren überwiegend gut, Kritik gab es an der Schulung.",
    "Die Beschäftigten wurden in {m} Terminen geschult.",
    "Wer {w1} braucht, erledigt das heute in wenigen Minuten von zu Hause.",
    "Gefördert wurde das Vorhaben mit Landesmitteln, der Eigenanteil betrug {m} Prozent.",
    "Die Schnittstelle zu {w2} ist dokumentiert und kann nachgenutzt werden.",
    "Eine Auswertung nach {m} Monaten zeigte weniger Rückfragen zu {w1}.",
    "Im nächsten Schritt kommen {w2} und weitere Nachbarkommunen hinzu.",
    "Ohne eine feste Ansprechperson für {w1} wäre das Projekt stecken geblieben.",
)
TAGS = (
    "Online-Dienst", "Sensorik", "LoRaWAN", "Open Source", "Interkommunale Zusammenarbeit", "EfA", "Schule",
    "Bürgerservice", "Geodaten", "Barrierefreiheit", "Open Data", "Klimaanpassung", "Ehrenamt",
    "Registermodernisierung", "Künstliche Intelligenz",
    "Nachnutzung", "Datenschutz", "Förderprogramm", "Ländlicher Raum", "Innenstadt", "Prozessmanagement", "Cloud",
)  # fmt: skip
KINDS = {
    "quellcode": "Quellcode", "leistungsverzeichnis": "Leistungsverzeichnis", "beschluss": "Beschlussvorlage",
    "satzung": "Satzung", "konzept": "Fachkonzept", "dsfa": "Datenschutz-Folgenabschätzung",
    "schnittstelle": "Beschreibung der Schnittstelle", "prozessmodell": "Prozessmodell",
    "schulung": "Schulungsunterlagen",
}  # fmt: skip
LICENCES = ("EUPL-1.2", "CC-BY-4.0", "CC0-1.0", "DL-DE-BY-2.0", "MIT")
ONSETS = ("Wald", "Berg", "See", "Moor", "Linden", "Eichen", "Stein", "Ober", "Nieder", "Neu", "Alten", "Krön", "Hasel")
ENDINGS = ("heim", "hausen", "dorf", "stedt", "bach", "brück", "furt", "rode", "feld", "au", "kirchen", "büttel")


def sentence(chance: random.Random, words: tuple[str, ...]) -> str:
    first, second = chance.sample(words, 2)
    return chance.choice(SENTENCES).format(
        a=chance.choice(ACTORS),
        v=chance.choice(VERBS),
        t=chance.choice(TOOLS),
        p=chance.choice(PLACES),
        w1=first,
        w2=second,
        n=f"{chance.randrange(2, 400) * 50:,}".replace(",", "."),
        m=chance.randrange(3, 30),
    )


def place_name(chance: random.Random) -> str:
    """An invented place: the rare words of the collection."""
    return chance.choice(ONSETS) + chance.choice(ENDINGS)


def artefacts(chance: random.Random, subject: str, number: int) -> list[dict[str, Any]]:
    """None for most projects, up to three for the others."""
    count = max(0, chance.randrange(-3, 4))
    return [
        {
            "kind": kind,
            "title": f"{KINDS[kind]} {subject}",
            "url": f"https://www.example.org/ablage/{number}/{kind}",
            "licence": chance.choice(LICENCES),
            "version": f"{chance.randrange(1, 4)}.{chance.randrange(10)}",
            "date": f"{chance.randrange(2019, 2026)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
            "language": "de",
        }
        for kind in chance.sample(sorted(KINDS), count)
    ]


def project(chance: random.Random, number: int) -> dict[str, Any]:
    """One project without a body; number makes it unique."""
    subject, home_field, words = chance.choice(SUBJECTS)
    title = chance.choice(FORMS).format(s=subject)
    opening = " ".join(sentence(chance, words) for _count in range(chance.randrange(1, 3)))
    sentences = [sentence(chance, words) for _count in range(chance.randrange(4, 22))]
    middle = len(sentences) // 2
    fields = {home_field: None, **({chance.choice(FIELDS): None} if chance.random() < 0.4 else {})}
    return {
        "id": f"bench:{number:06d}",
        "title": f"{title} {place_name(chance)}" if chance.random() < 0.7 else title,
        "summary": opening[:SUMMARY_LENGTH],
        "body": "\n\n".join((opening, " ".join(sentences[:middle]), " ".join(sentences[middle:]))),
        "ags": None,
        "phase": chance.choices(tuple(PHASES), tuple(PHASES.values()))[0],
        "handlungsfelder": list(fields),
        "tags": chance.sample(TAGS, chance.randrange(0, 5)),
        "ozg": [],
        "artefacts": artefacts(chance, subject, number),
    }


def generate(count: int, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """So many projects, without a body: the caller knows which keys its register has."""
    chance = random.Random(seed)
    for number in range(count):
        yield project(chance, number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, help="how many projects")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--keys", nargs="*", default=[], help="AGS of bodies that the projects are spread over")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    for entry in generate(options.count, options.seed):
        if options.keys:
            entry["ags"] = chance.choice(options.keys)
        sys.stdout.write(json.dumps(entry, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
