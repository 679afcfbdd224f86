"""Step 1 of the flow: what can be found of a page, as plain text and identifiers.

The only place that knows which field of which page type is searchable. Must not know an engine. Names and addresses
in a document are for finding only; whatever is shown is read from the database (see `search.results`).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import strip_tags
from wagtail.models import Page, PageViewRestriction
from wagtail.rich_text import get_text_for_indexing

from knowledge.models import ArticlePage
from projects.models import Artefact, BodyKind, BodyPage, OzgService, ProjectPage, attach_bodies
from search.engines.contract import Audience, Document

# Pages of one query; a batch of a rebuild.
BATCH = 200
SPACE = re.compile(r"\s+")

Facets = dict[str, tuple[str, ...]]


class Restrictions:
    """Which audience each page has; reads all view restrictions once, since there are few."""

    def __init__(self) -> None:
        rows = PageViewRestriction.objects.values_list("page__path", "restriction_type")
        self._by_path = list(rows)

    def audience_of(self, page: Page) -> Audience | None:
        """None for pages that only some members may read: those are not in the index at all."""
        types = {kind for path, kind in self._by_path if page.path.startswith(path)} - {PageViewRestriction.NONE}
        if not types:
            return "public"
        return "members" if types == {PageViewRestriction.LOGIN} else None


def from_page(page: Page) -> list[Document]:
    """The documents of one page; none if it is not live, not searchable, or for some members only."""
    return from_pages([page.pk]).get(page.pk, [])


def from_pages(page_ids: Iterable[int]) -> dict[int, list[Document]]:
    """Documents by page number, in a fixed number of queries per page type; pages without documents are left out."""
    restrictions = Restrictions()
    wanted = list(page_ids)
    found: dict[int, list[Document]] = {}
    for source in SOURCES:
        for page in source.load(wanted):
            audience = restrictions.audience_of(page)
            if audience:
                found[page.pk] = source.describe(page, audience)
    return found


def searchable_page_ids() -> list[int]:
    """Numbers of all pages that may have documents, ascending."""
    return sorted(pk for source in SOURCES for pk in source.model.objects.live().values_list("pk", flat=True))


# --- loading ----------------------------------------------------------------------------------------------------------


def _projects(page_ids: Sequence[int]) -> list[ProjectPage]:
    pages = list(
        ProjectPage.objects.live()
        .filter(pk__in=page_ids)
        .prefetch_related(
            "fields_of_action",
            "ozg_services__field",
            "service_keys__service__field",
            "tagged_items__tag",
            "artefacts__kind",
            "artefacts__licence",
            "participations__municipality",
            "participations__district",
            "participations__association",
            "participations__state",
        )
    )
    attach_bodies(pages)
    return pages


def _articles(page_ids: Sequence[int]) -> list[ArticlePage]:
    return list(ArticlePage.objects.live().filter(pk__in=page_ids).prefetch_related("topics"))


def _bodies(page_ids: Sequence[int]) -> list[BodyPage]:
    bodies = BodyPage.objects.live().filter(pk__in=page_ids).with_places()
    return list(bodies.exclude(kind=BodyKind.UNASSIGNED))


# --- describing -------------------------------------------------------------------------------------------------------


def _project_documents(page: ProjectPage, audience: Audience) -> list[Document]:
    artefacts = list(page.artefacts.all())
    facets = _project_facets(page, artefacts)
    content = joined(
        page.summary,
        stream_text(page.body),
        page.problem,
        page.change_for_citizens,
        page.target_group,
        get_text_for_indexing(page.lessons_learned),
        page.standards,
        page.partner_note,
        page.stop_note,
    )
    services = set(_services(page))
    extra = joined(
        page.product,
        page.provider,
        page.funding,
        *(item.tag.name for item in page.tagged_items.all()),
        *(field.name for field in page.fields_of_action.all()),
        *(f"{service.name} {service.ozg_id}" for service in sorted(services, key=lambda service: service.ozg_id)),
        *(f"{key.name} {key.key}" for key in page.service_keys.all()),
        *(str(participation) for participation in page.participations.all()),
        body_words(page.public_body),
    )
    newest = published(page)
    project = Document(f"projekt-{page.pk}", page.pk, page.title, content, audience, newest, extra, facets)
    return [project, *(_artefact_document(item, page, project) for item in artefacts)]


def _artefact_document(artefact: Artefact, page: ProjectPage, project: Document) -> Document:
    licence = artefact.licence
    extra = joined(
        artefact.kind.name,
        f"{licence.spdx_id} {licence.name}" if licence else "",
        page.title,
        *(field.name for field in page.fields_of_action.all()),
        *(item.tag.name for item in page.tagged_items.all()),
        body_words(page.public_body),
    )
    own: Facets = {
        "typ": ("artefakt",),
        "artefakt": (artefact.kind.slug,),
        "lizenz": (licence.spdx_id,) if licence else (),
    }
    return Document(
        f"artefakt-{artefact.uuid}",
        page.pk,
        artefact.title,
        joined(artefact.description),
        project.audience,
        project.newest,
        extra,
        {**project.facets, **own},
    )


def _article_documents(page: ArticlePage, audience: Audience) -> list[Document]:
    topics = list(page.topics.all())
    content = joined(page.summary, stream_text(page.body))
    extra = joined(page.get_kind_display(), page.author, *(topic.name for topic in topics))
    facets: Facets = {"typ": ("wissen",), "handlungsfeld": tuple(sorted(topic.slug for topic in topics))}
    return [Document(f"wissen-{page.pk}", page.pk, page.title, content, audience, published(page), extra, facets)]


def _body_documents(page: BodyPage, audience: Audience) -> list[Document]:
    content = joined(page.summary, stream_text(page.about))
    facets: Facets = {"typ": ("stelle",), **_place_facets(page)}
    extra = joined(body_words(page), page.key)
    return [Document(f"stelle-{page.pk}", page.pk, page.title, content, audience, published(page), extra, facets)]


@dataclass(frozen=True)
class Source:
    """A page type that can be found: how its pages are read, and what documents each brings in."""

    model: type[Page]
    load: Callable[[Sequence[int]], list[Any]]
    describe: Callable[[Any, Audience], list[Document]]


SOURCES = (
    Source(ProjectPage, _projects, _project_documents),
    Source(ArticlePage, _articles, _article_documents),
    Source(BodyPage, _bodies, _body_documents),
)


def _project_facets(page: ProjectPage, artefacts: Sequence[Artefact]) -> Facets:
    return {
        "typ": ("projekt",),
        "handlungsfeld": tuple(sorted(field.slug for field in page.fields_of_action.all())),
        "phase": (page.phase,),
        "themenfeld": tuple(sorted({service.field.slug for service in _services(page)})),
        "tag": tuple(sorted({item.tag.slug for item in page.tagged_items.all()})),
        "artefakt": tuple(sorted({artefact.kind.slug for artefact in artefacts})),
        "lizenz": tuple(sorted({artefact.licence.spdx_id for artefact in artefacts if artefact.licence})),
        "partner": (page.openness,) if page.openness else (),
        **_place_facets(page.public_body),
    }


def _place_facets(body: BodyPage) -> Facets:
    return {
        "land": (body.land.key,) if body.land else (),
        "groesse": (body.size_class,) if body.size_class else (),
    }


def _services(page: ProjectPage) -> list[OzgService]:
    return [*page.ozg_services.all(), *(key.service for key in page.service_keys.all() if key.service)]


# --- text -------------------------------------------------------------------------------------------------------------


def body_words(body: BodyPage) -> str:
    """Names of a body and of where it lies; nothing for the body that collects imports without one."""
    if body.kind == BodyKind.UNASSIGNED:
        return ""
    return joined(body.title, body.unit.full_name if body.unit else "", body.place_label)


def stream_text(stream: Any) -> str:
    """What can be read in a StreamField, one block after the other."""
    if not stream:
        return ""
    return " ".join(strip_tags(str(text)) for text in stream.stream_block.get_searchable_content(stream))


def joined(*texts: str) -> str:
    """Texts without surplus space, one per line; one that another begins with is left out.

    Imported summaries are often the first sentences of the text; counting them twice would favour such pages.
    """
    cleaned = [SPACE.sub(" ", text).strip() for text in texts]
    kept = []
    for position, text in enumerate(cleaned):
        rest = cleaned[position + 1 :]
        beginning = text.rstrip("… ")
        if text and not any(other.startswith(beginning) for other in rest):
            kept.append(text)
    return "\n".join(kept)


def published(page: Page) -> int:
    """When visitors could first read the page, in milliseconds since 1970; 0 if it never was."""
    return int(page.first_published_at.timestamp() * 1000) if page.first_published_at else 0
