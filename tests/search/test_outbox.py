"""The outbox loses no change, repeats what failed, and never stands in the way of publishing."""

import threading
import time
from contextlib import nullcontext
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from projects.models import ProjectPage
from search.engines import Engine, EngineError, EngineUnavailableError, RejectedError, create_engine, get_engine
from search.indexing import outbox, reading
from search.indexing.outbox import drain, drain_fallback
from search.indexing.rebuild import compare
from search.models import FALLBACK, KEYS_KEPT, LEASE, MAX_ATTEMPTS, OutboxEntry
from tests.factories import ProjectPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


class BrokenEngine:
    """An engine nobody can reach."""

    is_embedded = True
    exclusive = staticmethod(nullcontext)

    def __getattr__(self, name: str) -> Any:
        raise EngineError("unreachable")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "get_engine", BrokenEngine)


def versions() -> dict[int, int]:
    return dict(OutboxEntry.objects.values_list("page_id", "version"))


def test_one_row_counts_the_changes_of_a_page(engine: Engine) -> None:
    OutboxEntry.objects.enqueue([5, 5, 6])
    before = versions()
    OutboxEntry.objects.enqueue([5])
    assert versions().keys() == {5, 6}
    assert versions()[5] > before[5]
    assert versions()[6] == before[6]


def test_a_database_restored_from_a_backup_counts_above_what_the_index_holds(engine: Engine) -> None:
    OutboxEntry.objects.enqueue([5])
    held_by_the_index = versions()[5]
    OutboxEntry.objects.update(version=3, synced_version=3)
    OutboxEntry.objects.enqueue([5])
    assert versions()[5] > held_by_the_index


def test_versions_grow_even_if_the_clock_goes_back(engine: Engine) -> None:
    ahead = int((time.time() + 3600) * 1_000_000)
    OutboxEntry.objects.enqueue([5])
    OutboxEntry.objects.update(version=ahead)
    OutboxEntry.objects.enqueue([5])
    assert versions()[5] == ahead + 1


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
    outbox.bring_in(engine, outbox.Drained(), limit=2)
    assert list(OutboxEntry.objects.pending().values_list("page_id", flat=True)) == [project.pk]
    assert drain().synced == 1


def refusing(engine: Engine, page_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the engine takes everything but this page."""
    write = type(engine).write

    def write_others(self: Any, changes: Any) -> None:
        write(self, [change for change in changes if change.page_id != page_id])
        if any(change.page_id == page_id for change in changes):
            raise RejectedError({page_id: "field of the wrong kind"})

    monkeypatch.setattr(type(engine), "write", write_others)


def try_again() -> OutboxEntry:
    """Drain once more, whatever the waiting time; the entry that failed."""
    OutboxEntry.objects.update(next_try_at=timezone.now())
    drain()
    return OutboxEntry.objects.exclude(attempts=0).get()


def test_an_engine_that_is_away_is_no_fault_of_the_pages(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ProjectPageFactory()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "get_engine", BrokenEngine)
        done = drain()
    assert (done.synced, done.failed, done.error) == (0, 0, "unreachable")
    entry = OutboxEntry.objects.pending().first()
    assert entry is not None
    assert (entry.attempts, entry.last_error, entry.is_dead) == (0, "unreachable", False)
    assert drain().synced == 2
    entry.refresh_from_db()
    assert (entry.last_error, entry.is_pending) == ("", False)


def test_a_refused_page_is_tried_again_later_and_keeps_no_other_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = ProjectPageFactory(), ProjectPageFactory()
    with monkeypatch.context() as patch:
        refusing(engine, bad.pk, patch)
        assert (drain().failed, OutboxEntry.objects.pending().count()) == (1, 1)
        assert not OutboxEntry.objects.get(page_id=good.pk).is_pending
        entry = OutboxEntry.objects.get(page_id=bad.pk)
        assert (entry.attempts, entry.last_error) == (1, "field of the wrong kind")
        assert entry.next_try_at > timezone.now()
        assert drain() == outbox.Drained()
    OutboxEntry.objects.update(next_try_at=timezone.now())
    assert drain().synced == 1
    assert not compare(engine).differing


def test_a_page_refused_too_often_is_given_up_until_it_changes(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    project = ProjectPageFactory()
    with monkeypatch.context() as patch:
        refusing(engine, project.pk, patch)
        drain()
        waits = []
        for _attempt in range(MAX_ATTEMPTS - 1):
            entry = try_again()
            waits.append(entry.next_try_at - timezone.now())
        assert waits == sorted(waits)
        assert (entry.is_dead, entry.attempts) == (True, MAX_ATTEMPTS)
        assert try_again().attempts == MAX_ATTEMPTS
    drain()
    assert OutboxEntry.objects.given_up().count() == 1
    project.save_revision().publish()
    assert drain().synced == 1
    assert not OutboxEntry.objects.pending().exists()


def test_a_page_that_was_given_up_can_be_tried_again(engine: Engine) -> None:
    ProjectPageFactory()
    OutboxEntry.objects.update(is_dead=True, attempts=MAX_ATTEMPTS)
    assert drain().synced == 0
    assert OutboxEntry.objects.given_up().retry() == 2
    assert drain().synced == 2


def test_a_page_the_engine_chokes_on_is_found_among_the_others(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = ProjectPageFactory(), ProjectPageFactory()
    write = type(engine).write

    def choke(self: Any, changes: Any) -> None:
        if any(change.page_id == bad.pk for change in changes):
            raise EngineError("cannot take this")
        write(self, changes)

    monkeypatch.setattr(type(engine), "write", choke)
    done = drain()
    assert (done.synced, done.failed) == (3, 1)
    assert list(OutboxEntry.objects.failing().values_list("page_id", flat=True)) == [bad.pk]
    assert not OutboxEntry.objects.get(page_id=good.pk).is_pending


def test_claimed_entries_are_nobody_elses_until_the_lease_ends(engine: Engine) -> None:
    OutboxEntry.objects.enqueue([1, 2])
    assert len(OutboxEntry.objects.claim(10)) == 2
    assert OutboxEntry.objects.claim(10) == []
    OutboxEntry.objects.update(next_try_at=timezone.now() + LEASE - LEASE)
    assert len(OutboxEntry.objects.claim(10)) == 2


def test_a_change_ends_the_lease_of_its_page(engine: Engine) -> None:
    OutboxEntry.objects.enqueue([1, 2])
    OutboxEntry.objects.claim(10)
    OutboxEntry.objects.enqueue([2])
    assert [entry.page_id for entry in OutboxEntry.objects.claim(10)] == [2]


def test_a_drain_that_finishes_late_does_not_hide_a_newer_change(engine: Engine) -> None:
    OutboxEntry.objects.enqueue([1])
    claimed = OutboxEntry.objects.claim(1)[0]
    OutboxEntry.objects.enqueue([1])
    OutboxEntry.objects.note_success({1: claimed.version})
    claimed.note_failure("too late")
    entry = OutboxEntry.objects.get(page_id=1)
    assert (entry.is_pending, entry.attempts) == (True, 0)


def test_a_stopped_drain_gives_back_what_it_claimed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ProjectPageFactory()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "read", lambda *_arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            drain()
    assert drain().synced == 2


def test_keys_of_removed_documents_are_told_until_a_server_has_forgotten_late_writes(engine: Engine) -> None:
    OutboxEntry.objects.enqueue([1])
    version = versions()[1]
    assert OutboxEntry.objects.note_keys({1: ["a", "b"]}) == {1: ("a", "b")}
    OutboxEntry.objects.note_success({1: version}, {1: ["a", "b"]})
    for synced_at, told in ((timezone.now(), ("a", "b", "c")), (timezone.now() - 2 * KEYS_KEPT, ("c",))):
        OutboxEntry.objects.enqueue([1])
        OutboxEntry.objects.update(synced_at=synced_at)
        OutboxEntry.objects.note_keys({1: ["c"]})
        OutboxEntry.objects.note_success(versions(), {1: ["c"]})
        assert tuple(OutboxEntry.objects.get(page_id=1).keys) == told


@pytest.fixture
def fallback(settings: Any, tmp_path: Any) -> Engine:
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    return create_engine(settings.SEARCH_FALLBACK_URL)


def test_the_fallback_is_written_while_the_engine_in_use_is_away(
    engine: Engine, fallback: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProjectPageFactory()
    monkeypatch.setattr(outbox, "get_engine", BrokenEngine)
    assert drain().synced == 0
    assert drain_fallback().error == ""
    assert compare(fallback).is_equal
    assert OutboxEntry.objects.pending().count() == 2


def test_a_fallback_that_was_away_is_brought_up_to_date(
    engine: Engine, fallback: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProjectPageFactory()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "get_fallback", BrokenEngine)
        assert drain().synced == 2
        assert drain_fallback().error == "unreachable"
    assert OutboxEntry.objects.pending(FALLBACK).count() == 2
    ProjectPageFactory()
    drain_fallback()
    assert compare(fallback).is_equal
    assert not OutboxEntry.objects.pending(FALLBACK).exists()


def test_an_unavailable_engine_is_not_asked_page_by_page(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(3):
        ProjectPageFactory()
    asked = []

    def write(self: Any, changes: Any) -> None:
        asked.append(len(changes))
        raise EngineUnavailableError("overloaded")

    monkeypatch.setattr(type(engine), "write", write)
    assert drain().error == "overloaded"
    assert len(asked) == 1


def test_a_page_that_cannot_be_read_keeps_no_other_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = ProjectPageFactory(title="Schlecht"), ProjectPageFactory(title="Gut")
    read = reading.from_pages

    def sometimes(page_ids: Any) -> Any:
        if bad.pk in set(page_ids):
            raise ValueError("damaged block")
        return read(page_ids)

    monkeypatch.setattr(reading, "from_pages", sometimes)
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


@pytest.fixture
def embedded(settings: Any, tmp_path: Any) -> Engine:
    """An engine that is written by the request itself."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/embedded"
    empty = get_engine()
    with empty.rebuild():
        pass
    return empty


def test_one_commit_drains_once(embedded: Engine, django_capture_on_commit_callbacks: Any) -> None:
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
    assert "rebuild_index" in drain().error
    assert "rebuild_index" in OutboxEntry.objects.first().last_error  # type: ignore[union-attr]
    assert OutboxEntry.objects.waiting().count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_published_project_is_found_when_the_request_is_over(embedded: Engine) -> None:
    ProjectPageFactory(title="Ampel")
    assert embedded.count(audience="public") == 2
    assert not OutboxEntry.objects.pending().exists()


@pytest.mark.django_db(transaction=True)
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
    call_command("drain_index")
