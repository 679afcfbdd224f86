"""The outbox loses no change, repeats what failed, and never stands in the way of publishing."""

import threading
from contextlib import nullcontext
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from projects.models import ProjectPage
from search import outbox
from search.engines import Engine, EngineError, get_engine
from search.models import OutboxEntry
from search.outbox import drain
from tests.factories import ProjectPageFactory

pytestmark = pytest.mark.django_db


class BrokenEngine:
    """An engine nobody can reach."""

    is_embedded = True
    exclusive = staticmethod(nullcontext)

    def __getattr__(self, name: str) -> Any:
        raise EngineError("unreachable")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "get_engine", BrokenEngine)


def test_one_row_counts_the_changes_of_a_page(engine: Engine) -> None:
    OutboxEntry.objects.enqueue([5, 5, 6])
    OutboxEntry.objects.enqueue([5])
    assert dict(OutboxEntry.objects.values_list("page_id", "version")) == {5: 2, 6: 1}


def test_a_rolled_back_change_leaves_no_trace(engine: Engine) -> None:
    project = ProjectPageFactory(title="Vorher")
    drain()
    with transaction.atomic():
        project.title = "Nachher"
        project.save()
        assert OutboxEntry.objects.pending().exists()
        transaction.set_rollback(True)
    assert not OutboxEntry.objects.pending().exists()


def test_a_drained_entry_is_done_once(engine: Engine) -> None:
    ProjectPageFactory()
    assert drain().synced > 0
    assert drain().synced == 0


def test_a_change_during_the_drain_is_brought_in_afterwards(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    project = ProjectPageFactory()
    write = type(engine).write

    def write_and_change(self: Any, changes: Any) -> None:
        write(self, changes)
        monkeypatch.setattr(type(engine), "write", write)
        ProjectPage.objects.get(pk=project.pk).save()

    monkeypatch.setattr(type(engine), "write", write_and_change)
    outbox._drain_batch(engine, 100)
    assert list(OutboxEntry.objects.pending().values_list("page_id", flat=True)) == [project.pk]
    assert drain().synced == 1


def test_a_failure_is_kept_and_tried_again_later(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ProjectPageFactory()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "get_engine", BrokenEngine)
        assert drain().failed == 2
        assert drain().failed == 0
    entry = OutboxEntry.objects.pending().first()
    assert entry is not None
    assert entry.attempts == 1
    assert entry.last_error == "unreachable"
    assert entry.next_try_at > timezone.now()
    OutboxEntry.objects.update(next_try_at=timezone.now())
    assert drain().synced == 2
    entry.refresh_from_db()
    assert (entry.attempts, entry.last_error, entry.is_pending) == (0, "", False)


def test_waiting_times_grow_and_stay_below_an_hour(engine: Engine) -> None:
    OutboxEntry.objects.enqueue([1])
    waits = []
    for _attempt in range(15):
        entry = OutboxEntry.objects.get(page_id=1)
        entry.note_failure("x")
        entry.refresh_from_db()
        waits.append((entry.next_try_at - timezone.now()).total_seconds())
    assert waits[0] < waits[3] < waits[6]
    assert max(waits) <= 3600


def test_a_page_that_cannot_be_read_keeps_no_other_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = ProjectPageFactory(title="Schlecht"), ProjectPageFactory(title="Gut")
    read = outbox.from_pages

    def sometimes(page_ids: Any) -> Any:
        if bad.pk in set(page_ids):
            raise ValueError("damaged block")
        return read(page_ids)

    monkeypatch.setattr(outbox, "from_pages", sometimes)
    done = drain()
    assert (done.failed, done.synced) == (1, 3)
    assert "damaged block" in OutboxEntry.objects.get(page_id=bad.pk).last_error
    assert not OutboxEntry.objects.get(page_id=good.pk).is_pending


@pytest.mark.usefixtures("broken")
def test_publishing_works_without_an_engine(
    engine: Engine, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        project = ProjectPageFactory()
    assert project.live
    assert OutboxEntry.objects.pending().count() == 2


def test_one_commit_drains_once(engine: Engine, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        ProjectPageFactory()
    assert [callback for callback in callbacks if callback is outbox.drain_after_commit] == [outbox.drain_after_commit]


def test_a_small_missing_index_is_built_on_the_spot(settings: Any, tmp_path: Any) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/fresh"
    ProjectPageFactory()
    assert drain().failed == 0
    assert get_engine().count(audience="public") == 2


def test_a_large_missing_index_waits_for_a_rebuild(
    settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/fresh"
    monkeypatch.setattr(outbox, "BUILD_AT_ONCE", 1)
    ProjectPageFactory()
    assert drain().failed == 2
    assert "rebuild_index" in OutboxEntry.objects.first().last_error  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_published_project_is_found_when_the_request_is_over(engine: Engine) -> None:
    ProjectPageFactory(title="Ampel")
    assert engine.count(audience="public") == 2
    assert not OutboxEntry.objects.pending().exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_drains_at_once_do_everything_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "drain_after_commit", lambda: None)
    for number in range(4):
        ProjectPageFactory(title=f"Ampel {number}")
    OutboxEntry.objects.update(synced_version=0)
    pending = OutboxEntry.objects.pending().count()
    done: list[outbox.Drained] = []

    def work() -> None:
        try:
            done.append(drain())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found.synced for found in done) == pending
    assert sum(found.failed for found in done) == 0
    assert engine.count(audience="public") == 8


def test_drain_index_fails_while_something_waits(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ProjectPageFactory()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "get_engine", BrokenEngine)
        with pytest.raises(CommandError):
            call_command("drain_index")
    OutboxEntry.objects.update(next_try_at=timezone.now())
    call_command("drain_index")
