"""Which office is in charge, as printed: behind its label, or alone on a line of the letterhead. Never a person."""

import re

from matching.papers.labels import Kind
from matching.papers.lines import Cell
from matching.papers.parts import Parts
from matching.papers.quotation import Quotation
from matching.papers.sentences import names_person

# How the parts of an administration are called.
OFFICE = re.compile(
    r"\b\w*amt\b|\b\w*amtes\b|\bamt für\b|\b\w*(?:bereich|dienst|dienste|dienststelle|dezernat|abteilung|referat"
    r"|stabsstelle"
    r"|sachgebiet|kämmerei|bauhof|betrieb|betriebe|betriebshof|stadtwerke|verwaltung|büro|zentrale|leitung|stelle"
    r"|stab"
    r"|management|planung|service|akademie|bücherei|bibliothek|archiv|museum|volkshochschule|jobcenter|agentur|werke"
    r"|ministerium|senatsverwaltung|eigenbetrieb|zweckverband|organisation|digitalisierung|kasse|polizei|feuerwehr)\b"
    r"|^\s*(?:FB|FD|FG|SG|Abt\.|Ref\.|Dez\.|Team)\b",
    re.IGNORECASE,
)
# Alone on a line near the top, so that nothing but an office can be meant.
LETTERHEAD = re.compile(
    r"(?:(?:der|die)\s+)?(?:amt (?:für|\d)|fachbereich|fachdienst|fachamt|fachgebiet|dezernat|abteilung|referat"
    r"|stabsstelle"
    r"|sachgebiet|geschäftsbereich|eigenbetrieb|zentrale dienste|dienststelle|bereich|FB|FD|büro de[sr])\b.*"
    r"|(?:[\w-]+-,?\s+){0,2}(?:und\s+)?[\w-]+(?:amt|kämmerei|bauhof|verwaltung|abteilung|referat)",
    re.IGNORECASE,
)
NOT_ALONE = re.compile(
    r"^(?:stadt|gemeinde|kreis|land|samtgemeinde|markt)verwaltung\b|^(?:stadt|gemeinde|markt|landrats"
    r"|bürgermeister)amt\b"
    r"|^verwaltung\b|^selbstverwaltung",
    re.IGNORECASE,
)
LETTERHEAD_LINES = 14
OFFICE_MAX_LENGTH = 120
# Behind the office, often after a comma or a stroke, stands who works there.
PERSON_BEHIND = re.compile(
    r"\s*(?:[,;/|–(-]|\bz\. ?Hd\.)\s*(?:(?:Herrn?|Frau|Hr\.|Fr\.|Dr\.|Prof\.)\s).*$|\s+(?:Herrn?|Frau)\s+[A-ZÄÖÜ].*$"
)
REACHED_BEHIND = re.compile(r"\s*[,;(]?\s*(?:Tel|Telefon|Fax|E-?Mail|Durchwahl|Zimmer)\b.*$", re.IGNORECASE)
DATED_BEHIND = re.compile(r"\s+(?:Vorlage|Drucksache|Datum|Stand)\s*(?:vom|:)?\s*\d{1,2}\.\s?\d{1,2}\.\s?\d.*$")
# Whoever hands in a motion is no office.
FACTION = re.compile(
    r"fraktion|ratsgruppe|stadträt|abgeordnete|\bCDU\b|\bSPD\b|\bFDP\b|\bAfD\b|grüne|linke|freie wähler|UWG",
    re.IGNORECASE,
)


def find_office(parts: Parts) -> Quotation | None:
    """The office in charge before whoever gives information; None if neither is an office."""
    for kind in (Kind.OFFICE, Kind.CONTACT):
        values = parts.named(kind)
        if kind == Kind.OFFICE:
            values.sort(key=lambda value: not value.label.printed.lower().startswith("federführ"))
        for value in values:
            office = _cleaned(value.text)
            # Behind “Amt:” anything is one; behind “Verfasser:” only what is called so.
            is_certain = kind == Kind.OFFICE and not value.label.printed.lower().startswith(
                ("ein", "vorlage", "erstellt")
            )
            if office and (OFFICE.search(office) or (is_certain and _may_be(office))):
                return Quotation(office, office, value.label.printed, value.page)
    for line in parts.head[:LETTERHEAD_LINES]:
        for cell in line.cells:
            if office := _alone(cell):
                return Quotation(office, office, "", line.page)
    return None


def _cleaned(text: str) -> str:
    text = DATED_BEHIND.sub("", REACHED_BEHIND.sub("", PERSON_BEHIND.sub("", text))).strip(" ,;/–-|")
    if not text or names_person(text) or FACTION.search(text) or len(text) > OFFICE_MAX_LENGTH:
        return ""
    return text


def _may_be(text: str) -> bool:
    """An office without one of the usual words, such as “Stadtgrün” or “20.1”; a name of two words is a person's."""
    words = text.split()
    return not (len(words) == 2 and all(word[0].isupper() and word.isalpha() for word in words))


def _alone(cell: Cell) -> str:
    text = cell.text.strip(" :")
    is_office = LETTERHEAD.fullmatch(text) and not NOT_ALONE.match(text) and not text.endswith((".", ","))
    return _cleaned(text) if is_office and len(text.split()) <= 8 else ""
