"""Step 6 of the flow: what an engine found, joined with the database in a fixed number of queries.

Titles, addresses, tag names and places are the database's of this moment; a hit whose page is no longer readable is
dropped. From the index comes only the text of the excerpt.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from knowledge.models import ArticlePage
from projects.models import Artefact, BodyPage, ProjectPage, attach_bodies
from search.engines import EngineHit
from search.facets import FACETS, KIND_NAMES_OF_ONE, Facet
from search.forms import ParsedRequest, SearchParameters
from search.highlights import excerpt, highlight

# Facets a visitor sees opened at first; the others open with a click, or when something in them is chosen.
OPEN_FACETS = frozenset({"typ", "handlungsfeld", "phase", "partner"})


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
    page: Any
    body: BodyPage | None = None
    artefact: Artefact | None = None
    tags: tuple[Any, ...] = ()

    @property
    def kind_name(self) -> Any:
        return KIND_NAMES_OF_ONE[self.kind]

    @property
    def date(self) -> datetime.datetime | None:
        return self.page.first_published_at


@dataclass(frozen=True)
class Option:
    """One value of a facet with its live count."""

    value: str
    label: str
    count: int
    is_selected: bool


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


@dataclass
class _Found:
    """The pages behind a list of hits."""

    projects: Mapping[int, ProjectPage] = field(default_factory=dict)
    articles: Mapping[int, ArticlePage] = field(default_factory=dict)
    bodies: Mapping[int, BodyPage] = field(default_factory=dict)
    artefacts: Mapping[str, Artefact] = field(default_factory=dict)


def join(hits: Sequence[EngineHit], tokens: Collection[str], request: HttpRequest | None = None) -> list[Hit]:
    """The hits with what the database says about them, in the engine's order."""
    found = _load(hits)
    joined = (_joined(hit, found, tokens, request) for hit in hits)
    return [hit for hit in joined if hit is not None]


def _load(hits: Sequence[EngineHit]) -> _Found:
    ids: dict[str, set[int]] = {}
    for hit in hits:
        ids.setdefault(kind_of(hit.key), set()).add(hit.page_id)
    found = _Found()
    if project_ids := ids.get("projekt", set()) | ids.get("artefakt", set()):
        projects = ProjectPage.objects.readable().prefetch_related("tagged_items__tag")
        found.projects = projects.in_bulk(project_ids)
        attach_bodies(found.projects.values())
    if "wissen" in ids:
        found.articles = ArticlePage.objects.readable().in_bulk(ids["wissen"])
    if "stelle" in ids:
        found.bodies = BodyPage.objects.readable().with_places().in_bulk(ids["stelle"])
    if "artefakt" in ids:
        artefacts = Artefact.objects.filter(project__in=found.projects).select_related("kind", "licence")
        found.artefacts = {str(artefact.uuid): artefact for artefact in artefacts}
    return found


def kind_of(key: str) -> str:
    """The kind of content a document's key names."""
    return key.split("-", 1)[0]


def _joined(hit: EngineHit, found: _Found, tokens: Collection[str], request: HttpRequest | None) -> Hit | None:
    kind = kind_of(hit.key)
    pages: Mapping[str, Mapping[int, Any]] = {
        "projekt": found.projects,
        "artefakt": found.projects,
        "wissen": found.articles,
        "stelle": found.bodies,
    }
    page = pages.get(kind, {}).get(hit.page_id)
    artefact = found.artefacts.get(hit.key.split("-", 1)[1]) if kind == "artefakt" else None
    if page is None or (kind == "artefakt" and artefact is None):
        return None
    title = artefact.title if artefact else page.title
    return Hit(
        key=hit.key,
        kind=kind,
        page_id=hit.page_id,
        score=hit.score,
        title=title,
        marked_title=highlight(title, tokens),
        excerpt=excerpt(hit.content, tokens),
        url=artefact.get_absolute_url() if artefact else page.get_url(request) or "",
        page=page,
        body=page if kind == "stelle" else getattr(page, "public_body", None) if kind != "wissen" else None,
        artefact=artefact,
        tags=tuple(item.tag for item in page.tagged_items.all()) if kind == "projekt" else (),
    )


# --- facets -----------------------------------------------------------------------------------------------------------


def facet_views(parsed: ParsedRequest, counts: Mapping[str, Mapping[str, int]]) -> list[FacetView]:
    """Every facet that offers a choice: values with hits, and chosen ones even without."""
    views = (_facet_view(facet, parsed, counts.get(facet.name, {})) for facet in FACETS)
    return [view for view in views if view.options]


def _facet_view(facet: Facet, parsed: ParsedRequest, counts: Mapping[str, int]) -> FacetView:
    chosen = parsed.parameters.filters.get(facet.name, ())
    names = parsed.names[facet.name]
    if facet.is_open_vocabulary:
        names = facet.names({*counts, *chosen})
        names = dict(sorted(names.items(), key=lambda item: (-counts.get(item[0], 0), item[1].lower())))
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
        )
        for facet in FACETS
        for value in parameters.filters.get(facet.name, ())
    ]
