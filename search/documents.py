"""Step 1 of the flow: what can be found of a page, as plain text and identifiers.

The only place that knows which field of which page type is searchable. Must not know an engine. Names and addresses
in a document are for finding only; whatever is shown is read from the database (see `search.results`).
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from wagtail.models import Page

from knowledge.models import ArticlePage
from knowledge.models.article import ArticleKind
from pages.access import Restrictions
from pages.tree import parent_path
from projects.models import BodyPage, FreshnessState, ProjectPage
from search.engines.contract import FRESHNESS, PLACE, Audience, Document
from search.rows import (
    ArtefactRow,
    ArticleRow,
    Articles,
    Place,
    ProjectRow,
    Projects,
    Service,
    Term,
    read_articles,
    read_bodies,
    read_projects,
)
from search.streams import rich_text

Facets = dict[str, tuple[str, ...]]
Described = Iterator[tuple[int, list[Document]]]

# A body has no age, and of an entry nothing is known before somebody has had reason to doubt it.
ALWAYS_FRESH = str(FreshnessState.CURRENT)


def from_page(page: Page) -> list[Document]:
    """The documents of one page; none if it is not live, not searchable, or for some members only."""
    return from_pages([page.pk]).get(page.pk, [])


def from_pages(page_ids: Iterable[int]) -> dict[int, list[Document]]:
    """Documents by page number, in a fixed number of queries per page type; pages without documents are left out."""
    restrictions = Restrictions.all()
    wanted = list(page_ids)
    found: dict[int, list[Document]] = {}
    # Whoever publishes may read the admin in English; what is found must not depend on it.
    with translation.override(settings.LANGUAGE_CODE):
        for source in SOURCES:
            found.update(source.describe(wanted, restrictions))
    return found


def searchable_page_ids() -> list[int]:
    """Numbers of all pages that may have documents, in the order of the tree: a body's pages are read together."""
    live = (page for source in SOURCES for page in source.model.objects.live().values_list("path", "pk"))
    return [pk for _path, pk in sorted(live)]


# --- describing -------------------------------------------------------------------------------------------------------


def _projects(page_ids: Collection[int], restrictions: Restrictions) -> Described:
    read = read_projects(page_ids)
    for row in read.rows:
        if audience := restrictions.audience_of(row.path):
            yield row.pk, _project_documents(row, read, audience)


def _project_documents(row: ProjectRow, read: Projects, audience: Audience) -> list[Document]:
    place = read.places[parent_path(row.path)]
    fields, tags = read.fields.get(row.pk, ()), read.tags.get(row.pk, ())
    artefacts, keys = read.artefacts.get(row.pk, ()), read.keys.get(row.pk, ())
    services = {*read.services.get(row.pk, ()), *(key.service for key in keys if key.service)}
    content = joined(
        row.summary,
        read.texts.get(row.pk, ""),
        row.problem,
        row.change_for_citizens,
        row.target_group,
        rich_text(row.lessons_learned),
        row.standards,
        row.partner_note,
        row.partner_need,
        row.stop_note,
    )
    where = joined(*place.names)
    extra = joined(
        row.product,
        row.provider,
        row.funding,
        *(tag.name for tag in tags),
        *(field.name for field in fields),
        *(f"{service.name} {service.ozg_id}" for service in sorted(services)),
        *(f"{key.name} {key.key}" for key in keys),
        *read.participants.get(row.pk, ()),
        where,
    )
    reuse = read.reuse.get(row.pk, "")
    facets = _project_facets(row, fields, tags, services, artefacts) | _place_facets(place)
    facets["nachnutzung"] = (reuse,) if reuse else ()
    newest = published(row.first_published_at)
    project = Document(f"projekt-{row.pk}", row.pk, row.title, content, audience, newest, extra, facets)
    leading = (row.title, *(field.name for field in fields), *(tag.name for tag in tags), where)
    return [project, *(_artefact_document(artefact, project, leading) for artefact in artefacts)]


def _project_facets(
    row: ProjectRow,
    fields: Sequence[Term],
    tags: Sequence[Term],
    services: Collection[Service],
    artefacts: Sequence[ArtefactRow],
) -> Facets:
    return {
        "typ": ("projekt",),
        "handlungsfeld": tuple(sorted(field.slug for field in fields)),
        "phase": (row.phase,),
        "themenfeld": tuple(sorted({service.field for service in services})),
        "tag": tuple(sorted({tag.slug for tag in tags})),
        "artefakt": tuple(sorted({artefact.kind for artefact in artefacts})),
        "lizenz": tuple(sorted({artefact.licence for artefact in artefacts if artefact.licence})),
        "partner": (row.openness,) if row.openness else (),
        FRESHNESS: (row.freshness__state or ALWAYS_FRESH,),
    }


def _artefact_document(row: ArtefactRow, project: Document, leading: Sequence[str]) -> Document:
    """`leading`: words of its project that lead to it as well."""
    licence = f"{row.licence} {row.licence_name}" if row.licence else ""
    own: Facets = {
        "typ": ("artefakt",),
        "artefakt": (row.kind,),
        "lizenz": (row.licence,) if row.licence else (),
    }
    return Document(
        f"artefakt-{row.uuid}",
        project.page_id,
        row.title,
        joined(row.description),
        project.audience,
        project.newest,
        joined(row.kind_name, licence, *leading),
        {**project.facets, **own},
    )


def _articles(page_ids: Collection[int], restrictions: Restrictions) -> Described:
    read = read_articles(page_ids)
    for row in read.rows:
        if audience := restrictions.audience_of(row.path):
            yield row.pk, [_article_document(row, read, audience)]


def _article_document(row: ArticleRow, read: Articles, audience: Audience) -> Document:
    topics = read.topics.get(row.pk, ())
    content = joined(row.summary, read.texts.get(row.pk, ""))
    extra = joined(str(ArticleKind(row.kind).label), row.author, *(topic.name for topic in topics))
    facets: Facets = {"typ": ("wissen",), "handlungsfeld": tuple(sorted(topic.slug for topic in topics))}
    facets[FRESHNESS] = (row.freshness__state or ALWAYS_FRESH,)
    newest = published(row.first_published_at)
    return Document(f"wissen-{row.pk}", row.pk, row.title, content, audience, newest, extra, facets)


def _bodies(page_ids: Collection[int], restrictions: Restrictions) -> Described:
    read = read_bodies(page_ids)
    for row in read.rows:
        if audience := restrictions.audience_of(row.path):
            place = read.places[row.path]
            content = joined(row.summary, read.texts.get(row.pk, ""))
            extra = joined(joined(*place.names), *place.keys)
            facets: Facets = {"typ": ("stelle",), FRESHNESS: (ALWAYS_FRESH,), **_place_facets(place)}
            newest = published(row.first_published_at)
            yield row.pk, [Document(f"stelle-{row.pk}", row.pk, row.title, content, audience, newest, extra, facets)]


def _place_facets(place: Place) -> Facets:
    return {
        "land": (place.land,) if place.land else (),
        "groesse": (place.size_class,) if place.size_class else (),
        PLACE: place.within,
    }


@dataclass(frozen=True)
class Source:
    """A page type that can be found, and what reads its pages and describes the documents each brings in."""

    model: type[Page]
    describe: Callable[[Collection[int], Restrictions], Described]


SOURCES = (Source(ProjectPage, _projects), Source(ArticlePage, _articles), Source(BodyPage, _bodies))


# --- text -------------------------------------------------------------------------------------------------------------


def joined(*texts: str) -> str:
    """Texts without surplus space, one per line; one that another begins with is left out.

    Imported summaries are often the first sentences of the text; counting them twice would favour such pages.
    """
    cleaned = [" ".join(text.split()) for text in texts]
    kept = []
    for position, text in enumerate(cleaned):
        if text and not _begins_any(text.rstrip("… "), cleaned[position + 1 :]):
            kept.append(text)
    return "\n".join(kept)


def _begins_any(beginning: str, others: Iterable[str]) -> bool:
    return any(other.startswith(beginning) for other in others)


def published(first_published_at: datetime.datetime | None) -> int:
    """When visitors could first read the page, in milliseconds since 1970; 0 if it never was."""
    return int(first_published_at.timestamp() * 1000) if first_published_at else 0
