"""Writes projects as rows, without publishing one by one: reading finds the same state, in a fraction of the time.

Lines are checked and terms are found by the platform's own import; only the storing is another. What nobody measures
here is left out: revisions, log entries, the reference index, the teams of the bodies.
"""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from projects.importers.projects import Candidate, ProjectImport, artefacts_of
from projects.importers.stock_index import refresh_stock_index
from projects.models import (
    Artefact,
    BodyIndexPage,
    BodyKind,
    BodyPage,
    ImportRecord,
    Municipality,
    ProjectPage,
    TaggedProject,
)

# Rows of one statement, below SQLite's limit of variables: a page has more than forty columns.
ROWS = 200
# Pages are published one after the other, so that sorting by date means something.
BETWEEN_PUBLICATIONS = datetime.timedelta(minutes=20)


class QuickImport(ProjectImport):
    """The import with another way of storing."""

    @transaction.atomic
    def store_batch(self, candidates: list[Candidate]) -> None:
        self.bodies.read({candidate.line.key for candidate in candidates})
        pages: dict[BodyPage, list[ProjectPage]] = defaultdict(list)
        stored = []
        for candidate in candidates:
            body = self.bodies.find(candidate.line.key)
            page = ProjectPage(slug=self.slugs.take(body, candidate.line.title))
            self.fill(page, candidate, [])
            pages[body].append(page)
            stored.append((page, candidate))
        insert_below(pages)
        self.insert_children(stored)
        records = [ImportRecord(source_id=line.source_id, page=page, digest=line.digest) for page, line in stored]
        ImportRecord.objects.bulk_create(records)
        refresh_stock_index(ProjectPage, [page.pk for page, _candidate in stored])
        self.report.created += len(stored)

    def insert_children(self, stored: Sequence[tuple[ProjectPage, Candidate]]) -> None:
        fields_of_action = ProjectPage.fields_of_action.through
        tagged, fields, artefacts = [], [], []
        for page, candidate in stored:
            tags = self.vocabulary.tags_of(candidate.line, [])
            tagged += [TaggedProject(tag=tag, content_object_id=page.pk) for tag in tags]
            fields += [
                fields_of_action(projectpage_id=page.pk, fieldofaction_id=field.pk)
                for field in candidate.terms.fields_of_action
            ]
            for artefact in artefacts_of(ProjectPage(), candidate.terms):
                artefact.project_id = page.pk
                artefacts.append(artefact)
        TaggedProject.objects.bulk_create(tagged)
        fields_of_action.objects.bulk_create(fields)
        Artefact.objects.bulk_create(artefacts)


def add_bodies() -> None:
    """A page for every municipality of the register."""
    units = Municipality.objects.order_by("pk")
    bodies = [BodyPage(title=unit.name, kind=BodyKind.MUNICIPALITY, municipality=unit, slug=unit.ags) for unit in units]
    insert_below({BodyIndexPage.objects.get(): bodies})


def insert_below(pages: Mapping[Any, Sequence[Any]]) -> None:
    """Insert published pages as last children of their parents."""
    placed: list[Any] = []
    for parent, children in pages.items():
        for page in children:
            parent.numchild += 1
            place(page, parent)
            placed.append(page)
        type(parent).objects.filter(pk=parent.pk).update(numchild=parent.numchild)
    names = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    bases = [Page(**{name: getattr(page, name) for name in names}) for page in placed]
    Page.objects.bulk_create(bases, batch_size=ROWS)
    for page, base in zip(placed, bases, strict=True):
        page.pk = page.page_ptr_id = base.pk
    model = type(placed[0])
    for start in range(0, len(placed), ROWS):
        # bulk_create refuses models with a parent table; the row there exists already.
        model._base_manager.all()._insert(
            placed[start : start + ROWS], model._meta.local_concrete_fields, using=model.objects.db
        )


def place(page: Any, parent: Any) -> None:
    """Where the page stands in the tree, and that it is published."""
    page.path = Page._get_path(parent.path, parent.depth + 1, parent.numchild)
    page.depth, page.numchild = parent.depth + 1, 0
    page.url_path = f"{parent.url_path}{page.slug}/"
    page.draft_title = page.title
    page.content_type = ContentType.objects.get_for_model(type(page))
    page.locale_id = parent.locale_id
    age = BETWEEN_PUBLICATIONS * parent.numchild
    page.live, page.has_unpublished_changes = True, False
    page.first_published_at = page.last_published_at = timezone.now() - age
