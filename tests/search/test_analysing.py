"""Reading and analysing in several processes: the same as in one, whatever becomes of the processes."""

import os
import signal
from typing import Any

import pytest
from django.db import transaction

from search import analysing
from search.analysing import analysts
from search.documents import searchable_page_ids
from search.models import OutboxEntry
from tests.factories import ProjectPageFactory, artefact


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few pages are worth a process, two make a task."""
    monkeypatch.setattr(analysing, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(analysing, "TASK", 2)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_other_processes_give_the_same_in_the_same_order(several: None) -> None:
    for number in range(5):
        ProjectPageFactory(title=f"Projekt {number}", children={"artefacts": [artefact()]})
    page_ids = searchable_page_ids()
    OutboxEntry.objects.filter(page_id=page_ids[0]).update(version=7)
    with analysts(workers=0) as here, analysts(workers=1) as elsewhere:
        assert list(elsewhere.changes(page_ids)) == list(here.changes(page_ids))
        assert list(elsewhere.digests(page_ids)) == list(here.digests(page_ids))
        assert elsewhere._pool is not None
        (first, *_others) = elsewhere.changes(page_ids)
    assert first.versions[page_ids[0]] == 7
    assert all("tokens" in document.__dict__ for change in first.changes for document in change.documents)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_process_that_is_killed_costs_time_only(several: None) -> None:
    for number in range(4):
        ProjectPageFactory(title=f"Projekt {number}")
    page_ids = searchable_page_ids()
    with analysts(workers=1) as pool:
        answers = pool.changes(page_ids)
        found = [next(answers)]
        assert pool._pool is not None
        for process in list(pool._pool._processes):
            os.kill(process, signal.SIGKILL)
        found += list(answers)
    assert [page_id for batch in found for page_id in batch.versions] == page_ids


@pytest.mark.django_db
def test_inside_a_transaction_no_other_process_is_asked(several: None) -> None:
    page = ProjectPageFactory(title="Noch nicht gespeichert")
    with transaction.atomic(), analysts(workers=1) as pool:
        batches = list(pool.changes([page.pk]))
        assert pool._pool is None
    assert [document.title for batch in batches for document in batch.changes[0].documents] == [
        "Noch nicht gespeichert"
    ]


@pytest.mark.django_db
def test_a_page_that_cannot_be_read_is_named(monkeypatch: Any) -> None:
    page = ProjectPageFactory()
    monkeypatch.setattr("search.documents.rich_text", lambda source: 1 / 0)
    with analysts(workers=0) as pool:
        (batch,) = pool.changes([page.pk])
        (digests,) = pool.digests([page.pk])
    assert batch.changes == []
    assert "ZeroDivisionError" in batch.broken[page.pk]
    assert digests.documents == {}
    assert page.pk in digests.broken
