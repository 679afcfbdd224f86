"""What the undertaking costs once, or in all for its term, in euros as printed: never added up, never estimated."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from matching.papers.labels import Kind
from matching.papers.lines import Line, join
from matching.papers.parts import Part, Parts
from matching.papers.quotation import Quotation
from matching.papers.sentences import split

_NUMBER = r"\d{1,3}(?:[.\s\u00a0\u202f]\d{3})+(?:,(?:\d{1,2}|-{1,2}|–))?|\d+(?:,(?:\d{1,2}|-{1,2}|–))?(?:\.\d{3})*"
_SCALE = r"Mio\.?|Mill\.?|Million(?:en)?|Mrd\.?|Tsd\.?|Tausend|T"
_CURRENCY = r"€|EUR\b|Euro\b"
_AMOUNT = rf"(?P<n1>{_NUMBER})\s*(?P<s1>{_SCALE})?\s*-?(?:{_CURRENCY})"
# One amount, or two that are the ends of a range; the first of a range may lack its unit.
MONEY = re.compile(
    rf"(?:(?P<low>{_NUMBER})\s*(?P<lows>{_SCALE})?\s*(?:{_CURRENCY})?\s*(?:bis(?:\s+zu)?|und|[-–])\s*)?"
    rf"{_AMOUNT}|(?:{_CURRENCY})\s*(?P<n2>{_NUMBER})(?!\s*(?:{_CURRENCY}))",
)
BETWEEN = re.compile(r"\b(?:zwischen|von|ca\.|rd\.|rund|etwa|auf|bei|:)?\s*$", re.IGNORECASE)
SCALES = {"mio": 1_000_000, "mil": 1_000_000, "mrd": 1_000_000_000, "tsd": 1_000, "tau": 1_000, "t": 1_000}
# A city's whole budget; beyond it something was read wrongly.
LARGEST = 2_000_000_000

# Each year, or every month: what comes again.
YEARLY = re.compile(
    r"jährlich|im jahr\b(?!\s*(?:19|20)\d\d)|p\.\s?a\.|/\s?(?:jahr|monat)|monatlich|(?:je|pro) (?!nach)\w+"
    r"|laufende\w* (?!haushaltsjahr|jahr)|folgekosten|betriebskosten|unterhaltung\w*|unterhaltskosten|pflegekosten"
    r"|wartungs(?:kosten|vertrag|gebühr|pauschale)\w*|jahreskosten|jahresbetrag|grundgebühr",
    re.IGNORECASE,
)
# Of others, or back again.
GRANTS = re.compile(
    r"förder|zuschu(?:ss|ß)(?!bedarf)|zuschüsse|zuwendung|konnexität|eigenanteil|eigenmittel|einspar|minderau"
    r"|einnahme"
    r"|erträge?\b|ertrag\b|erlös|zuweisung|spende|erstattung|beteilig\w* sich|anteil\b|entlast|refinanz|gebühr",
    re.IGNORECASE,
)
# Of something else: a limit, an earlier figure, another place.
ELSEWHERE = re.compile(
    r"schwellenwert|oberhalb|unterhalb|wertgrenze|überholt|seinerzeit|andere\w* (?:kommune|städte|stadt|gemeinde)"
    r"|nachbar|vergleich|zum beispiel|z\. ?b\.|etwa in|haushaltsvolumen|komfortzuschlag|zuschlag von|bagatell"
    r"|vorjahr|in (?:den|der) (?:vergangenen|letzten)|strafe|bußgeld",
    re.IGNORECASE,
)
PART_OF = re.compile(
    r"davon|darunter|hiervon|hierin|darin enthalten|entfallen|je (?:standort|gerät|halle)", re.IGNORECASE
)
AVAILABLE = re.compile(
    r"zur verfügung|stehen .*bereit|stehen|ansatz|eingestellt|veranschlagt|haushaltsmittel|restmittel"
    r"|ermächtigung|deckung"
    r"|mittel (?:in höhe )?von",
    re.IGNORECASE,
)
TOTAL = re.compile(
    r"insgesamt|gesamtkosten|gesamtaufwand|gesamtausgabe|gesamtauszahlung|gesamtsumme|gesamtbetrag|gesamtinvestition"
    r"|gesamtvolumen|gesamt\b|summe|laufzeit|zusammen\b|gesamtbedarf|projektkosten|kosten der maßnahme",
    re.IGNORECASE,
)
ONCE = re.compile(
    r"einmalig|investition|anschaffung|nachrüst|lieferung|montage|beschaffung|einführungskosten|auftragssumme|angebotssumme|angebotspreis"
    r"|auftragswert"
    r"|auszahlung|erstellung|herstellung|auftrag|angebot|kaufpreis|baukosten|projekt|zuschussbedarf",
    re.IGNORECASE,
)
COST = re.compile(
    r"kosten|kostet|aufwendung|aufwand|ausgabe|auszahlung|bedarf|finanz|betragen|belaufen|beläuft|höhe von|preis",
    re.IGNORECASE,
)
# Where a paper has no part about money, only a sentence that speaks of what it costs counts.
SAYS_COST = re.compile(
    r"kosten|kostet|kostet|aufwendung|aufwand|auszahlung|angebotssumme|auftragssumme|angebotspreis|kaufpreis|investition"
    r"|auftragswert|zum preis|in höhe von|anschaffung|beschaffung|nachrüst",
    re.IGNORECASE,
)
LISTED = re.compile(
    rf"(?:{_CURRENCY})\s*(?:\(?(?:brutto|netto|einmalig|jährlich|p\. ?a\.|pro Jahr|im Jahr)[).]?)?$", re.IGNORECASE
)
CLAUSE = re.compile(
    r"[;,]\s+(?=[a-zäöüA-ZÄÖÜ])|\s(?=(?:sowie|zuzüglich|zzgl\.|davon|darunter|hiervon)\s)|\s\(|(?<=\))\s|\s–\s"
)
# What is ticked above the text of a form: “☒ Ja ☐ Nein”.
TICKED = re.compile(r"(?:ja|nein|x|[^\w€])+", re.IGNORECASE)
LEAST = 1
# No entry about costs is longer; each amount is weighed against all words around it.
ENTRY_MAX_LENGTH = 5_000
# A paper that names more has them in a table that is not about what is decided.
AMOUNTS_MAX = 200


@dataclass(frozen=True)
class Amount:
    low: int
    high: int
    score: int
    sentence: str
    heading: str
    page: int | None


def find_costs(parts: Parts) -> Quotation | None:
    """(low, high) in whole euros; None if no amount is what the undertaking costs."""
    about_money = (each for part in parts.of(Kind.COSTS) for each in _amounts(part, is_about_money=True))
    found = list(islice(about_money, AMOUNTS_MAX))
    if not any(amount.score >= LEAST for amount in found):
        texts = parts.of(Kind.PROPOSAL, Kind.REASONS)
        elsewhere = (each for part in texts for each in _amounts(part, is_about_money=False))
        found = list(islice(elsewhere, AMOUNTS_MAX))
    # The first of the best: papers say what matters before they take it apart.
    best = max(found, key=lambda amount: amount.score, default=None)
    if best is None or best.score < LEAST:
        return None
    return Quotation((best.low, best.high), best.sentence, best.heading, best.page)


def _amounts(part: Part, *, is_about_money: bool) -> Iterator[Amount]:
    for text, page in _entries(part):
        if len(text) > ENTRY_MAX_LENGTH:
            continue
        for sentence in split(f"{part.heading}: {text}" if _is_label(part.heading, text) else text):
            if not is_about_money and not SAYS_COST.search(sentence):
                continue
            yield from _in_sentence(sentence, part.heading, page, 2 if is_about_money else 0)


def _entries(part: Part) -> Iterator[tuple[str, int | None]]:
    """Paragraphs, and what is listed within one: a line that ends with an amount, before one that begins anew."""
    for paragraph in part.paragraphs:
        entry: list[Line] = []
        for line in paragraph:
            if not entry and TICKED.fullmatch(line.text):
                continue
            if entry and LISTED.search(entry[-1].text) and line.text[0].isupper():
                yield join(each.text for each in entry), entry[0].page
                entry = []
            entry.append(line)
        if not entry:
            continue
        yield join(each.text for each in entry), entry[0].page


def _is_label(heading: str, text: str) -> bool:
    """“Investitionskosten: 58.000 €”: the heading says what the amount is."""
    return bool(MONEY.match(text)) and heading != ""


def _in_sentence(sentence: str, heading: str, page: int | None, bonus: int) -> Iterator[Amount]:
    for found in MONEY.finditer(sentence):
        high = _euros(found["n1"] or found["n2"], found["s1"] or "")
        low = _euros(found["low"], found["lows"] or found["s1"] or "") if found["low"] else high
        if not (low and high and 0 < low <= high <= LARGEST):
            low = high
        if not high or high > LARGEST:
            continue
        score = bonus + _score(sentence, found.start(), found.end())
        yield Amount(low or high, high, score, sentence, heading, page)


def _score(sentence: str, start: int, end: int) -> int:
    """How much the clause around an amount speaks for what the undertaking costs once."""
    begin, finish = _clause(sentence, start, end)
    clause, behind = sentence[begin:finish], sentence[end : end + 12]
    whole = sentence[: sentence.find(";")] if ";" in sentence and sentence.find(";") > end else sentence
    score = 3 * bool(TOTAL.search(clause)) + 2 * bool(ONCE.search(clause)) + bool(COST.search(clause))
    score += 2 * bool(re.match(r"\s*\(?\s*brutto", behind, re.I)) - 2 * bool(re.match(r"\s*\(?\s*netto", behind, re.I))
    score -= 8 * bool(YEARLY.search(clause)) + 8 * bool(GRANTS.search(clause)) + 4 * bool(PART_OF.search(clause))
    score -= 8 * bool(ELSEWHERE.search(whole)) + 2 * bool(AVAILABLE.search(clause))
    if sentence[:start].count("(") > sentence[:start].count(")") and not re.match(r"\s*brutto", behind, re.I):
        score -= 3
    return score


def _clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """From the comma or bracket before the amount to that behind it."""
    begin = max((cut.end() for cut in CLAUSE.finditer(sentence, 0, start)), default=0)
    after = CLAUSE.search(sentence, end)
    return begin, after.start() if after else len(sentence)


def _euros(number: str | None, scale: str) -> int | None:
    """The number as it is written in German, in whole euros."""
    if not number:
        return None
    whole, _, cents = re.sub(r"[\s\u00a0\u202f]", "", number).partition(",")
    digits = whole.replace(".", "")
    if len(digits) > 12:
        return None
    factor = SCALES.get(scale.lower().rstrip(".")[:3], 1) if scale else 1
    fraction = int(cents) / 10 ** len(cents) if cents.isdigit() else 0.0
    return round((int(digits) + fraction) * factor)
