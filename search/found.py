"""Step 6 of the flow: what the database says at this moment about the pages behind a list of hits.

A fixed number of queries for any number of hits. Plain rows instead of page objects, whose making took longer than the
search itself. Must not know how a hit is shown.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction, Site

from knowledge.models import ArticlePage
from projects.models import Artefact, BodyPage, ProjectPage, TaggedProject
from search.engines import EngineHit
from search.labels import PlaceRow
from search.rows import Term


class PageRow(NamedTuple):
    """What every page has."""

    pk: int
    path: str
    url_path: str
    title: str
    first_published_at: datetime.datetime | None
    is_example: bool


class ProjectRow(NamedTuple):
    page: PageRow
    phase: str
    openness: str


class BodyRow(NamedTuple):
    page: PageRow
    place: PlaceRow


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
    places: dict[str, BodyRow] = field(default_factory=dict)  # of projects and bodies, by path
    artefacts: dict[str, ArtefactRow] = field(default_factory=dict)
    tags: Mapping[int, Sequence[Term]] = field(default_factory=dict)

    @cached_property
    def _roots(self) -> Sequence[Any]:
        return Site.get_site_root_paths()

    def address(self, page: PageRow) -> str:
        """As `Page.get_url` gives it; with one site only, without asking which one it is."""
        if len({root.site_id for root in self._roots}) > 1:
            return Page(url_path=page.url_path).get_url(self.request) or ""
        inside = (root.root_path for root in self._roots if page.url_path.startswith(root.root_path))
        root = next(inside, None)
        return "" if root is None else reverse("wagtail_serve", args=(page.url_path[len(root) :],))


def kind_of(key: str) -> str:
    """The kind of content a document's key names."""
    return key.split("-", 1)[0]


def load(hits: Sequence[EngineHit], request: HttpRequest | None) -> Found:
    ids: dict[str, set[int]] = defaultdict(set)
    for hit in hits:
        ids[kind_of(hit.key)].add(hit.page_id)
    found = Found(request)
    if not hits:
        return found
    restricted = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    if project_ids := ids["projekt"] | ids["artefakt"]:
        rows = _live(ProjectPage, project_ids).values_list(*PageRow._fields, "phase", "openness")
        projects = (ProjectRow(PageRow(*row[:-2]), *row[-2:]) for row in rows)
        found.projects = {row.page.pk: row for row in projects if not row.page.path.startswith(restricted)}
        found.tags = _tags(ids["projekt"] & found.projects.keys())
    if ids["wissen"]:
        articles = (PageRow(*row) for row in _live(ArticlePage, ids["wissen"]).values_list(*PageRow._fields))
        found.articles = {row.pk: row for row in articles if not row.path.startswith(restricted)}
    if ids["artefakt"]:
        found.artefacts = _artefacts(ids["artefakt"] & found.projects.keys())
    _load_bodies(found, ids["stelle"], restricted)
    return found


def _live(model: type[Page], page_ids: Iterable[int]) -> Any:
    return model.objects.live().filter(pk__in=page_ids)


def _load_bodies(found: Found, body_ids: Collection[int], restricted: tuple[str, ...]) -> None:
    """Bodies that were found, and those of the projects, in one query."""
    paths = {row.page.path[: -Page.steplen] for row in found.projects.values()}
    if not paths and not body_ids:
        return
    size = len(PageRow._fields)
    rows = BodyPage.objects.filter(Q(path__in=paths) | Q(pk__in=body_ids))
    for is_live, *row in rows.values_list("live", *PageRow._fields, *PlaceRow._fields):
        body = BodyRow(PageRow(*row[:size]), PlaceRow(*row[size:]))
        found.places[body.page.path] = body
        if body.page.pk in body_ids and is_live and not body.page.path.startswith(restricted):
            found.bodies[body.page.pk] = body


def _tags(project_ids: Collection[int]) -> Mapping[int, Sequence[Term]]:
    rows = TaggedProject.objects.filter(content_object__in=project_ids).order_by("pk")
    tags: dict[int, list[Term]] = defaultdict(list)
    for project_id, slug, name in rows.values_list("content_object_id", "tag__slug", "tag__name"):
        tags[project_id].append(Term(slug, name))
    return tags


def _artefacts(project_ids: Collection[int]) -> dict[str, ArtefactRow]:
    rows = Artefact.objects.filter(project__in=project_ids)
    return {
        str(uuid): ArtefactRow(*row)
        for uuid, *row in rows.values_list("uuid", "title", "kind__name", "licence__spdx_id")
    }
