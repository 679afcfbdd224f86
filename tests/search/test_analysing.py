"""Reading and analysing in several processes: the same as in one, whatever becomes of the processes."""

import os
import signal
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import transaction

from search import analysing
from search.analysing import Batch, Digests, analysts
from search.documents import searchable_page_ids
from search.models import OutboxEntry
from tests.factories import ProjectPageFactory, artefact


@pytest.fixture
def several(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few pages are worth a process, two make a task."""
    monkeypatch.setattr(analysing, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(analysing, "TASK", 2)


def ordered(batches: Iterable[Batch], page_ids: list[int]) -> list[Batch]:
    """They come as they are ready."""
    return sorted(batches, key=lambda batch: page_ids.index(min(batch.versions, key=page_ids.index)))


def by_pages(digests: Digests) -> tuple[int, ...]:
    return digests.page_ids


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_other_processes_give_the_same(several: None) -> None:
    for number in range(5):
        ProjectPageFactory(title=f"Projekt {number}", children={"artefacts": [artefact()]})
    page_ids = searchable_page_ids()
    OutboxEntry.objects.filter(page_id=page_ids[0]).update(version=7)
    with analysts(workers=0) as here, analysts(workers=1) as elsewhere:
        found = ordered(elsewhere.changes(page_ids), page_ids)
        assert found == list(here.changes(page_ids))
        assert sorted(elsewhere.digests(page_ids), key=by_pages) == sorted(here.digests(page_ids), key=by_pages)
        assert elsewhere._pool is not None
    first = found[0]
    assert first.versions[page_ids[0]] == 7
    documents = [document for change in first.changes for document in change.documents]
    assert documents
    assert all("tokens" in document.__dict__ for document in documents)


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
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
    assert [page_id for batch in ordered(found, page_ids) for page_id in batch.versions] == page_ids


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_this_process_works_while_others_start(several: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        ProjectPageFactory(title=f"Projekt {number}")
    page_ids = searchable_page_ids()
    here: list[int] = []
    read_here = analysing.read

    def read(wanted: Any) -> Any:
        here.extend(wanted)
        return read_here(wanted)

    monkeypatch.setattr(analysing, "read", read)
    with analysts(workers=1) as pool:
        found = ordered(pool.changes(page_ids), page_ids)
    assert here == page_ids[analysing.TASK * analysing.AHEAD :]
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
