"""Public bodies and their projects, published through revisions as an editor would publish them."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from examples.content import Record
from examples.media import PictureShelf, store_document
from examples.prose import StreamWriter, rich_text
from projects.models import (
    Artefact,
    ArtefactKind,
    Association,
    BodyIndexPage,
    BodyPage,
    District,
    FieldOfAction,
    ImportRecord,
    Licence,
    Municipality,
    OzgService,
    Participation,
    ProjectPage,
    ProjectTag,
    ServiceKey,
    State,
)

# Records of what came from here; the same identifiers stand in the evaluation tables of the search.
SOURCE_PREFIX = "example:"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:examples:artefacts")
TEXT_LICENCE = "CC-BY-4.0"
# The projects appear to have been published one by one over the past year and a half, the newest two days ago.
NEWEST, STEP = timedelta(days=2), timedelta(days=9)
OFFICE = "Stabsstelle Digitalisierung"
# Length of a key → field of the register it belongs to, and the model that has it.
REGISTER: dict[int, tuple[str, Any, str]] = {
    2: ("state", State, "key"),
    5: ("district", District, "key"),
    9: ("association", Association, "key"),
    12: ("municipality", Municipality, "ars"),
}
PLAIN_FIELDS = (
    "title", "slug", "summary", "image_alt", "problem", "change_for_citizens", "target_group", "phase", "stop_reason",
    "stop_note", "starts_on", "ends_on", "product", "provider", "standards", "conformity", "portal_url", "openness",
    "partner_note", "partner_need", "cost_from", "cost_to", "effort_from", "effort_to", "funding", "cost_note",
    "contact_promise",
)  # fmt: skip


def source_id(address: str) -> str:
    """The identifier under which a project “body/project” is recorded."""
    return f"{SOURCE_PREFIX}{address}"


def is_loaded() -> bool:
    """True once projects of the example content were stored; people may have edited or deleted them since."""
    return ImportRecord.objects.filter(source_id__startswith=SOURCE_PREFIX).exists()


def reference(key: str) -> dict[str, Any]:
    """The unit of the register with that key, by the name of the field that refers to it."""
    field, model, column = REGISTER[len(key)]
    return {field: model.objects.get(**{column: key})}


def publish(page: Any) -> Any:
    """A new revision of the page, published at once. Returns the revision.

    The references are noted once here: Wagtail would do it anew for every child of the page that is saved.
    """
    with disable_reference_index_auto_update():
        revision = page.save_revision()
        revision.publish()
    ReferenceIndex.create_or_update_for_object(type(page).objects.get(pk=page.pk))
    return revision


def add_below(parent: Any, page: Any) -> None:
    """Store a page as the last child; its references are noted when it is published."""
    with disable_reference_index_auto_update():
        parent.add_child(instance=page)


class BodyLoader:
    """Creates the pages of bodies and projects; keeps what it looked up."""

    def __init__(self, shelf: PictureShelf) -> None:
        self.shelf = shelf
        self.index = BodyIndexPage.objects.get()
        self.fields = FieldOfAction.objects.in_bulk(field_name="name")
        self.kinds = ArtefactKind.objects.in_bulk(field_name="slug")
        self.licences = Licence.objects.in_bulk(field_name="spdx_id")
        self.services = OzgService.objects.in_bulk(field_name="ozg_id")
        self.keys = ServiceKey.objects.in_bulk(field_name="key")
        self.tags: dict[str, ProjectTag] = {}
        self.pages: dict[str, int] = {}

    def load(self, bodies: dict[str, Record], progress: Callable[[], Any]) -> None:
        """Store all bodies, then their projects, the ones that link to others last. Calls `progress` for each page."""
        pages: dict[str, BodyPage] = {}
        for slug, record in bodies.items():
            pages[slug] = self.body(slug, record["body"])
            progress()
        projects = [(slug, bodies[slug]["body"], project) for slug in bodies for project in bodies[slug]["projects"]]
        projects.sort(key=lambda item: (_links_to_pages(item[2]), str(item[2].get("starts_on", ""))))
        first = timezone.now() - NEWEST - STEP * (len(projects) - 1)
        for number, (slug, body, project) in enumerate(projects):
            self.project(pages[slug], body, project, first + STEP * number)
            progress()

    def body(self, slug: str, record: Record) -> BodyPage:
        """Publish the page of one body."""
        unit = reference(record["key"]) if "key" in record else {}
        page = BodyPage(
            slug=slug,
            title=record["title"],
            kind=record["kind"],
            summary=record["summary"],
            website=record.get("website", f"https://www.{slug}.example/"),
            seat_state=State.objects.get(key=record["state"]) if "state" in record else None,
            is_example=True,
            live=False,
            **unit,
        )
        add_below(self.index, page)
        page.about = self.writer(page).stream(record.get("about", []))
        publish(page)
        return page

    def writer(self, body: BodyPage) -> StreamWriter:
        return StreamWriter(
            picture=lambda name: self.shelf.get(name).pk,
            page=lambda address: self.pages[address],
            document=lambda block: store_document(block, body.team.collection).pk,
        )

    def project(self, body: BodyPage, body_record: Record, record: Record, published_at: datetime) -> ProjectPage:
        """Publish one project with its artefacts and record where it came from."""
        page = ProjectPage(**{name: record[name] for name in PLAIN_FIELDS if name in record})
        page.image = self.shelf.get(record["image"])
        page.body = self.writer(body).stream(record.get("body", []))
        page.lessons_learned = rich_text(record.get("lessons_learned", ""))
        page.text_licence = self.licences[TEXT_LICENCE]
        page.is_example, page.live, page.first_published_at = True, False, published_at
        self._classify(page, record)
        if not body_record.get("is_real"):
            page.contact_name, page.contact_role = OFFICE, body_record["title"]
            page.contact_email = f"digital@{body.slug}.example"
        address = f"{body.slug}/{record['slug']}"
        page.artefacts = [self._artefact(body, address, artefact) for artefact in record.get("artefacts", [])]
        add_below(body, page)
        self.pages[address] = page.pk
        self._remember(page, address, record, publish(page))
        return page

    def _classify(self, page: ProjectPage, record: Record) -> None:
        page.fields_of_action = [self.fields[name] for name in record["fields"]]
        page.ozg_services = [self.services[number] for number in record.get("ozg", [])]
        page.service_keys = [self.keys[key] for key in record.get("service_keys", [])]
        page.tags.add(*(self._tag(name) for name in record["tags"]))
        page.participations = [
            Participation(sort_order=number, role=part["role"], **reference(part["key"]))
            for number, part in enumerate(record.get("participations", []))
        ]

    def _tag(self, name: str) -> ProjectTag:
        if name not in self.tags:
            self.tags[name], _ = ProjectTag.objects.get_or_create(name=name, defaults={"is_approved": True})
        return self.tags[name]

    def _artefact(self, body: BodyPage, address: str, record: Record) -> Artefact:
        return Artefact(
            uuid=uuid.uuid5(NAMESPACE, f"{address}/{record['title']}"),
            title=record["title"],
            kind=self.kinds[record["kind"]],
            description=record["description"],
            file=store_document(record, body.team.collection) if "format" in record else None,
            link=record.get("link", ""),
            licence=self.licences[record["licence"]],
            version=record.get("version", ""),
            date=record.get("date"),
            language=record.get("language", "de"),
        )

    def _remember(self, page: ProjectPage, address: str, record: Record, revision: Any) -> None:
        digest = hashlib.sha256(json.dumps(record, sort_keys=True, default=str).encode()).hexdigest()
        ImportRecord.objects.create(source_id=source_id(address), page=page, digest=digest, revision=revision)


def _links_to_pages(project: Record) -> bool:
    blocks: Iterable[Record] = project.get("body", [])
    return any("page" in link for block in blocks for link in block.get("links", []))
