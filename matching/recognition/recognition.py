"""Which fields of action and which OZG services a text is about, with reasons a reader can check.

    text → keys it names → nearness of its meaning and its words to the lines of every term → ranked, likely or not

Nothing is set by this: people take what is offered. The figures behind every constant stand in docs/recognition.md.
Must not know requests or forms.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from django.db.models import Q
from django.utils.translation import gettext as _

from projects.models import FieldOfAction, OzgService
from search.models import Synonym
from search.semantic.embeddings import LineMeaning
from search.semantic.encoder import FAST_WEIGHT
from search.semantic.line_table import LineTable, ReadText, Scored
from search.semantic.lines import Line, lines_of_fields, lines_of_services
from search.similar.finding import meaning_of

# What somebody reads beside a form; the ranking goes a little deeper for those who judge it.
FIELDS, SERVICES = 3, 10
# Shorter texts, such as “App”, are near to everything; longer ones have said what they are about.
TEXT_MIN_CHARACTERS, TEXT_MAX_CHARACTERS = 12, 5_000

# What the words count beside the meaning of both models; the fast one alone is compared on its own scale.
WORD_WEIGHT = 0.1
WORD_WEIGHT_FIRST_LOOK = WORD_WEIGHT / FAST_WEIGHT


@dataclass(frozen=True)
class Floor:
    """From where on a term is likely, and how far behind the best one it may lie."""

    least: float
    behind: float


# By what was compared: with both models, with the fast one, with words alone. Most texts are about some field, long
# ones less near to all: the best has to lead the middle one of all by so much, or none is likely. Many texts are about
# no service, and of some hundred a few lead the rest by accident: each has to be so near.
FIELD_LEADS = {"both": Floor(0.034, 0.03), "first": Floor(0.11, 0.1), "words": Floor(0.006, 0.006)}
SERVICE_FLOORS = {"both": Floor(0.74, 0.05), "first": Floor(0.4, 0.15), "words": Floor(0.02, 0.01)}

# A Leistungsschlüssel, in one or in groups; and an OZG-ID where it is said to be one: five digits are a postcode, too.
KEY = re.compile(r"(?<!\d)(?:\d{14}|\d{2} \d{3} \d{3} \d{3} \d{3})(?!\d)")
OZG_ID = re.compile(r"\bOZG(?:[ -]?(?:ID|Nr\.?|Nummer|Leistung|Leistungsnummer))?[ :]*(\d{5})(?!\d)", re.IGNORECASE)
# A term that staff changed is recognised by its new words after so long; looking costs some hundredths of a second.
LOOK_AGAIN_SECONDS = 60.0


@dataclass(frozen=True)
class RecognisedField:
    """A field of action the text is about."""

    name: str
    pk: int
    reason: str
    is_likely: bool  # enough to be offered


@dataclass(frozen=True)
class RecognisedService:
    """An OZG service the text is about."""

    ozg_id: str
    name: str
    pk: int
    reason: str
    is_likely: bool

    @property
    def label(self) -> str:
        """As it stands in a form once it is chosen."""
        return f"{self.name} ({self.ozg_id})"


@dataclass(frozen=True)
class Recognised:
    """What a text is about, best first; also what is not likely, so that a ranking can be judged."""

    fields: tuple[RecognisedField, ...] = ()
    services: tuple[RecognisedService, ...] = ()


def recognise(title: str, text: str, *, is_first_look: bool = False) -> Recognised:
    """What the text is about. The first look asks the fast model alone and takes some milliseconds; without the models
    the words decide. Nothing for a text too short to be about something."""
    title, text = title.strip(), text.strip()
    if not title:
        title, text = text, ""
    whole = f"{title}\n{text}".strip()[:TEXT_MAX_CHARACTERS]
    named = _named(whole)
    if len(whole) < TEXT_MIN_CHARACTERS:
        return Recognised(services=named)
    tables = _tables()
    has_meaning = tables.fields.has_meaning or tables.services.has_meaning
    vector = meaning_of(title, text, is_first_look=is_first_look) if has_meaning else None
    looked = "words" if vector is None else "first" if is_first_look else "both"
    read = ReadText(whole, Synonym.objects.table())
    weight = WORD_WEIGHT_FIRST_LOOK if looked == "first" else WORD_WEIGHT
    fields = tables.fields.nearest(read, vector, weight, len(tables.fields.terms))
    services = tables.services.nearest(read, vector, weight, SERVICES)
    return Recognised(_fields(fields, FIELD_LEADS[looked]), _services(services, SERVICE_FLOORS[looked], named))


def forget() -> None:
    """Read the vocabularies anew with the next text, as after the database was replaced."""
    global _current
    with _reading:
        _current = None


# --- ranked terms become what is offered --------------------------------------------------------------------------


def _fields(ranked: Sequence[Scored], lead: Floor) -> tuple[RecognisedField, ...]:
    """The first of all fields; `ranked` leaves out those that have nothing in common with the text."""
    terms = FieldOfAction.objects.in_bulk()
    middle = ranked[len(terms) // 2].score if len(terms) // 2 < len(ranked) else 0.0
    is_about_some = bool(ranked) and ranked[0].score - middle >= lead.least
    return tuple(
        RecognisedField(
            terms[one.term].name, one.term, _reason(one), is_about_some and ranked[0].score - one.score <= lead.behind
        )
        for one in ranked[:FIELDS]
        if one.term in terms  # some may be gone since the vocabulary was read
    )


def _services(
    ranked: Sequence[Scored], floor: Floor, named: tuple[RecognisedService, ...]
) -> tuple[RecognisedService, ...]:
    """What the text names comes first."""
    known = {service.pk for service in named}
    least = max(floor.least, ranked[0].score - floor.behind) if ranked else 0.0
    terms = OzgService.objects.in_bulk([one.term for one in ranked])
    found = [
        RecognisedService(term.ozg_id, term.name, term.pk, _reason(one), one.score >= least)
        for one in ranked
        if (term := terms.get(one.term)) and one.term not in known
    ]
    return (*named, *found)[: max(SERVICES, len(named))]


def _reason(one: Scored) -> str:
    if one.shared:
        quoted = (_("“%(text)s”") % {"text": word} for word in one.shared)
        return _("because of %(words)s") % {"words": ", ".join(quoted)}
    return _("similar in meaning to “%(line)s”") % {"line": one.nearest}


def _named(text: str) -> tuple[RecognisedService, ...]:
    """The services whose number the text names, or that of one of their keys, in the order of the text."""
    keys = [re.sub(r"\D", "", key) for key in KEY.findall(text)]
    numbers = OZG_ID.findall(text)
    if not keys and not numbers:
        return ()
    found = OzgService.objects.filter(Q(keys__key__in=keys) | Q(ozg_id__in=numbers)).distinct().order_by("ozg_id")
    return tuple(
        RecognisedService(service.ozg_id, service.name, service.pk, _("named"), is_likely=True)
        for service in found[:SERVICES]
    )


# --- the vocabularies in the memory of this process ---------------------------------------------------------------


@dataclass(frozen=True)
class _Tables:
    """Both vocabularies at one moment, and what they were made of."""

    fields: LineTable
    services: LineTable
    lines: tuple[tuple[Line, ...], tuple[Line, ...]]
    vectors: int


_current: tuple[_Tables, float] | None = None  # and when the database is looked at again
_reading = Lock()


def _tables() -> _Tables:
    """Read when the first text needs them; looked at again after a while, and made anew where something changed."""
    global _current  # one for each process, whoever asks
    with _reading:
        now = time.monotonic()
        if _current is None or now >= _current[1]:
            known = _current[0] if _current else None
            _current = _read(known), now + LOOK_AGAIN_SECONDS
        return _current[0]


def _read(known: _Tables | None) -> _Tables:
    lines = (lines_of_fields(), lines_of_services())
    count = LineMeaning.objects.count()
    if known and known.lines == lines and known.vectors == count:
        return known
    vectors = {digest: bytes(vector) for digest, vector in LineMeaning.objects.values_list("digest", "vector")}
    return _Tables(LineTable(lines[0], vectors), LineTable(lines[1], vectors), lines, len(vectors))
