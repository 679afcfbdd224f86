"""The worker needs nobody: whatever went away and came back, in the end every index equals the database."""

import datetime
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from projects.models import ProjectPage
from search.engines import Engine, EngineUnavailableError, PageDocuments, create_engine
from search.indexing import outbox, upkeep
from search.indexing.outbox import drain
from search.indexing.rebuild import compare
from search.indexing.upkeep import CHECK_EVERY, LAST_WAIT_SECONDS, PAUSE_SECONDS, BackOff, Worker
from search.models import FALLBACK, IN_USE, IndexCheck, OutboxEntry
from tests.factories import ProjectPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds pass for the worker."""
    passed = [0.0]
    real = time.monotonic
    monkeypatch.setattr(upkeep.time, "monotonic", lambda: real() + passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


@pytest.fixture
def worker(engine: Engine, settings: Any) -> Worker:
    """Without the meaning of texts, which has tests of its own."""
    settings.SEARCH_MEANING = "off"
    return Worker(lambda _text: None)


@pytest.fixture
def away(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The engine does not answer until this is undone."""

    def refuse(*_arguments: Any, **_options: Any) -> Any:
        raise EngineUnavailableError("connection refused")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("write", "ping", "digests", "rebuild"):
            patch.setattr(type(engine), name, refuse)
        yield patch


def test_a_turn_brings_in_what_changed(engine: Engine, worker: Worker) -> None:
    ProjectPageFactory()
    assert worker.turn() == PAUSE_SECONDS
    assert compare(engine).is_equal
    assert not OutboxEntry.objects.pending().exists()


def test_a_missing_index_is_built_without_a_command(settings: Any, tmp_path: Any, worker: Worker) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/fresh"
    outbox.BUILD_AT_ONCE, kept = 0, outbox.BUILD_AT_ONCE
    try:
        ProjectPageFactory()
        worker.turn()
    finally:
        outbox.BUILD_AT_ONCE = kept
    assert compare(create_engine(settings.SEARCH_URL)).is_equal


def test_an_index_that_vanishes_while_nothing_changes_is_built_again(
    settings: Any, tmp_path: Any, worker: Worker, clock: Callable[[float], None]
) -> None:
    ProjectPageFactory()
    worker.turn()
    settings.SEARCH_URL = f"tantivy://{tmp_path}/fresh"
    clock(upkeep.PING_SECONDS)
    worker.turn()
    assert compare(create_engine(settings.SEARCH_URL)).is_equal


def test_the_fallback_is_built_and_kept_as_well(settings: Any, tmp_path: Any, worker: Worker) -> None:
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    ProjectPageFactory()
    worker.turn()
    assert compare(create_engine(settings.SEARCH_FALLBACK_URL)).is_equal
    assert not OutboxEntry.objects.pending(FALLBACK).exists()


def test_the_fallback_is_kept_while_the_engine_in_use_is_away(
    settings: Any, tmp_path: Any, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    fallback = create_engine(settings.SEARCH_FALLBACK_URL)
    worker.turn()

    def gone() -> Engine:
        raise EngineUnavailableError("connection refused")

    worker.keepers[0].find = gone
    ProjectPageFactory()
    worker.turn()
    assert compare(fallback).is_equal
    assert OutboxEntry.objects.pending().count() == 2


def test_an_engine_that_is_away_is_left_alone_longer_and_longer() -> None:
    back_off = BackOff()
    waits = []
    for _attempt in range(10):
        back_off.lengthen()
        waits.append(back_off.seconds)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (2, LAST_WAIT_SECONDS)
    back_off.end()
    assert back_off.is_over


def test_after_an_outage_the_index_is_compared_and_what_the_server_lost_comes_back(
    engine: Engine, worker: Worker, away: pytest.MonkeyPatch, clock: Callable[[float], None]
) -> None:
    away.undo()
    project = ProjectPageFactory(title="Ampel")
    worker.turn()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(engine), "ping", lambda self: (_ for _ in ()).throw(EngineUnavailableError("refused")))
        clock(upkeep.PING_SECONDS)
        worker.turn()
    version = OutboxEntry.objects.get(page_id=project.pk).version
    engine.write([PageDocuments(project.pk, version=version)])  # as if the server had lost it
    worker.turn()
    assert compare(engine).missing == {project.pk}
    clock(LAST_WAIT_SECONDS)
    worker.turn()
    assert compare(engine).is_equal


def test_changes_of_an_outage_come_in_afterwards(
    engine: Engine, worker: Worker, away: pytest.MonkeyPatch, clock: Callable[[float], None]
) -> None:
    ProjectPageFactory()
    for _attempt in range(12):
        worker.turn()
        clock(LAST_WAIT_SECONDS)
    assert OutboxEntry.objects.waiting().count() == 2
    away.undo()
    worker.turn()
    assert compare(engine).is_equal


def test_the_index_is_compared_once_a_day_by_one_worker(engine: Engine, worker: Worker) -> None:
    worker.turn()
    project = ProjectPageFactory(title="Ampel")
    worker.turn()
    ProjectPage.objects.filter(pk=project.pk).update(title="Bank")
    Worker(lambda _text: None).turn()
    assert compare(engine).stale == {project.pk}
    IndexCheck.objects.filter(index=IN_USE).update(due_at=timezone.now() - datetime.timedelta(seconds=1))
    worker.turn()
    assert compare(engine).is_equal
    due_at = IndexCheck.objects.get(index=IN_USE).due_at
    assert due_at > timezone.now() + CHECK_EVERY - datetime.timedelta(minutes=1)


def test_changes_are_brought_in_while_the_index_is_compared(
    engine: Engine, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ProjectPageFactory(title="Ampel")
    drain()
    monkeypatch.setattr(worker.keepers[0], "bring", lambda _engine, _done: None)
    ProjectPage.objects.get(pk=first.pk).save()
    assert OutboxEntry.objects.pending().exists()
    worker.turn()
    assert not OutboxEntry.objects.pending().exists()


def test_a_database_that_is_away_does_not_end_the_worker(
    engine: Engine, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProjectPageFactory()
    closed = []
    with monkeypatch.context() as patch:
        patch.setattr(connection, "close", lambda: closed.append(True))
        patch.setattr(
            worker.keepers[0], "bring", lambda *_arguments: (_ for _ in ()).throw(OperationalError("server closed"))
        )
        assert worker.turn() > PAUSE_SECONDS
        assert worker.turn() > worker.trouble.seconds / 2
    assert closed
    assert worker.turn() == PAUSE_SECONDS
    assert compare(engine).is_equal


def test_what_nobody_foresaw_does_not_end_the_worker(
    engine: Engine, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_publish_on_schedule", lambda: 1 / 0)
        assert worker.turn() > PAUSE_SECONDS
    assert worker.turn() == PAUSE_SECONDS


def test_the_worker_publishes_on_schedule(engine: Engine, worker: Worker) -> None:
    project = ProjectPageFactory(live=False)
    revision = project.get_latest_revision()
    revision.approved_go_live_at = timezone.now()
    revision.save()
    worker.turn()
    worker.turn()
    assert ProjectPage.objects.get(pk=project.pk).live
    assert compare(engine).is_equal


def test_one_drain_command_tells_of_a_fallback_left_behind(
    engine: Engine, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    ProjectPageFactory()
    call_command("drain_index", verbosity=0)
    assert compare(create_engine(settings.SEARCH_FALLBACK_URL)).is_equal
