"""Why a project is like a draft: what both have in common, each in a sentence that a reader can check.

Reads pages from the database and compares; must not ask an engine or the model.
"""

import datetime
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Avg
from django.utils.translation import gettext as _

from projects.models import (
    Association,
    BodyPage,
    District,
    FieldOfAction,
    Municipality,
    OzgService,
    ProjectPage,
    Reuse,
    ServiceKey,
)
from projects.models.project import attach_bodies
from projects.models.register import RegisterUnit
from search.similar.finding import Draft, Reason, SimilarHit
from search.text.analysis import words

# People meet and share staff over such a distance.
NEAR_KM = 50
EARTH_RADIUS_KM = 6371
# One common word is no similar sentence.
SENTENCE_WORDS = 2
SENTENCE_LENGTH = 220
# What of a page is compared, and what is shown beside a draft.
COMPARED = ("title", "summary", "problem", "starts_on", "path")
BESIDE = ("url_path", "phase", "openness", "stop_reason", "stop_note")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^a-zäöüß])|\n+")
# With fewer words, a single common one would be a large share.
SHARE_OF_AT_LEAST = 6


class Point(NamedTuple):
    """A place on earth, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Facts:
    """What of a project can be compared with a draft."""

    page: ProjectPage
    service_keys: frozenset[int]
    services: frozenset[int]  # of the OZG, those of its keys included
    fields_of_action: frozenset[int]
    is_reused: bool = False

    @property
    def text(self) -> str:
        return f"{self.page.title}\n{self.page.summary}\n{self.page.problem}"

    @cached_property
    def tokens(self) -> frozenset[str]:
        return tokens_of(self.text)


def tokens_of(text: str) -> frozenset[str]:
    """The words of a text as they are compared."""
    return frozenset(token for word in words(text) for token in word.tokens)


def facts_of(page_ids: Collection[int], draft: Draft) -> dict[int, Facts]:
    """What the draft could have in common with live projects, by page number; at most six queries.

    What the draft says nothing about is not asked for.
    """
    # Without an order, which Django takes long to put together.
    pages = ProjectPage.objects.live().only(*COMPARED, *BESIDE).order_by().in_bulk(list(page_ids))
    with_services = pages if draft.service_keys or draft.services else ()
    keys = _linked("service_keys", "servicekey", with_services)
    services = _linked("ozg_services", "ozgservice", with_services)
    of_keys = services_of_keys({key for linked in keys.values() for key in linked})
    fields_of_action = _linked("fields_of_action", "fieldofaction", pages if draft.fields_of_action else ())
    used = Reuse.objects.in_use().readable().filter(project__in=pages).order_by().values_list("project", flat=True)
    reused = frozenset(used.distinct())
    return {
        number: Facts(
            page,
            frozenset(keys.get(number, ())),
            frozenset(services.get(number, set()) | {of_keys[key] for key in keys.get(number, ()) if key in of_keys}),
            frozenset(fields_of_action.get(number, ())),
            number in reused,
        )
        for number, page in pages.items()
    }


def services_of_keys(keys: Collection[int]) -> dict[int, int]:
    """Number of a Leistungsschlüssel → that of the OZG service it belongs to, where there is one."""
    found = ServiceKey.objects.filter(pk__in=keys).exclude(service=None) if keys else ServiceKey.objects.none()
    return dict(found.values_list("pk", "service_id"))


def _linked(field: str, column: str, page_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    if not page_ids:
        return found
    rows = getattr(ProjectPage, field).through.objects.filter(projectpage__in=list(page_ids))
    for page_id, other in rows.values_list("projectpage_id", f"{column}_id"):
        found.setdefault(page_id, set()).add(other)
    return found


@dataclass(frozen=True)
class Explained:
    """A draft made ready to be compared with many projects."""

    draft: Draft

    def read_draft(self) -> None:
        """Take the draft's words apart now, while something else is being waited for."""
        _read = self.tokens

    @cached_property
    def tokens(self) -> frozenset[str]:
        return tokens_of(self.draft.text)

    @cached_property
    def services(self) -> frozenset[int]:
        return self.draft.services | frozenset(services_of_keys(self.draft.service_keys).values())

    def shared(self, facts: Facts) -> float:
        """The share of the draft's different words that the project uses as well, from 0 to 1."""
        return len(self.tokens & facts.tokens) / max(len(self.tokens), SHARE_OF_AT_LEAST)

    def has_same_service(self, facts: Facts) -> bool:
        return bool(self.draft.service_keys & facts.service_keys or self.services & facts.services)

    def reasons(self, found: Sequence[tuple[SimilarHit, Facts]]) -> list[tuple[Reason, ...]]:
        """The reasons for each project, most telling first."""
        attach_bodies([facts.page for _hit, facts in found])
        names = _Names.of(self, [facts for _hit, facts in found])
        nearby = _Nearby.of(self.draft.body, [facts.page.public_body for _hit, facts in found])
        return [
            (
                *self._services(facts, names),
                *self._texts(hit, facts),
                *self._fields(facts, names),
                *nearby.reasons(facts.page.public_body),
                *self._start(facts),
            )
            for hit, facts in found
        ]

    def _services(self, facts: Facts, names: "_Names") -> list[Reason]:
        if keys := self.draft.service_keys & facts.service_keys:
            text = _("Same service key: %(names)s") % {"names": _listed(names.keys, keys)}
            return [Reason("service", text)]
        if services := self.services & facts.services:
            return [Reason("service", _("Same OZG service: %(names)s") % {"names": _listed(names.services, services)})]
        return []

    def _texts(self, hit: SimilarHit, facts: Facts) -> list[Reason]:
        reasons = []
        if hit.common_words:
            reasons.append(Reason("words", _("Words in common: %(words)s") % {"words": ", ".join(hit.common_words)}))
        if sentence := self._sentence(facts):
            reasons.append(Reason("sentence", _("Similar sentence: “%(sentence)s”") % {"sentence": sentence}))
        elif hit.is_by_meaning and (first := next(iter(_sentences(facts.page.summary)), "")):
            text = _("Means something similar in other words: “%(sentence)s”") % {"sentence": first}
            reasons.append(Reason("meaning", text))
        return reasons

    def _sentence(self, facts: Facts) -> str:
        """That of the project with most of the draft's words; empty if none has enough."""
        sentences = [*_sentences(facts.page.summary), *_sentences(facts.page.problem)]
        counts = [len(self.tokens & tokens_of(sentence)) for sentence in sentences]
        most = max(counts, default=0)
        return sentences[counts.index(most)] if most >= SENTENCE_WORDS else ""

    def _fields(self, facts: Facts, names: "_Names") -> list[Reason]:
        if shared := self.draft.fields_of_action & facts.fields_of_action:
            return [Reason("field", _("Same field of action: %(names)s") % {"names": _listed(names.fields, shared)})]
        return []

    def _start(self, facts: Facts) -> list[Reason]:
        own, other = self.draft.starts_on, facts.page.starts_on
        if own is None or other is None or _quarter(own) != _quarter(other):
            return []
        year, quarter = _quarter(own)
        text = _("Begin in the same quarter: %(quarter)d/%(year)d") % {"quarter": quarter, "year": year}
        return [Reason("start", text)]


class _Names(NamedTuple):
    """What is shared with any of the projects, by number."""

    keys: Mapping[int, str]
    services: Mapping[int, str]
    fields: Mapping[int, str]

    @classmethod
    def of(cls, explained: Explained, found: Iterable[Facts]) -> "_Names":
        facts, draft = list(found), explained.draft
        return cls(
            _named(ServiceKey, draft.service_keys & {key for one in facts for key in one.service_keys}),
            _named(OzgService, explained.services & {service for one in facts for service in one.services}),
            _named(FieldOfAction, draft.fields_of_action & {field for one in facts for field in one.fields_of_action}),
        )


def _named(model: Any, numbers: Collection[int]) -> dict[int, str]:
    return {row.pk: str(row) for row in model.objects.filter(pk__in=numbers)} if numbers else {}


def _listed(names: Mapping[int, str], numbers: Iterable[int]) -> str:
    return ", ".join(sorted(names[number] for number in numbers if number in names))


def _quarter(day: datetime.date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3


def _sentences(text: str) -> list[str]:
    """The sentences of a plain text; a very long one is cut."""
    found = (sentence.strip() for sentence in SENTENCE_END.split(text))
    return [
        sentence if len(sentence) <= SENTENCE_LENGTH else f"{sentence[:SENTENCE_LENGTH].rsplit(' ', 1)[0]} …"
        for sentence in found
        if sentence
    ]


# --- where they lie ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Nearby:
    """The draft's body, and where it and the others lie."""

    body: BodyPage | None
    points: Mapping[RegisterUnit, Point]

    @classmethod
    def of(cls, body: BodyPage | None, others: Sequence[BodyPage]) -> "_Nearby":
        if body is None or body.unit is None:
            return cls(None, {})
        return cls(body, _points([unit for one in (body, *others) if (unit := one.unit)]))

    def reasons(self, other: BodyPage) -> list[Reason]:
        """One if the other body lies in the same Kreis or near; none for the same body."""
        if self.body is None or other == self.body:
            return []
        own_unit, unit = self.body.unit, other.unit
        district = _district(own_unit)
        if district is not None and district == _district(unit):
            return [Reason("place", _("Same Kreis: %(name)s") % {"name": district.titled_name})]
        if own_unit is None or unit is None or own_unit not in self.points or unit not in self.points:
            return []
        kilometres = distance_km(self.points[own_unit], self.points[unit])
        if kilometres > NEAR_KM:
            return []
        text = _("About %(kilometres)d km away: %(name)s") % {"kilometres": max(round(kilometres), 1), "name": other}
        return [Reason("place", text)]


def _district(unit: RegisterUnit | None) -> District | None:
    if isinstance(unit, District):
        return unit
    return unit.district if isinstance(unit, Municipality | Association) else None


def _points(units: Collection[RegisterUnit]) -> dict[RegisterUnit, Point]:
    """The centre of each municipality; of a Kreis or an association, the mean of those of its municipalities."""
    points: dict[RegisterUnit, Point] = {}
    for unit in units:
        if isinstance(unit, Municipality) and unit.lat is not None and unit.lon is not None:
            points[unit] = Point(unit.lat, unit.lon)
    for kind, column in ((District, "district"), (Association, "association")):
        wanted = {unit.pk: unit for unit in units if isinstance(unit, kind)}
        if not wanted:
            continue
        municipalities = Municipality.objects.current().filter(**{f"{column}__in": wanted}).exclude(lat=None)
        means = municipalities.order_by().values(column).annotate(lat=Avg("lat"), lon=Avg("lon"))
        points |= {wanted[row[column]]: Point(row["lat"], row["lon"]) for row in means if row["lon"] is not None}
    return points


def distance_km(first: Point, second: Point) -> float:
    """The way between two places on the surface of the earth, as the crow flies."""
    lat, other_lat = math.radians(first.lat), math.radians(second.lat)
    half_lat, half_lon = (other_lat - lat) / 2, math.radians(second.lon - first.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(chord, 1.0)))
