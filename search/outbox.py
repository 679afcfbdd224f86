"""Step 3 of the flow: changes noted in the database are brought into the index, in whatever order they come.

The row of a page is written in the transaction of the change (`search.events`); the drain reads the version, then the
page, writes to the engine, and is done only if the version is still the same. It holds no database lock meanwhile, so
publishing never waits for it. Must not raise into a request: publishing never fails because of search.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.db import connection, transaction
from django.utils import timezone

from search.documents import from_pages, searchable_page_ids
from search.engines import Document, Engine, EngineError, IndexMissingError, PageDocuments, get_engine
from search.models import OutboxEntry
from search.whole import rebuild

log = structlog.get_logger(__name__)

# Entries of one write to the engine.
DRAIN_BATCH = 100
# A renamed vocabulary term can touch thousands of pages; a request brings in so many (about a third of a second), the
# worker the others.
DRAIN_AT_ONCE = 300
# An index that is missing is built on the spot where that takes about a second; larger ones need rebuild_index.
BUILD_AT_ONCE = 500


@dataclass
class Drained:
    """What one run of the drain did, in pages."""

    synced: int = 0
    failed: int = 0


def enqueue(page_ids: Iterable[int]) -> None:
    """Note changed pages; with an embedded engine they are brought into the index right after the commit."""
    wanted = set(page_ids)
    if not wanted:
        return
    OutboxEntry.objects.enqueue(wanted)
    if _is_written_at_once() and not _is_scheduled():
        transaction.on_commit(drain_after_commit, robust=True)


def _is_written_at_once() -> bool:
    try:
        return get_engine().is_embedded
    except EngineError as error:
        log.warning("search_engine_unknown", error=str(error))
        return False


def _is_scheduled() -> bool:
    return any(entry[1] is drain_after_commit for entry in connection.run_on_commit)


def drain_after_commit() -> None:
    """Drain what a request changed; whatever goes wrong is kept in the outbox."""
    drain(limit=DRAIN_AT_ONCE)


def drain(limit: int | None = None) -> Drained:
    """Bring due entries into the index, at most `limit` of them. What an engine refuses is noted, not raised.

    Raises EngineError only if SEARCH_URL names no engine at all.
    """
    engine = get_engine()
    done = Drained()
    while limit is None or done.synced + done.failed < limit:
        size = DRAIN_BATCH if limit is None else min(DRAIN_BATCH, limit - done.synced - done.failed)
        step = _drain_batch(engine, size)
        done.synced += step.synced
        done.failed += step.failed
        if step.synced == 0:
            break
    return done


def _drain_batch(engine: Engine, size: int) -> Drained:
    entries: list[OutboxEntry] = []
    try:
        # Read and marked under the lock: a second drain waits here and then finds them done.
        with engine.exclusive():
            entries = list(OutboxEntry.objects.due(timezone.now())[:size])
            if not entries:
                return Drained()
            changes, broken = _changes(entries)
            _write(engine, changes)
            for entry in entries:
                if entry.page_id in broken:
                    entry.note_failure(broken[entry.page_id])
                else:
                    entry.note_success()
    except EngineError as error:
        log.warning("search_drain_failed", pages=len(entries), error=str(error))
        for entry in entries:
            entry.note_failure(str(error))
        return Drained(failed=len(entries))
    return Drained(synced=len(entries) - len(broken), failed=len(broken))


def _write(engine: Engine, changes: list[PageDocuments]) -> None:
    try:
        engine.write(changes)
    except IndexMissingError:
        if not engine.is_embedded or len(searchable_page_ids()) > BUILD_AT_ONCE:
            raise
        rebuild(engine)


def _changes(entries: list[OutboxEntry]) -> tuple[list[PageDocuments], dict[int, str]]:
    """What to write for each entry, and the error of each page that could not be read."""
    versions = {entry.page_id: entry.version for entry in entries}
    broken: dict[int, str] = {}
    try:
        documents = from_pages(versions)
    except Exception as error:  # noqa: BLE001  one page nobody foresaw must not keep the others out
        log.warning("search_batch_unreadable", error=repr(error))
        documents, broken = _one_by_one(versions)
    changes = [
        PageDocuments(page_id, tuple(documents.get(page_id, ())), version)
        for page_id, version in versions.items()
        if page_id not in broken
    ]
    return changes, broken


def _one_by_one(page_ids: Iterable[int]) -> tuple[dict[int, list[Document]], dict[int, str]]:
    documents: dict[int, list[Document]] = {}
    broken: dict[int, str] = {}
    for page_id in page_ids:
        try:
            documents.update(from_pages([page_id]))
        except Exception as error:  # kept with the entry, where staff see it
            log.exception("search_page_unreadable", page=page_id)
            broken[page_id] = repr(error)
    return documents, broken
