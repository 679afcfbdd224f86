"""Step 6 of the flow: what an engine found, joined with the database, as the page shows it.

Titles, addresses, tag names and places are the database's of this moment; a hit whose page is no longer readable is
dropped. From the index comes only the text of the excerpt.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from projects.models import FreshnessState, Openness, Phase
from projects.models.freshness import age_in_words
from search.engines import Audience, EngineHit
from search.facets import CONTENT_LANGUAGE, FACETS, KIND_NAMES_OF_ONE, TAG_FACET, Facet
from search.forms import ParsedRequest, SearchParameters
from search.found import Found, PageRow, ProjectRow, kind_of, load, uuid_of
from search.highlights import Marker
from search.rows import Term

# Facets a visitor sees opened at first; the others open with a click, or when something in them is chosen.
OPEN_FACETS = frozenset({"typ", "handlungsfeld", "phase", "partner"})
PHASE_NAMES = dict(Phase.choices)


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
    tags: Sequence[Term] = ()


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
        return self.name in OPEN_FACETS or self.selected > 0


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
    """The hits with what the database says about them, in the engine's order."""
    return described(hits, load(hits, request, audience=audience), tokens) if hits else []


def described(hits: Sequence[EngineHit], found: Found, tokens: Collection[str]) -> list[Hit]:
    """The same with what was read already."""
    marker = Marker(tokens)
    shown = ((hit, DESCRIBED[kind_of(hit.key)](hit, found)) for hit in hits if kind_of(hit.key) in DESCRIBED)
    return [
        Hit(
            key=hit.key,
            kind=kind_of(hit.key),
            page_id=hit.page_id,
            score=hit.score,
            marked_title=marker.highlight(fields["title"]),
            excerpt=marker.excerpt(hit.content),
            is_members_only=hit.page_id in found.members_only,
            **fields,
        )
        for hit, fields in shown
        if fields
    ]


# --- describing -------------------------------------------------------------------------------------------------------

# Fields of a Hit; nothing where the page is no longer readable.
Fields = dict[str, Any]


def _project(hit: EngineHit, found: Found) -> Fields:
    row = found.projects.get(hit.page_id)
    if row is None:
        return {}
    return {
        **_of_page(row.page),
        "kind_name": str(KIND_NAMES_OF_ONE["projekt"]),
        "url": found.address(row.page),
        "place": _place(row),
        "phase": row.phase,
        "phase_name": str(PHASE_NAMES.get(row.phase, row.phase)),
        "is_seeking_partners": row.openness == Openness.PARTNERS,
        "tags": found.tags.get(hit.page_id, ()),
    }


def _artefact(hit: EngineHit, found: Found) -> Fields:
    uuid = hit.key.partition("-")[2]
    row, project = found.artefacts.get(uuid_of(hit.key)), found.projects.get(hit.page_id)
    if row is None or project is None:
        return {}
    return {
        **_of_page(project.page),
        "title": row.title,
        "kind_name": row.kind,
        "kind_language": CONTENT_LANGUAGE,
        "url": reverse("artefact", args=(uuid,)),
        "place": _place(project),
        "project": project.page.title,
        "licence": row.licence or "",
    }


def _article(hit: EngineHit, found: Found) -> Fields:
    row = found.articles.get(hit.page_id)
    if row is None:
        return {}
    return {**_of_page(row), "kind_name": str(KIND_NAMES_OF_ONE["wissen"]), "url": found.address(row)}


def _body(hit: EngineHit, found: Found) -> Fields:
    row = found.bodies.get(hit.page_id)
    if row is None:
        return {}
    return {
        **_of_page(row.page),
        "kind_name": row.place.kind_name,
        "url": found.address(row.page),
        "place": row.place.label,
    }


DESCRIBED = {"projekt": _project, "artefakt": _artefact, "wissen": _article, "stelle": _body}


def _of_page(page: PageRow) -> Fields:
    return {
        "title": page.title,
        "date": page.first_published_at,
        "is_example": page.is_example,
        "age": _age(page),
    }


def _age(page: PageRow) -> str:
    """Nothing while somebody stands by the page in time."""
    if page.freshness == FreshnessState.ORPHANED:
        return str(FreshnessState.ORPHANED.label)
    return age_in_words(page.confirmed_at) if page.freshness == FreshnessState.DUE and page.confirmed_at else ""


def _place(project: ProjectRow) -> str:
    """The body of a project, with where it lies."""
    return " · ".join(filter(None, (project.body, project.place.label))) if project.place else ""


# --- facets -----------------------------------------------------------------------------------------------------------


def tags_counted(parsed: ParsedRequest, counts: Mapping[str, Mapping[str, int]]) -> set[str]:
    """The values of the open vocabulary whose names `facet_views` needs."""
    return {*counts.get(TAG_FACET, {}), *parsed.parameters.filters.get(TAG_FACET, ())}


def facet_views(
    parsed: ParsedRequest, counts: Mapping[str, Mapping[str, int]], tag_names: Mapping[str, str]
) -> list[FacetView]:
    """Every facet that offers a choice: values with hits, and chosen ones even without."""
    views = (_facet_view(facet, parsed, counts.get(facet.name, {}), tag_names) for facet in FACETS)
    return [view for view in views if view.options]


def _facet_view(
    facet: Facet, parsed: ParsedRequest, counts: Mapping[str, int], tag_names: Mapping[str, str]
) -> FacetView:
    chosen = parsed.parameters.filters.get(facet.name, ())
    names: Mapping[str, str] = parsed.names[facet.name]
    if facet.is_open_vocabulary:
        names = dict(sorted(tag_names.items(), key=lambda item: (-counts.get(item[0], 0), item[1].lower())))
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
        for facet in FACETS
        for value in parameters.filters.get(facet.name, ())
    ]
