"""Text → sentences, word for word; and which of them may not be taken because they name a person."""

import re
from collections.abc import Iterator

# A stop (with quotation marks or a bracket), a gap, and something that a sentence may begin with.
END = re.compile(r"[.!?][\"“”»)]*\s+(?=[\"„»(]*[A-ZÄÖÜ0-9§])")
# After these a stop ends nothing; single letters (z. B.) and numbers (am 3. Mai) are seen to apart.
ABBREVIATIONS = re.compile(
    r"(?:\b(?:abs|art|az|bzw|ca|co|dr|drs|ds|einschl|einwohn|etc|evtl|exkl|ff|gem|geb|ggf|ggü|ing|inkl|insb|inv"
    r"|incl|lfd"
    r"|lt|max|mind|min|mio|mrd|mtl|nr|nrn|phil|pos|prof|rd|s|sog|std|str|stk|tel|tsd|u|usw|v|vgl|vors|zzgl|ziff"
    r"|zz|dipl"
    r"|buchst|fr|hr|jhrl|jährl|nds|a|d|i|e|z|o|p|h|m|b)|\b[A-Za-zÄÖÜäöü])\.$",
    re.IGNORECASE,
)
# A day, or a number of an order: the word behind it is a name of a month or a noun that goes on.
ORDINAL = re.compile(r"(?:^|[\s(–-])\d{1,3}\.$")
MONTHS = r"Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
AFTER_ORDINAL = re.compile(
    rf"(?:{MONTHS}|Quartal|Halbjahr|Jahrhundert|Wahlperiode|Änderung|Sitzung|Nachtrag|Stufe|BA\b|OG\b)"
)
AFTER_ARTICLE = re.compile(
    r"\b(?:der|die|das|des|dem|den|am|zum|zur|vom|im|beim|jede[nrs]?)\s\d{1,2}\.$", re.IGNORECASE
)
NUMBERED = re.compile(r"^(?:\(?(?:[ivx]{1,4}|\d{1,2}|[a-z])[.)]|[•▪●–-])\s+", re.IGNORECASE)

# People are named with one of these before the name, or can be reached by what follows.
PERSON = re.compile(
    r"\b(?:Herrn?|Frau|Hr\.|Fr\.|Dr\.|Prof\.|Dipl\.-?\w*\.?|gez\.|i\. ?A\.)\s*(?=[A-ZÄÖÜ])"
    r"|\b(?:(?:Ober)?[Bb]ürgermeister|Landrat|Landrät|Amtsleiter|Fachbereichsleiter|Dezernent|Beigeordnete[rn]?"
    r"|Stadtrat|Stadträt|Gemeinderat|Gemeinderät|Ratsherr|Ratsfrau|Ratsmitglied|Abgeordnete[rn]?|Kämmerer"
    r"|Vorsitzende[rn]?"
    r"|Fraktionsvorsitzende[rn]?|Sachbearbeiter|Stadtverordnete[rn]?|Kreisrat|Kreisrät)(?:in)?\s+"
    r"(?:[A-ZÄÖÜ]\.\s*)?[A-ZÄÖÜ][a-zäöüß]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?(?=[\s,.;:)]|$)"
)
# Not names although they stand where one would: what a council does, and days.
NO_NAME = re.compile(rf"\s(?:am|vom|{MONTHS}|Stadt|Gemeinde|Sitzung|Beschluss)\b")
REACHED = re.compile(r"@|\b(?:Tel|Telefon|Fax|Durchwahl|Mobil)\b[.:\s]*(?:Nr\.?\s*)?[+(]?\d|\b0\d{2,5}[\s/-]+\d{3,}")


def split(text: str) -> list[str]:
    return list(_split(text))


def _split(text: str) -> Iterator[str]:
    start = 0
    for end in END.finditer(text):
        before = text[start : end.start() + 1]
        if ABBREVIATIONS.search(before) or (ORDINAL.search(before) and _goes_on(before, text[end.end() :])):
            continue
        yield text[start : end.end()].strip()
        start = end.end()
    if rest := text[start:].strip():
        yield rest


def _goes_on(before: str, after: str) -> bool:
    """A number with a stop ends a sentence only where it is no day or order: “im Jahr 20. Die …” is rare."""
    is_counted = AFTER_ORDINAL.match(after) or AFTER_ARTICLE.search(before)
    return bool(is_counted) or ORDINAL.fullmatch(before.strip()) is not None


def without_number(sentence: str) -> str:
    """Without the number or the sign of a list before it."""
    return NUMBERED.sub("", sentence)


def names_person(text: str) -> bool:
    """True if a person is named or can be reached: such a sentence is not taken over."""
    if REACHED.search(text):
        return True
    return any(not NO_NAME.search(found.group()) for found in PERSON.finditer(text))
