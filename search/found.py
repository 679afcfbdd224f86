"""Step 6 of the flow: what the database says at this moment about the pages behind a list of hits.

One statement for any number of hits (`search.shown_rows`), and plain rows instead of page objects, whose making took
longer than the search itself. Must not know how a hit is shown.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import RFC3986_SUBDELIMS
from wagtail.models import Page, Site

from pages.access import Restrictions
from search.engines import Audience, EngineHit
from search.engines.contract import VISIBLE_TO
from search.labels import PlaceRow
from search.rows import Term
from search.shown_rows import Row, What, moment, shown_rows

# What Django's `reverse` leaves as it is in a path.
UNQUOTED = f"{RFC3986_SUBDELIMS}/~:@"


class PageRow(NamedTuple):
    """What every page has."""

    pk: int
    path: str
    url_path: str
    title: str
    first_published_at: datetime.datetime | None
    is_example: bool
    freshness: str = ""  # a value of FreshnessState, or nothing
    confirmed_at: datetime.datetime | None = None


class BodyRow(NamedTuple):
    page: PageRow
    place: PlaceRow


class ProjectRow(NamedTuple):
    page: PageRow
    phase: str
    openness: str
    body: str = ""  # title of the body it belongs to
    place: PlaceRow | None = None  # where that lies


class ArtefactRow(NamedTuple):
    title: str
    kind: str
    licence: str | None


@dataclass
class Found:
    """The readable pages behind a list of hits, and what belongs to them."""

    request: HttpRequest | None
    projects: dict[int, ProjectRow] = field(default_factory=dict)
    articles: dict[int, PageRow] = field(default_factory=dict)
    bodies: dict[int, BodyRow] = field(default_factory=dict)
    artefacts: dict[str, ArtefactRow] = field(default_factory=dict)
    tags: dict[int, Sequence[Term]] = field(default_factory=dict)
    members_only: set[int] = field(default_factory=set)  # numbers of pages visitors cannot read
    tag_names: dict[str, str] = field(default_factory=dict)  # of the slugs asked for
    synonym_stamp: tuple[Any, ...] = ()  # see search.models.ReadSynonyms

    @cached_property
    def _roots(self) -> Sequence[Any]:
        return Site.get_site_root_paths()

    @cached_property
    def _has_one_site(self) -> bool:
        return len({root.site_id for root in self._roots}) <= 1

    @cached_property
    def _home(self) -> str:
        return reverse("wagtail_serve", args=("",))

    def address(self, page: PageRow) -> str:
        """As `Page.get_url` gives it; with one site only, without asking which one it is."""
        if not self._has_one_site:
            return Page(url_path=page.url_path).get_url(self.request) or ""
        inside = (root.root_path for root in self._roots if page.url_path.startswith(root.root_path))
        root = next(inside, None)
        return "" if root is None else f"{self._home}{quote(page.url_path[len(root) :], safe=UNQUOTED)}"


def kind_of(key: str) -> str:
    """The kind of content a document's key names."""
    return key.split("-", 1)[0]


def uuid_of(key: str) -> str:
    """The number of an artefact in its document's key, as databases without a type of their own keep it."""
    return key.partition("-")[2].replace("-", "")


def load(
    hits: Sequence[EngineHit], request: HttpRequest | None, tags: Collection[str] = (), audience: Audience = "public"
) -> Found:
    """What belongs to the hits that the audience may read, and the names of some more tags by their slugs."""
    found = Found(request)
    with_artefacts = {hit.page_id for hit in hits if kind_of(hit.key) == What.ARTEFACT}
    rows: Mapping[str, Sequence[Row]] = shown_rows({hit.page_id for hit in hits}, with_artefacts, tags)
    restrictions = Restrictions((row.path, row.slug) for row in rows[What.RESTRICTED])

    def readable(what: What) -> list[Row]:
        return [row for row in rows[what] if restrictions.audience_of(row.path) in VISIBLE_TO[audience]]

    pages = (*rows[What.PROJECT], *rows[What.ARTICLE], *rows[What.BODY])
    found.members_only = {row.page_id for row in pages if restrictions.audience_of(row.path) == "members"}

    found.articles = {row.page_id: _page(row) for row in readable(What.ARTICLE)}
    found.bodies = {row.page_id: BodyRow(_page(row), _place(row)) for row in readable(What.BODY)}
    found.projects = {row.page_id: _project(row) for row in readable(What.PROJECT)}
    found.artefacts = {
        row.slug.replace("-", ""): ArtefactRow(row.title, row.kind, row.licence) for row in rows[What.ARTEFACT]
    }
    found.tags = _tags(rows[What.TAG])
    found.tag_names = {row.slug: row.title for row in rows[What.TAG_NAME]}
    found.synonym_stamp = next((row.page_id, moment(row.published)) for row in rows[What.SYNONYMS])
    return found


def _page(row: Row) -> PageRow:
    published = moment(row.published)
    age = row.freshness or "", moment(row.confirmed)
    return PageRow(row.page_id, row.path, row.url_path, row.title, published, bool(row.is_example), *age)


def _place(row: Row) -> PlaceRow:
    return PlaceRow(row.kind, row.unit, row.district_kind, row.district_name, row.state_name)


def _project(row: Row) -> ProjectRow:
    has_body = row.kind is not None
    return ProjectRow(
        _page(row), row.phase, row.openness, row.body if has_body else "", _place(row) if has_body else None
    )


def _tags(rows: Sequence[Row]) -> dict[int, Sequence[Term]]:
    """In the order in which they were given."""
    tags: dict[int, list[Term]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.position):
        tags[row.page_id].append(Term(row.slug, row.title))
    return dict(tags)
