"""What nobody stands by any more is found behind what is kept up."""

import pytest
from wagtail.models import Page

from people.freshness.entries import Answer, answer
from projects.models import Freshness, FreshnessState
from search.engines import Document, Engine, PageDocuments
from search.engines.queries import Query
from search.indexing.documents import from_page
from search.kinds.base import FRESHNESS
from search.models import OutboxEntry
from search.query.understanding import understand
from tests.factories import ArticlePageFactory, BodyPageFactory, ProjectPageFactory, artefact
from tests.people.ageing import orphaned, overdue

pytestmark = pytest.mark.django_db


def states(page: Page) -> set[tuple[str, ...]]:
    return {tuple(document.facets[FRESHNESS]) for document in from_page(page)}


def test_documents_of_project_and_artefacts_carry_the_state() -> None:
    project = ProjectPageFactory(children={"artefacts": [artefact()]})
    assert states(project) == {("aktuell",)}
    orphaned(project)
    assert states(project) == {("verwaist",)}


def test_what_has_no_age_is_as_good_as_confirmed() -> None:
    project = ProjectPageFactory()
    Freshness.objects.all().delete()
    for page in (project, BodyPageFactory(), ArticlePageFactory()):
        assert states(page) == {("aktuell",)}


def test_change_of_state_reaches_the_index_and_a_reminder_does_not() -> None:
    entry = overdue(ProjectPageFactory())
    OutboxEntry.objects.all().delete()
    entry.note_reminder(entry.confirmed_at)
    assert not OutboxEntry.objects.exists()
    entry.orphan(entry.confirmed_at)
    assert OutboxEntry.objects.get().page_id == entry.page_id
    OutboxEntry.objects.all().delete()
    answer(entry, Answer.HOLDS, None)
    assert OutboxEntry.objects.get().page_id == entry.page_id


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("better", "worse"),
    [(FreshnessState.CURRENT, FreshnessState.DUE), (FreshnessState.DUE, FreshnessState.ORPHANED)],
)
def test_equal_texts_stand_in_the_order_of_their_freshness(engine: Engine, better: str, worse: str) -> None:
    for better_id, worse_id in ((1, 2), (4, 3)):
        for page_id, state in ((better_id, better), (worse_id, worse)):
            facets = {"typ": ("projekt",), FRESHNESS: (str(state),)}
            document = Document(f"projekt-{page_id}", page_id, "Ampel", "", "public", 0, facets=facets)
            engine.write([PageDocuments(page_id, (document,))])
        read = understand("Ampel", engine=engine, audience="public")
        query = read.applied_to(Query(only_pages=(better_id, worse_id)))
        assert [hit.page_id for hit in engine.search(query, audience="public").hits] == [better_id, worse_id]
