"""Hits: what an engine found, joined with the database, as the page shows it.

Titles, addresses, tag names and places are the database's of this moment; a hit whose page is no longer readable is
dropped. From the index comes only the text of the excerpt.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from search.engines import Audience, EngineHit
from search.kinds.base import Kind, age_of
from search.kinds.facet import Facet
from search.kinds.registry import kinds
from search.query.parameters import ParsedRequest, SearchParameters
from search.results.found import Found, address_of, load
from search.results.highlights import Marker


@dataclass(frozen=True)
class Hit:
    """One result as the page shows it."""

    key: str
    kind: str
    page_id: int
    score: float
    title: str
    marked_title: SafeString
    excerpt: SafeString
    url: str
    kind_name: str
    date: datetime.datetime | None
    is_example: bool
    kind_language: str = ""  # of the kind's name, where staff gave it
    place: str = ""
    project: str = ""  # title of the project an artefact belongs to
    phase: str = ""
    phase_name: str = ""
    is_seeking_partners: bool = False
    is_members_only: bool = False
    licence: str = ""
    age: str = ""  # how long nobody has confirmed the page, once it is to be confirmed
    tags: Sequence[Any] = ()  # each with name and slug
    template: str = ""
    thing: Any = None  # the page, or the part of one, for the template of its kind


@dataclass(frozen=True)
class Option:
    """One value of a facet with its live count."""

    value: str
    label: str
    count: int
    is_selected: bool

    @property
    def results(self) -> str:
        """The count in words."""
        return ngettext("%(counter)s result", "%(counter)s results", self.count) % {"counter": localize(self.count)}


@dataclass(frozen=True)
class FacetView:
    """A facet with the values that can be chosen now."""

    facet: Facet
    options: tuple[Option, ...]

    @property
    def name(self) -> str:
        return self.facet.name

    @property
    def selected(self) -> int:
        return sum(option.is_selected for option in self.options)

    @property
    def is_open(self) -> bool:
        """The others open with a click, or when something in them is chosen."""
        return self.facet.is_unfolded or self.selected > 0


@dataclass(frozen=True)
class Chip:
    """An active filter and the address of the same search without it."""

    title: str
    label: str
    url: str
    language: str = ""


def join(
    hits: Sequence[EngineHit],
    tokens: Collection[str],
    request: HttpRequest | None = None,
    audience: Audience = "public",
) -> list[Hit]:
    """The hits with what the database says about them, in the engine's order; `request` makes addresses relative."""
    found, marker, address = load(hits, audience), Marker(tokens), address_of(request)
    described = ((hit, kinds.of(hit.key), found.things[hit.key]) for hit in hits if hit.key in found.things)
    return [_hit(hit, kind, found, marker, kind.url(thing, address)) for hit, kind, thing in described if kind]


def _hit(hit: EngineHit, kind: Kind, found: Found, marker: Marker, url: str) -> Hit:
    thing, page = found.things[hit.key], found.pages[hit.page_id]
    of_kind = {"kind_name": str(kind.name), **kind.shown(thing)}
    return Hit(
        key=hit.key,
        kind=kind.key,
        page_id=hit.page_id,
        score=hit.score,
        title=thing.title,
        marked_title=marker.highlight(thing.title),
        excerpt=marker.excerpt(hit.content),
        url=url,
        date=page.first_published_at,
        is_example=getattr(page, "is_example", False),
        is_members_only=hit.page_id in found.members_only,
        age=age_of(page),
        template=kind.template,
        thing=thing,
        **of_kind,
    )


# --- facets -----------------------------------------------------------------------------------------------------------


def facet_views(parsed: ParsedRequest, counts: Mapping[str, Mapping[str, int]]) -> list[FacetView]:
    """Every facet that offers a choice: values with hits, and chosen ones even without."""
    views = (_facet_view(facet, parsed, counts.get(facet.name, {})) for facet in kinds.facets)
    return [view for view in views if view.options]


def _facet_view(facet: Facet, parsed: ParsedRequest, counts: Mapping[str, int]) -> FacetView:
    chosen = parsed.parameters.filters.get(facet.name, ())
    names: Mapping[str, str] = parsed.names[facet.name]
    if facet.is_open_vocabulary:
        found = facet.names({*counts, *chosen})
        names = dict(sorted(found.items(), key=lambda item: (-counts.get(item[0], 0), item[1].lower())))
    return FacetView(
        facet,
        tuple(
            Option(value, label, counts.get(value, 0), value in chosen)
            for value, label in names.items()
            if counts.get(value) or value in chosen
        ),
    )


def chips(parsed: ParsedRequest) -> list[Chip]:
    """The active filters, each with the way to remove it."""
    parameters: SearchParameters = parsed.parameters
    return [
        Chip(
            str(facet.title),
            parsed.names[facet.name][value],
            parameters.without(facet.name, value).query_string(),
            facet.language,
        )
        for facet in kinds.facets
        for value in parameters.filters.get(facet.name, ())
    ]
