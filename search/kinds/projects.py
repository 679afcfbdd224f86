"""Projects, and the artefacts they bring forth."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.models import (
    Artefact,
    ArtefactKind,
    BodyPage,
    FieldOfAction,
    Licence,
    Openness,
    OzgField,
    Phase,
    ProjectPage,
    ProjectTag,
    Reuse,
    ReuseClass,
    TaggedProject,
    attach_bodies,
)
from projects.reuse import classes_of
from search.kinds.base import PLACE, PageKind, PartKind, Row
from search.kinds.bodies import LAND, SIZE, UNITS, place_words
from search.kinds.facet import CONTENT_LANGUAGE, Facet
from search.kinds.text import rich_text, stream_text

TAG_SIZE = 40
# What the hits of projects show: page objects with all columns take half as long again.
SHOWN = ("title", "path", "url_path", "first_published_at", "is_example", "phase", "openness", "freshness")

FIELD_OF_ACTION = Facet(name="handlungsfeld", title=_("Field of action"), vocabulary=FieldOfAction, is_unfolded=True)
PHASE = Facet(name="phase", title=_("Phase"), choices=Phase, is_unfolded=True)
PARTNERS = Facet(name="partner", title=_("Partners"), choices=Openness, is_unfolded=True)
REUSE = Facet(name="nachnutzung", title=_("Used by others"), choices=ReuseClass)
OZG_FIELD = Facet(name="themenfeld", title=_("OZG field"), vocabulary=OzgField)
ARTEFACT_KIND = Facet(name="artefakt", title=_("Kind of artefact"), vocabulary=ArtefactKind)
LICENCE = Facet(name="lizenz", title=_("Licence"), vocabulary=Licence, value_field="spdx_id", name_field="spdx_id")
TAG = Facet(name="tag", title=_("Tag"), vocabulary=ProjectTag, is_open_vocabulary=True, size=TAG_SIZE)


class Term(NamedTuple):
    """A tag as a hit shows it."""

    slug: str
    name: str


class Artefacts(PartKind):
    """What can be taken over; found with the words and places of its project."""

    key = "artefakt"
    name, plural = _("Artefact"), _("Artefacts")
    model, relation, page_field, id_field = Artefact, "artefacts", "project", "uuid"
    facets: ClassVar = {ARTEFACT_KIND: "kind__slug", LICENCE: "licence__spdx_id"}

    def text(self, thing: Artefact) -> Iterable[str]:
        return (thing.description,)

    def leading(self, thing: Artefact) -> Iterable[str]:
        project, licence = thing.project, thing.licence
        return (
            thing.kind.name if thing.kind else "",
            f"{licence.spdx_id} {licence.name}" if licence else "",
            project.title,
            *names_of_fields(project),
            *names_of_tags(project),
            place_words(project.public_body),
        )

    def shown_parts(self) -> QuerySet[Any]:
        return super().shown_parts().select_related("kind", "licence")

    def shown(self, thing: Artefact) -> dict[str, Any]:
        return {
            "kind_name": thing.kind.name if thing.kind else str(self.name),
            "kind_language": CONTENT_LANGUAGE,
            "place": place_of(thing.project),
            "project": thing.project.title,
            "licence": thing.licence.spdx_id if thing.licence else "",
        }


class Projects(PageKind):
    """What a body built, tries or plans; first of all that is found."""

    key = "projekt"
    name, plural = _("Project"), _("Projects")
    model = ProjectPage
    parts = (Artefacts(),)
    has_meaning = True
    facets: ClassVar = {
        FIELD_OF_ACTION: "fields_of_action__slug",
        PHASE: "phase",
        PARTNERS: "openness",
        REUSE: "reuse_class",
        LAND: "public_body__land__key",
        SIZE: "public_body__size_class",
        OZG_FIELD: "ozg_fields__slug",
        ARTEFACT_KIND: "artefacts__kind__slug",
        LICENCE: "artefacts__licence__spdx_id",
        TAG: "tagged_items__tag__slug",
    }
    keywords: ClassVar = {PLACE: "public_body__keys_around"}
    reads = (
        "ozg_services__field",
        "service_keys__service__field",
        *(f"participations__{unit}" for unit in UNITS),
    )

    rows = (
        # That somebody was asked changes nothing.
        Row(Reuse, "project_id", ignored=frozenset({"asked_at"})),
        Row(TaggedProject, "content_object_id", is_saved_with_page=True),
    )

    def attach(self, pages: Sequence[Any]) -> None:
        attach_bodies(pages)
        classes = classes_of([page.pk for page in pages])
        for page in pages:
            page.reuse_class = classes.get(page.pk)

    def text(self, thing: ProjectPage) -> Iterable[str]:
        return (
            thing.summary,
            stream_text(thing.body),
            thing.problem,
            thing.change_for_citizens,
            thing.target_group,
            rich_text(thing.lessons_learned),
            thing.standards,
            thing.partner_note,
            thing.partner_need,
            thing.stop_note,
        )

    def leading(self, thing: ProjectPage) -> Iterable[str]:
        keys = thing.service_keys.all()
        services = {*thing.ozg_services.all(), *(key.service for key in keys if key.service)}
        return (
            thing.product,
            thing.provider,
            thing.funding,
            *names_of_tags(thing),
            *names_of_fields(thing),
            *(f"{service.name} {service.ozg_id}" for service in sorted(services, key=lambda service: service.ozg_id)),
            *(f"{key.name} {key.key}" for key in keys),
            *(str(participation) for participation in thing.participations.all()),
            place_words(thing.public_body),
        )

    def for_hits(self, pages: Any) -> Iterable[Any]:
        found = list(pages.only(*SHOWN))
        attach_bodies(found, BodyPage.objects.with_place_labels())
        tags = _tags([page.pk for page in found])
        for page in found:
            page.shown_tags = tags.get(page.pk, ())
        return found

    def shown(self, thing: Any) -> dict[str, Any]:
        return {
            "place": place_of(thing),
            "phase": thing.phase,
            "phase_name": str(Phase(thing.phase).label),
            "is_seeking_partners": thing.is_seeking_partners,
            "tags": thing.shown_tags,
        }


def _tags(page_ids: Collection[int]) -> dict[int, list[Term]]:
    """Of each project, in the order in which they were given."""
    tagged = TaggedProject.objects.filter(content_object__in=page_ids).order_by("pk")
    found: dict[int, list[Term]] = {}
    for page_id, slug, name in tagged.values_list("content_object", "tag__slug", "tag__name"):
        found.setdefault(page_id, []).append(Term(slug, name))
    return found


def place_of(project: ProjectPage) -> str:
    """The body of a project, with where it lies."""
    return " · ".join(filter(None, (project.public_body.title, project.public_body.place_label)))


def names_of_fields(project: ProjectPage) -> list[str]:
    return [field.name for field in project.fields_of_action.all()]


def names_of_tags(project: ProjectPage) -> list[str]:
    """In the order in which they were given."""
    return [tagged.tag.name for tagged in sorted(project.tagged_items.all(), key=lambda tagged: tagged.pk)]
