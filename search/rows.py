"""Step 1 of the flow, reading: the rows documents are made of, in a fixed number of queries for any number of pages.

Plain rows instead of page objects, whose making takes several times as long as everything else. Must not know what of
them can be found; that is for `search.documents` to say.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from wagtail.images import get_image_model
from wagtail.models import Page

from knowledge.models import ArticlePage
from pages.tree import parent_path
from projects.models import (
    Artefact,
    Association,
    BodyKind,
    BodyPage,
    District,
    Municipality,
    Participation,
    ProjectPage,
    ReuseClass,
    TaggedProject,
)
from projects.reuse import classes_of
from search.streams import Alternative, Piece, Reader, stream_reader, without_tags

# What a body's `place_label` needs of it and of the units of the register around it.
_LABEL_FIELDS = (
    "path", "title", "kind", "municipality__name",
    "municipality__district__kind", "municipality__district__name", "municipality__district__state__name",
    "district__name", "district__state__name",
    "association__district__kind", "association__district__name", "association__district__state__name",
    "state__name", "seat_state__name",
)  # fmt: skip
# What `Place` needs beyond that.
_PLACE_FIELDS = (
    "municipality__ags", "municipality__ars", "municipality__full_name", "municipality__size_class",
    "municipality__district__key", "municipality__state__key",
    "district__key", "district__full_name", "district__state__key",
    "association__key", "association__full_name", "association__district__key",
    "association__district__state__key",
    "state__key", "state__full_name", "seat_state__key",
)  # fmt: skip
_UNIT_RELATIONS = ("municipality__district__state", "district__state", "association__district__state", "state")


class Term(NamedTuple):
    slug: str
    name: str


class Service(NamedTuple):
    ozg_id: str
    name: str
    field: str  # slug of its Themenfeld


class KeyRow(NamedTuple):
    key: str
    name: str
    service: Service | None


class ArtefactRow(NamedTuple):
    uuid: uuid.UUID
    title: str
    description: str
    kind: str
    kind_name: str
    licence: str | None
    licence_name: str | None


class ProjectRow(NamedTuple):
    pk: int
    path: str
    title: str
    first_published_at: datetime.datetime | None
    summary: str
    body: Any
    problem: str
    change_for_citizens: str
    target_group: str
    lessons_learned: str
    standards: str
    partner_note: str
    partner_need: str
    stop_note: str
    product: str
    provider: str
    funding: str
    phase: str
    openness: str
    freshness__state: str | None


class ArticleRow(NamedTuple):
    pk: int
    path: str
    title: str
    first_published_at: datetime.datetime | None
    summary: str
    body: Any
    kind: str
    author: str
    freshness__state: str | None


class BodyRow(NamedTuple):
    pk: int
    path: str
    title: str
    first_published_at: datetime.datetime | None
    summary: str
    about: Any


@dataclass(frozen=True)
class Place:
    """A body as far as documents are concerned: what it and its place are called, and their official keys."""

    names: tuple[str, ...]
    keys: tuple[str, ...]  # those that stand for the body alone
    within: tuple[str, ...]  # its own key and those of Kreis and Land around it
    land: str
    size_class: str


@dataclass(frozen=True)
class Projects:
    """Rows of projects, and of everything that belongs to them by their numbers."""

    rows: Sequence[ProjectRow]
    texts: dict[int, str]  # of their streams
    fields: dict[int, list[Term]]
    tags: dict[int, list[Term]]
    services: dict[int, list[Service]]
    keys: dict[int, list[KeyRow]]
    artefacts: dict[int, list[ArtefactRow]]
    participants: dict[int, list[str]]
    reuse: dict[int, ReuseClass]
    places: dict[str, Place]  # by the path of the body


@dataclass(frozen=True)
class Articles:
    rows: Sequence[ArticleRow]
    texts: dict[int, str]
    topics: dict[int, list[Term]]


@dataclass(frozen=True)
class Bodies:
    rows: Sequence[BodyRow]
    texts: dict[int, str]
    places: dict[str, Place]


def read_projects(page_ids: Collection[int]) -> Projects:
    rows = [ProjectRow(*row) for row in _live(ProjectPage, page_ids).values_list(*ProjectRow._fields)]
    ids = [row.pk for row in rows]
    fields = ProjectPage.fields_of_action.through.objects.filter(projectpage__in=ids)
    fields = fields.order_by("fieldofaction__sort_order", "fieldofaction__name")
    tags = TaggedProject.objects.filter(content_object__in=ids).order_by("pk")
    return Projects(
        rows=rows,
        texts=_texts(((row.pk, row.body) for row in rows), _project_body),
        fields=_terms(fields.values_list("projectpage_id", "fieldofaction__slug", "fieldofaction__name")),
        tags=_terms(tags.values_list("content_object_id", "tag__slug", "tag__name")),
        services=_services(ids),
        keys=_keys(ids),
        artefacts=_artefacts(ids),
        participants=_participants(ids),
        reuse=classes_of(ids),
        places=_places({parent_path(row.path) for row in rows}),
    )


def read_articles(page_ids: Collection[int]) -> Articles:
    rows = [ArticleRow(*row) for row in _live(ArticlePage, page_ids).values_list(*ArticleRow._fields)]
    topics = ArticlePage.topics.through.objects.filter(articlepage__in=[row.pk for row in rows]).order_by(
        "fieldofaction__sort_order", "fieldofaction__name"
    )
    return Articles(
        rows=rows,
        texts=_texts(((row.pk, row.body) for row in rows), _article_body),
        topics=_terms(topics.values_list("articlepage_id", "fieldofaction__slug", "fieldofaction__name")),
    )


def read_bodies(page_ids: Collection[int]) -> Bodies:
    """Bodies, without those that collect imported projects without one."""
    bodies = _live(BodyPage, page_ids).exclude(kind=BodyKind.UNASSIGNED)
    rows = [BodyRow(*row) for row in bodies.values_list(*BodyRow._fields)]
    return Bodies(
        rows=rows,
        texts=_texts(((row.pk, row.about) for row in rows), _body_about),
        places=_places({row.path for row in rows}),
    )


def _live(model: type[Page], page_ids: Collection[int]) -> QuerySet[Any]:

    live: QuerySet[Any] = model.objects.live()
    return live.filter(pk__in=page_ids).order_by("pk")


# --- what belongs to a project ----------------------------------------------------------------------------------------


def _terms(rows: Iterable[tuple[int, str, str]]) -> dict[int, list[Term]]:
    found: dict[int, list[Term]] = defaultdict(list)
    for page_id, slug, name in rows:
        found[page_id].append(Term(slug, name))
    return found


def _services(ids: Sequence[int]) -> dict[int, list[Service]]:
    rows = ProjectPage.ozg_services.through.objects.filter(projectpage__in=ids).values_list(
        "projectpage_id", "ozgservice__ozg_id", "ozgservice__name", "ozgservice__field__slug"
    )
    found: dict[int, list[Service]] = defaultdict(list)
    for page_id, *service in rows:
        found[page_id].append(Service(*service))
    return found


def _keys(ids: Sequence[int]) -> dict[int, list[KeyRow]]:
    rows = (
        ProjectPage.service_keys.through.objects.filter(projectpage__in=ids)
        .order_by("servicekey__key")
        .values_list(
            "projectpage_id",
            "servicekey__key",
            "servicekey__name",
            "servicekey__service__ozg_id",
            "servicekey__service__name",
            "servicekey__service__field__slug",
        )
    )
    found: dict[int, list[KeyRow]] = defaultdict(list)
    for page_id, key, name, *service in rows:
        found[page_id].append(KeyRow(key, name, Service(*service) if service[0] else None))
    return found


def _artefacts(ids: Sequence[int]) -> dict[int, list[ArtefactRow]]:
    rows = (
        Artefact.objects.filter(project__in=ids)
        .order_by("sort_order", "pk")
        .values_list(
            "project_id",
            "uuid",
            "title",
            "description",
            "kind__slug",
            "kind__name",
            "licence__spdx_id",
            "licence__name",
        )
    )
    found: dict[int, list[ArtefactRow]] = defaultdict(list)
    for page_id, *artefact in rows:
        found[page_id].append(ArtefactRow(*artefact))
    return found


def _participants(ids: Sequence[int]) -> dict[int, list[str]]:
    """Names of the participating bodies, as they are shown."""
    found: dict[int, list[str]] = defaultdict(list)
    participations = Participation.objects.filter(project__in=ids).select_related(*_UNIT_RELATIONS)
    for participation in participations.order_by("sort_order", "pk"):
        found[participation.project_id].append(str(participation))
    return found


def _places(paths: Collection[str]) -> dict[str, Place]:
    return {body.path: _place(body) for body in bodies_with_places(Q(path__in=paths), *_PLACE_FIELDS)}


def bodies_with_places(condition: Q, *fields: str) -> QuerySet[BodyPage]:
    """Bodies with what `place_label` needs and these fields, in one query."""
    wanted = (*_LABEL_FIELDS, *fields)
    relations = {name.rpartition("__")[0] for name in wanted if "__" in name}
    found: QuerySet[BodyPage] = BodyPage.objects.filter(condition)
    return found.select_related(*relations).only(*wanted)


def _place(body: BodyPage) -> Place:
    unit = body.unit
    is_named = body.kind != BodyKind.UNASSIGNED
    return Place(
        names=(body.title, unit.full_name if unit else "", body.place_label) if is_named else (),
        keys=(unit.ars, unit.ags) if isinstance(unit, Municipality) else (body.key,),
        within=_keys_around(body),
        land=body.land.key if body.land else "",
        size_class=body.size_class,
    )


def _keys_around(body: BodyPage) -> tuple[str, ...]:
    unit = body.unit
    if isinstance(unit, Municipality):
        return unit.ags, unit.district.key, unit.state.key
    if isinstance(unit, Association):
        return unit.key, unit.district.key, unit.state.key
    if isinstance(unit, District):
        return unit.key, unit.state.key
    return (body.land.key,) if body.land else ()


# --- streams ----------------------------------------------------------------------------------------------------------


def _reader(model: type[Page], name: str) -> Reader:
    field: Any = model._meta.get_field(name)
    return stream_reader(field.stream_block)


_project_body = _reader(ProjectPage, "body")
_article_body = _reader(ArticlePage, "body")
_body_about = _reader(BodyPage, "about")


def _texts(streams: Iterable[tuple[int, Any]], reader: Reader) -> dict[int, str]:
    """What can be read in each stream, one block after the other; empty streams are left out."""
    pieces = {pk: list(reader(stream.raw_data)) for pk, stream in streams if stream}
    pictures = {piece.picture for found in pieces.values() for piece in found if isinstance(piece, Alternative)}
    existing = _existing(pictures) if pictures else set()
    return {pk: " ".join(_readable(found, existing)) for pk, found in pieces.items()}


def _existing(pictures: Collection[int]) -> set[int]:
    return set(get_image_model().objects.filter(pk__in=pictures).values_list("pk", flat=True))


def _readable(pieces: Iterable[Piece], existing: Collection[int]) -> Iterable[str]:
    for piece in pieces:
        if not isinstance(piece, Alternative):
            yield without_tags(str(piece))
        elif piece.picture in existing:
            yield without_tags(piece.text)
