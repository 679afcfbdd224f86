"""Which sentences say what is wrong today, word for word; and which one says what shall be decided."""

import re
from collections.abc import Iterator

from matching.papers.labels import Kind
from matching.papers.parts import Part, Parts, sentences_of
from matching.papers.quotation import Quotation
from matching.papers.sentences import names_person, split, without_number

MOST, SHORTEST, LONGEST = 3, 25, 500
# What is so today, or not so.
TODAY = re.compile(
    r"\b(?:derzeit|bislang|bisher|bisherige\w*|zurzeit|zur zeit|gegenwärtig|aktuell|heute|noch immer|nach wie vor"
    r"|immer wieder"
    r"|zunehmend|weiterhin|mittlerweile|seit jahren|häufig|regelmäßig|oftmals|oft|vielfach|teilweise|mehrfach"
    r"|wiederholt)\b",
    re.IGNORECASE,
)
LACK = re.compile(
    r"\b(?:fehl(?:t|en|te|ende\w*)|kein\w*|nicht|kaum|lediglich|nur|ohne|weder|selten|zu (?:lang|spät|wenig|hoch"
    r"|groß|klein)\w*"
    r"|mangel\w*|mangelnd\w*|unzureichend\w*|ungenügend\w*|unmöglich|unklar\w*|ungeklärt|jeder? für sich"
    r"|gesondert)\b",
    re.IGNORECASE,
)
TROUBLE = re.compile(
    r"wartezeit|andrang|beschwerd|unmut|aufw(?:e|ä)ndig|zeitintensiv|mühsam|umständlich|schwierig|problem|defizit"
    r"|engpass"
    r"|überlast|belast|überforder|veralt|überaltert|abgängig|marode|schadhaft|defekt|störanfällig|ausfäll|ausgefallen"
    r"|unübersichtlich|fehleranfällig|fehler|medienbr|doppel|mehrfacherfass|händisch|manuell|handschriftlich|papier"
    r"|vordruck|formular|telefonisch|zettel|excel|verzöger|rückstand|rückstän|verlust|verloren|verfehlt|gefähr|risik"
    r"|unfall|unfäll|schäden|durchnäss|überflut|hitze|lücke|missstand|unbefriedig|unsicher|barriere"
    r"|ausgeschlossen|erschwer"
    r"|verstreut|verschieden\w* stellen|unterschiedlich|uneinheitlich|unabhängig davon|vergeblich|umsonst"
    r"|gebunden|bindet|knapp|ungenutzt|nacheinander"
    r"|unvollständig|entgangen|mahngebühr|abgewiesen|weitergereicht|verdoppelt|verdreifacht|dauer(?:t|n)\b|unbekannt|vergriffen|ausgebucht"
    r"|personalmangel|fachkräftemangel|kostendeckungsgrad|leer\w*|leerstand|nimmt .* in anspruch|\b(?:minuten"
    r"|stunden|wochen|monate)\b"
    r"|überschritt|steig|gestiegen|sink|rückläufig|rückgang|nachteil|nachholbedarf|handlungsbedarf|bedarf besteht"
    r"|stau|lärm|abgas|müll|vermüll|vandal|kritik|kritisiert|beklag|bemängel|unbesetzt|überfüll|insekten|blockier",
    re.IGNORECASE,
)
# From here on a paper speaks of what it wants to do about it.
TURN = re.compile(
    r"\b(?:vorgesehen ist|ist vorgesehen|vorgeschlagen|schlägt|schlagen wir|sollen?|das neue|die neue|der neue"
    r"|künftig"
    r"|zukünftig|lösung|abhilfe|anderen (?:kommunen|städten|gemeinden)|konzept sieht|ermöglich\w*)\b",
    re.IGNORECASE,
)
# What is planned, settled, or said about the paper itself.
PLANNED = re.compile(
    r"\b(?:soll|sollen|sollte|sollten|künftig|zukünftig|vorgesehen|geplant|wird (?:daher )?vorgeschlagen|schlägt"
    r"|empfiehlt"
    r"|ermöglich\w*|verbesser\w*|entlaste\w*|vereinfach\w*|können (?:dann|künftig|so)|ist zu rechnen|ziel (?:ist"
    r"|der|des)|dient|dienen)\b",
    re.IGNORECASE,
)
FORMAL = re.compile(
    r"§|\bAbs\.|\bgem(?:äß|\.)|\bAntrag vom|\bVorlage\b|\bBeschluss|beschlossen|in der Sitzung|\bSitzung (?:des"
    r"|am|vom)\b|verwiesen|Ausschreibung|vergabe"
    r"|Förder|Bewilligung|beteiligt|befürwortet|Einvernehmen|Gremien|Drucksache|wird gebeten|beauftragt|Richtlinie"
    r"|Satzung vom|Verordnung|Angebote? ein|Erfahrungen? in\b|Vorbild|Niederschrift|Haushaltsplan|Mittel\b",
)
# No trouble although something is not so.
SETTLED = re.compile(
    r"nicht (?:erforderlich|notwendig|nötig|vorgesehen|verpflichtet|berührt)|keine (?:pflicht|bedenken"
    r"|auswirkungen|registr)"
    r"|unberührt|kann weiterhin|können weiterhin|besteht .*nicht\b|nicht zu erwarten|nicht verändert|kein (?:mehr"
    r"|risiko)",
    re.IGNORECASE,
)
# Motions argue: whoever pleads says “wir”.
ASKED = re.compile(
    r"beantrag|möge|wolle (?:beschließen|der)|beschließ|beschliess|wird beauftragt|wird gebeten|wird ermächtigt"
    r"|stimmt|nimmt"
    r"|zur kenntnis|erteilt|wird vergeben|fordert|bittet|spricht sich|ermächtigt|beauftragt|bitten wir|bitte ich"
    r"|fragen wir",
    re.IGNORECASE,
)
# “Der Rat beschließt:”, “… möge beschließen:”, “Wir beantragen:” lead to what is decided.
LEADS = re.compile(
    r"^[^:.]{0,160}?(?:beschließ\w*|beschliess\w*|beschluss|beantrag\w*|empfiehlt|empfehlen|fassen|bitten wir"
    r"|fordert\w*|auf)"
    r"[^:.]{0,80}:\s*(?=\S)",
    re.IGNORECASE,
)
BETTER_HEADING = re.compile(
    r"problem|ausgangs|anlass|ist-?|situation|handlungsbedarf|hintergrund|bestand", re.IGNORECASE
)
LEAST, CLEAR, AFTER_TURN = 0, 3, 2


Scored = tuple[int, Quotation]


def find_problem(parts: Parts) -> list[Quotation]:
    """At most three sentences that follow one another; empty if none says what is wrong."""
    passages = [passage for part in parts.of(Kind.REASONS) for passage in _passages(part)]
    windows = [
        passage[start : start + length]
        for length in range(1, MOST + 1)
        for passage in passages
        for start in range(len(passage) - length + 1)
    ]
    # The first of the best, and of these the shortest: a sentence that says nothing is not taken along.
    best = max(windows, key=lambda window: sum(score for score, _quotation in window), default=[])
    return [quotation for _score, quotation in best] if sum(score for score, _ in best) >= LEAST else []


def _passages(part: Part) -> Iterator[list[Scored]]:
    """Sentences that may be taken, those together between which none has to be left out."""
    passage: list[Scored] = []
    is_past_turn = False
    for text, page in sentences_of(part):
        sentences = [without_number(sentence) for sentence in split(text)]
        is_about_trouble = not is_past_turn and any(_score(sentence, part) >= CLEAR for sentence in sentences)
        for sentence in sentences:
            is_past_turn = is_past_turn or TURN.search(sentence) is not None
            if _may_be_taken(sentence, is_letter=not part.heading):
                score = _score(sentence, part) - AFTER_TURN * is_past_turn
                # What stands between sentences about a trouble belongs to it.
                score += score == 0 and is_about_trouble
                passage.append((score, Quotation(sentence, sentence, part.heading, page)))
            elif passage:
                yield passage
                passage = []
    if passage:
        yield passage


def _may_be_taken(sentence: str, *, is_letter: bool) -> bool:
    """A whole sentence that names nobody; behind the salutation of a letter it begins with a small one."""
    is_whole = sentence[-1] in ".!?" and (sentence[0].isupper() or is_letter)
    return is_whole and SHORTEST <= len(sentence) <= LONGEST and not names_person(sentence) and ":" not in sentence[-3:]


def _score(sentence: str, part: Part) -> int:
    troubles = len({found.group().lower() for found in TROUBLE.finditer(sentence)})
    score = 2 * min(troubles, 3) + 2 * bool(LACK.search(sentence)) + bool(TODAY.search(sentence))
    score -= 3 * bool(PLANNED.search(sentence)) + 3 * bool(FORMAL.search(sentence))
    score -= 3 * bool(SETTLED.search(sentence))
    return score + bool(BETTER_HEADING.search(part.heading))


def find_proposal(parts: Parts) -> Quotation | None:
    """The first sentence of what shall be decided, without what leads to it."""
    for part in parts.of(Kind.PROPOSAL):
        for text, page in sentences_of(part):
            if proposal := _first(text):
                return Quotation(proposal, proposal, part.heading, page)
    for part in parts.of(Kind.REASONS):
        for text, page in sentences_of(part):
            for sentence in split(text):
                if ASKED.search(sentence) and (proposal := _first(sentence)):
                    return Quotation(proposal, proposal, part.heading, page)
    return None


def _first(text: str) -> str:
    text = without_number(text)
    while (shorter := without_number(LEADS.sub("", text))) != text:
        text = shorter
    sentence = next(iter(split(text)), "")
    is_led_to = text.endswith(":") or not any(sign.islower() for sign in sentence)
    return "" if is_led_to or len(sentence) < SHORTEST or names_person(sentence) else sentence
