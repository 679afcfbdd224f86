"""The words council papers are built with: headings of parts, labels of the head, and what is neither.

Collected from the forms of council information systems (ALLRIS, SessionNet, SD.NET, more!rubin) and from papers of
Gemeinden, Kreise and Landtage. A word belongs here if it is a heading in many places; never because one paper has it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

HEADING_MAX_LENGTH, HEADING_MAX_WORDS = 70, 8


class Kind(StrEnum):
    """What a part of a paper, or a line of its head, is about."""

    SUBJECT = "subject"
    OFFICE = "office"
    CONTACT = "contact"
    COURSE = "course"
    PROPOSAL = "proposal"
    REASONS = "reasons"
    COSTS = "costs"
    OTHER = "other"
    END = "end"
    FIELD = "field"


# Parts that are text; before the first of them stands the head.
BODY = {Kind.PROPOSAL, Kind.REASONS, Kind.COSTS, Kind.OTHER, Kind.END}

# Their words hardly end a line by chance.
GREAT = {Kind.PROPOSAL, Kind.REASONS, Kind.COSTS, Kind.SUBJECT, Kind.COURSE}

_OFFICE_WORDS = (
    r"amt|stelle|fachbereich|fachdienst|fachamt|dezernat|abteilung|bereich|referat|organisationseinheit|oe|fb"
)
# The first that fits counts, so what is more special stands before what is general.
_WORDS: tuple[tuple[Kind, str], ...] = (
    (
        Kind.OFFICE,
        rf"federführ\w*(?:\s+(?:{_OFFICE_WORDS})\w*)?|ff\.?\s*(?:{_OFFICE_WORDS})|(?:{_OFFICE_WORDS}|sachgebiet)"
        r"(?:\s*/\s*(?:amt|abteilung|dezernat|fachbereich|fachdienst|sachgebiet|aktenzeichen|az\.?))?"
        rf"|(?:zuständige[rs]?|verantwortliche[rs]?|vorlegende[rs]?|einbringende[rs]?|berichterstattende[rs]?)"
        rf"\s+(?:{_OFFICE_WORDS}|fachabteilung|geschäftsbereich)|geschäftsbereich|dienststelle|vorlagenersteller\w*"
        r"|einreicher(?:in)?|einbringer(?:in)?|eingereicht (?:durch|von)|eingebracht (?:durch|von)"
        r"|vorlage (?:der|des|von)|erstellt (?:durch|von)|zuständigkeit der verwaltung",
    ),
    (
        Kind.CONTACT,
        r"verfasser(?:/in|in|:in|\*in)?|bearbeite(?:r|rin|r/in|t von|t durch)|sachbearbeit\w*|auskunft erteilt"
        r"|auskünfte erteilt|ansprechpartner\w*|verantwortlich\w*|zuständig|berichterstatt\w*|zuständigkeit",
    ),
    (
        Kind.SUBJECT,
        r"betreff|betr\.?|betrifft|gegenstand(?: der (?:vorlage|beratung|beschlussfassung)| des (?:antrags"
        r"|antrages))?"
        r"|titel(?: der (?:vorlage|drucksache)| des (?:antrags|antrages))?|vorlagentitel|bezeichnung(?: der vorlage)?"
        r"|beratungsgegenstand|verhandlungsgegenstand|tagesordnungspunkt|thema|kurztitel|kurzbezeichnung"
        r"|top(?=\s*[\d:])",
    ),
    (
        Kind.COURSE,
        r"beratungsfolge|beratungsgang|beratungsverlauf|beratungsweg|gremienfolge|gremienlauf|beratung in"
        r"|gremi(?:um|en)"
        r"|sitzungsvorlage für(?: den| die| das)?|vorlage für(?: den| die| das)?|beschlussorgan"
        r"|zur (?:beratung|beschlussfassung|kenntnisnahme) (?:in|an)(?: den| die| das)?",
    ),
    (
        Kind.PROPOSAL,
        r"beschlu(?:ss|ß)(?:vorschlag|entwurf|empfehlung|antrag|text|tenor|formulierung)|beschlussvorschläge"
        r"|empfehlungsbeschluss|antragstext|antragsformel|kenntnisnahmevorschlag|verwaltungsvorschlag"
        r"|vorschlag der verwaltung|petitum|entscheidungsvorschlag|empfohlener beschluss|wir beantragen|ich beantrage"
        r"|antrag(?= *:)|beschluss(?= *:)|anfrage(?= *:)|unsere fragen|fragen|mitteilung(?= *:)|kenntnisnahme(?= *:)",
    ),
    (
        Kind.COSTS,
        r"(?:finanziell\w*|haushalts\w*|finanz\w*|wirtschaftlich\w*|fiskalisch\w*)(?:\s+(?:und|sowie|/)\s+\w+)?"
        r"\s+(?:auswirkung|folge|belang|darstellung|betrachtung|angaben)\w*"
        r"|auswirkung(?:en)? auf (?:den haushalt|die finanzen)|haushaltsauswirkung\w*|finanzauswirkung\w*"
        r"|(?:gesamt|investitions|projekt|anschaffungs|voraussichtliche )?kosten(?:schätzung|rahmen|darstellung)?"
        r"|finanzierung(?:s\w+)?|finanzbedarf|finanzen|haushalt|haushaltsmittel|haushaltsrechtliches"
        r"|deckungsvorschlag"
        r"|mittelbedarf|mittelbereitstellung|budget|veranschlagung|aufwand|kostenübersicht",
    ),
    (
        Kind.REASONS,
        r"(?:\w+\s+)?sachverhalt(?:sdarstellung|sschilderung)?|sach(?:darstellung|stand|lage|bericht)"
        r"|sach-? ?und rechtslage|begründung|erläuterung(?:en)?|anlass|ausgangslage|ausgangssituation"
        r"|problem(?:stellung|lage|beschreibung|darstellung|aufriss)?|handlungsbedarf|ist-?(?:zustand|stand"
        r"|situation|analyse)"
        r"|derzeitige situation|aktuelle situation|gegenwärtiger zustand|hintergrund|vorbemerkung(?:en)?|vorgang"
        r"|darstellung des sachverhalts|bestand|notwendigkeit|(?:sach)?vortrag|inhalt(?: der mitteilung)?"
        r"|mitteilungstext|zum sachverhalt|bericht",
    ),
    (
        Kind.END,
        r"anlagen?(?:verzeichnis)?(?: \d+)?|mit freundlichen? gr(?:ü|ue)(?:ß|ss)en?|hochachtungsvoll|unterschrift\w*"
        r"|abstimmungsergebnis|beratungsergebnis|niederschrift|beschlussausfertigung|protokoll\w*",
    ),
    (
        Kind.OTHER,
        r"recht(?:liche|s)\w*(?:\s+\w+)?|gesetzliche\s+\w+|klima\w*|auswirkung\w*|beteiligung\w*|alternative\w*"
        r"|zeit\w*"
        r"|zeitplan|personelle\s+\w+|weitere[sr]?\s+(?:verfahren|vorgehen|ablauf|schritte)|bisherige\s+\w+"
        r"|vorberatungen"
        r"|stellungnahme\w*|gleichstellung\w*|inklusion\w*|nachhaltigkeit\w*|demogra\w*|barrierefreiheit"
        r"|datenschutz\w*"
        r"|umsetzung\w*|lösung\w*|ziele?|zielsetzung|maßnahmen?|konzept|ergebnis|fazit|ausblick|vergabe\w*|vorgehen"
        r"|vorgesehenes? \w+|prüfung\w*|hinweise?|bewertung|nutzen|folgekosten|strategische\s+\w+|umwelt\w*",
    ),
    (
        Kind.FIELD,
        r"vorlagen?-?\s*(?:nr|nummer)\.?|drucksachen?(?:-?\s*(?:nr|nummer)\.?)?|ds-?\s*nr\.?|nr\.|nummer|datum"
        r"|aktenzeichen|az\.?|geschäftszeichen|status|öffentlichkeitsstatus|art der vorlage|vorlagenart|typ"
        r"|beteiligt\w*"
        r"|mitzeichnung\w*|eingang|sitzung(?:sdatum|stermin|stag| am)?|termin|wahlperiode"
        r"|telefon|tel\.?|fax|telefax|e-?mail|zimmer|raum|ort|verteiler|sitzungsart|behandlung|beratungsart|kennung"
        r"|handzeichen|beteiligungsvermerke|mitwirkung|erstellt am|bezug|bezugnehmend",
    ),
)
_NUMBER = r"(?:(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})?|[A-Za-z])[.)]\s*|[•▪–-]\s+)?"
_LABELS = [
    (kind, re.compile(rf"{_NUMBER}(?P<label>(?:{words})(?!\w))(?P<more>[^:]{{0,50}})?", re.IGNORECASE))
    for kind, words in _WORDS
]
# A heading nobody foresaw: nouns and what stands between them, nothing that could be a verb.
_FORESEEN_BY_NONE = re.compile(
    rf"{_NUMBER}[A-ZÄÖÜ][\w/-]*(?:,?\s+(?:und|oder|der|des|die|das|den|dem|für|auf|zu|zum|zur|im|in|von|vom|am|an"
    rf"|mit|bei"
    r"|&|/|–|[A-ZÄÖÜ][\w/-]*)){0,7}\s*:"
)
# Between a label and its colon nothing ends.
_ENDS = re.compile(r"[.!?;](?:\s|$)")
_DIGITS_OR_MONEY = re.compile(r"\d|€|EUR")


@dataclass(frozen=True)
class Label:
    """A heading or a label as it is printed, and what stands behind it."""

    kind: Kind
    printed: str
    rest: str


def label_of(text: str, *, is_apart: bool = True) -> Label | None:
    """The heading or label that a line or cell begins with.

    Without a colon it has to be all there is, and but for the great headings at the beginning of a paragraph
    (`is_apart`): “Raum” or “Klimaschutz” may be the end of a title as well.
    """
    text = text.strip()
    for kind, pattern in _LABELS:
        if (found := pattern.match(text)) and (label := _accepted(kind, found, text, is_apart)):
            return label
    if len(text) <= HEADING_MAX_LENGTH and is_apart and _FORESEEN_BY_NONE.fullmatch(text):
        return Label(Kind.OTHER, text.rstrip(": "), "")
    return None


def _accepted(kind: Kind, found: re.Match[str], text: str, is_apart: bool) -> Label | None:
    end, more = found.end("label"), (found["more"] or "").strip()
    if text[end : end + 1] in ("-", "/") and not more.startswith("/"):
        return None
    colon = text.find(":", end)
    if colon >= 0 and colon - end <= 50 and not _ENDS.search(text[end:colon]) and _is_short(text[end:colon]):
        return Label(kind, _tidy(text[:colon]), text[colon + 1 :].strip())
    if colon >= 0 and not text.endswith(":"):
        return None
    is_alone = (not more and (is_apart or kind in GREAT)) or (
        is_apart
        and len(text) <= HEADING_MAX_LENGTH
        and text[-1] not in ".,;"
        and not _DIGITS_OR_MONEY.search(more)
        and _is_short(text)
        and kind in BODY
        and _reads_as_heading(more)
    )
    return Label(kind, _tidy(text), "") if is_alone else None


def _is_short(text: str) -> bool:
    return len(text.split()) <= HEADING_MAX_WORDS


def _reads_as_heading(more: str) -> bool:
    """“und Rechtslage”, “/ Begründung”, “des Antrags”: no verb."""
    return _FORESEEN_BY_NONE.fullmatch(f"X {more.lstrip('/ ').strip()}:") is not None


def _tidy(text: str) -> str:
    return re.sub(rf"^{_NUMBER}", "", " ".join(text.split())).strip(" :")
