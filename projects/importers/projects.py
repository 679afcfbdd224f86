"""Stores projects that come as a list, one dictionary each.

A repeated import goes by the identifier: an unchanged line costs nothing, a changed one updates its page, but never a
page that a person edited, unpublished or deleted in the meantime. Whoever listens to publishing, such as search, hears
of every page.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, ReferenceIndex, Revision
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from pages.addresses import first_free, readable
from projects.importers.bodies import Bodies
from projects.importers.lines import Entry
from projects.importers.project_lines import ProjectLine, digest_of, identifier_of, parse_project
from projects.importers.reports import BadLine, ImportReport
from projects.importers.stock_index import refresh_stock_index, without_stock_index
from projects.importers.vocabulary import Terms, Vocabulary
from projects.models import (
    Artefact,
    BodyPage,
    ImportRecord,
    ProjectPage,
    StopReason,
    TaggedProject,
)

# Pages of one transaction: few enough that others wait only seconds for SQLite's write lock.
BATCH = 200
FALLBACK_SLUG = "projekt"

Progress = Callable[[int], object]


@dataclass
class ProjectReport(ImportReport):
    """How many lines became what; `kept` were edited, unpublished or deleted by a person."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    cut_summaries: int = 0
    new_bodies: int = 0
    proposed_tags: int = 0


class Slugs:
    """Free addresses below a body, without asking the database for each candidate."""

    def __init__(self) -> None:
        self.taken: dict[int, set[str]] = {}

    def take(self, parent: BodyPage, title: str) -> str:
        if parent.pk not in self.taken:
            self.taken[parent.pk] = set(parent.get_children().values_list("slug", flat=True))
        taken = self.taken[parent.pk]
        slug = first_free([readable(title, FALLBACK_SLUG)], taken.__contains__)
        taken.add(slug)
        return slug


@dataclass(slots=True)
class Candidate:
    """A line that can be stored."""

    number: int
    source_id: str
    line: ProjectLine
    terms: Terms
    digest: str


class ProjectImport:
    """One run over one list; `run` is the only way in."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.report = ProjectReport()
        self.vocabulary = Vocabulary()
        self.bodies = Bodies()
        self.slugs = Slugs()
        self.lines_by_id: dict[str, int] = {}

    def run(self, entries: Iterable[Entry | BadLine]) -> ProjectReport:
        remaining = iter(entries)
        while batch := list(itertools.islice(remaining, BATCH)):
            self.store_batch([candidate for entry in batch if (candidate := self.candidate(entry))])
            self.progress(len(batch))
        self.report.new_bodies, self.report.proposed_tags = self.bodies.created, self.vocabulary.proposed
        return self.report

    def candidate(self, entry: Entry | BadLine) -> Candidate | None:
        """The line as it can be stored; None, and named in the report, if it cannot."""
        self.report.read += 1
        if isinstance(entry, BadLine):
            self.report.bad_lines.append(entry)
            return None
        try:
            source_id = identifier_of(entry.value)
            if source_id in self.lines_by_id:
                raise ValueError(_("the id already stands in line %(line)d") % {"line": self.lines_by_id[source_id]})
            line = parse_project(entry.value)
        except ValueError as error:
            self.report.bad_lines.append(BadLine(entry.line, str(error)))
            return None
        self.lines_by_id[source_id] = entry.line
        terms = self.vocabulary.terms_of(line)
        return Candidate(entry.line, source_id, line, terms, digest_of(entry.value, terms.names()))

    @transaction.atomic
    def store_batch(self, candidates: list[Candidate]) -> None:
        ids = [candidate.source_id for candidate in candidates]
        records = {
            record.source_id: record for record in ImportRecord.objects.filter(source_id__in=ids).select_related("page")
        }
        keys = {candidate.line.key for candidate in candidates}
        self.bodies.read(keys)
        stored: list[ImportRecord] = []
        with disable_reference_index_auto_update(), without_stock_index(ProjectPage):
            for candidate in candidates:
                try:
                    with transaction.atomic():
                        record = self.store(candidate, records.get(candidate.source_id))
                except (ValueError, ValidationError, DataError, IntegrityError) as error:
                    self.report.bad_lines.append(BadLine(candidate.number, reason_of(error)))
                    self.forget(keys)
                else:
                    stored += [record] if record else []
        # Once for each page; the signals would do it for every save, and publishing saves three times.
        for record in stored:
            ReferenceIndex.create_or_update_for_object(record.page)
        refresh_stock_index(ProjectPage, [record.page_id for record in stored if record.page_id])
        ImportRecord.objects.bulk_create([record for record in stored if record.pk is None])

    def forget(self, keys: set[str]) -> None:
        """What the undone line left in memory may not exist in the database."""
        self.slugs = Slugs()
        self.vocabulary.read_tags()
        self.bodies.read(keys)

    def store(self, candidate: Candidate, record: ImportRecord | None) -> ImportRecord | None:
        """Create or update the page. Returns the record of what was stored, None if the line changed nothing."""
        if record is None:
            return self.create(candidate)
        if record.digest == candidate.digest:
            self.report.unchanged += 1
            return None
        # A person who unpublished or deleted the page does not want it back; neither makes a revision.
        if record.page is None or not record.page.live or not record.is_untouched:
            self.report.kept += 1
            self.remark(candidate, [_("kept as it is: a person edited, unpublished or deleted the page")])
            return None
        return self.update(candidate, record)

    def create(self, candidate: Candidate) -> ImportRecord:
        body = self.bodies.find(candidate.line.key)
        remarks = [*candidate.line.remarks, *candidate.terms.remarks]
        page = ProjectPage(slug=self.slugs.take(body, candidate.line.title))
        self.fill(page, candidate, remarks)
        revision = publish_new(page, body)
        self.report.created += 1
        self.remark(candidate, remarks)
        return ImportRecord(source_id=candidate.source_id, page=page, digest=candidate.digest, revision=revision)

    def update(self, candidate: Candidate, record: ImportRecord) -> ImportRecord:
        page, body = record.page, self.bodies.find(candidate.line.key)
        if page is None:
            raise ValueError(_("the page does not exist any more"))
        remarks = [*candidate.line.remarks, *candidate.terms.remarks]
        if not page.is_child_of(body) and not was_moved_by_a_person(page):
            page.slug = self.slugs.take(body, candidate.line.title)
            page.save(clean=False)
            page.move(body, pos="last-child")
            page = ProjectPage.objects.get(pk=page.pk)
            body.refresh_from_db()
        self.fill(page, candidate, remarks)
        revision = page.save_revision()
        revision.publish()
        record.page, record.digest, record.revision = page, candidate.digest, revision
        record.save()
        self.report.updated += 1
        self.remark(candidate, remarks)
        return record

    def fill(self, page: ProjectPage, candidate: Candidate, remarks: list[str]) -> None:
        """Set what the line says; what it does not speak of stays."""
        line, terms = candidate.line, candidate.terms
        page.title, page.summary, page.phase = line.title, line.summary, line.phase
        page.draft_title = line.title
        page.body = [("text", line.body)] if line.body else []
        if page.is_discontinued and not page.stop_reason:
            # The list has no reasons, a page needs one.
            page.stop_reason = StopReason.OTHER
        page.fields_of_action = terms.fields_of_action
        page.ozg_services = terms.services
        page.service_keys = terms.keys
        page.tagged_items = self.tagged(page, candidate, remarks)
        page.artefacts = artefacts_of(page, terms)

    def tagged(self, page: ProjectPage, candidate: Candidate, remarks: list[str]) -> list[TaggedProject]:
        present = {item.tag_id: item for item in page.tagged_items.all()} if page.pk else {}
        tags = self.vocabulary.tags_of(candidate.line, remarks)
        return [present.get(tag.pk) or TaggedProject(tag=tag) for tag in tags]

    def remark(self, candidate: Candidate, remarks: list[str]) -> None:
        self.report.cut_summaries += candidate.line.is_summary_cut
        place = _("Line %(number)d (%(id)s)") % {"number": candidate.number, "id": candidate.source_id}
        self.report.remarks += [f"{place}: {remark}" for remark in remarks]


def publish_new(page: ProjectPage, body: BodyPage) -> Revision:
    """Add the page below the body with one published revision, and tell the listeners of publishing.

    The same state as add_child, save_revision and publish leave, in half the time: publishing a revision reads the page
    back from it and saves everything a second time.
    """
    page.live, page.has_unpublished_changes = True, False
    page.first_published_at = page.last_published_at = timezone.now()
    body.add_child(instance=page)
    revision = page.save_revision(clean=False, changed=False)
    page.live_revision = revision
    ProjectPage.objects.filter(pk=page.pk).update(live_revision=revision)
    log(instance=page, action="wagtail.publish", revision=revision, content_changed=True)
    page_published.send(sender=ProjectPage, instance=page, revision=revision)
    return revision


def artefacts_of(page: ProjectPage, terms: Terms) -> list[Artefact]:
    """Artefacts of the line in its order; one that is known by kind and title keeps its address."""
    present = {(old.kind_id, old.title): old for old in page.artefacts.all()} if page.pk else {}
    artefacts = []
    for order, (line, kind, licence) in enumerate(terms.artefacts):
        artefact = present.pop((kind.pk, line.title), None) or Artefact(kind=kind, title=line.title)
        artefact.link, artefact.licence, artefact.version = line.link, licence, line.version
        artefact.date, artefact.language, artefact.sort_order = line.date, line.language, order
        artefacts.append(artefact)
    return artefacts


def was_moved_by_a_person(page: ProjectPage) -> bool:
    return PageLogEntry.objects.filter(page=page, action="wagtail.move", user__isnull=False).exists()


def reason_of(error: Exception) -> str:
    """One line that says what is wrong."""
    return "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def import_entries(entries: Iterable[Entry | BadLine], progress: Progress = lambda steps: None) -> ProjectReport:
    """Store the projects of a file read by `lines.read_entries`; `progress` is called with lines done."""
    return ProjectImport(progress).run(entries)


def import_projects(projects: Iterable[Mapping[str, Any]], progress: Progress = lambda steps: None) -> ProjectReport:
    """Store projects given as dictionaries; messages number them from one."""
    return import_entries((Entry(number, value) for number, value in enumerate(projects, start=1)), progress)
