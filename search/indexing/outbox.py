"""Transactional outbox: drains pending changes into the index; idempotent, in any order (optimistic version check).

The row of a page is written in the transaction of the change (`search.indexing.receivers`). The drain claims rows for
the length of a lease, reads the pages, writes to the engine with each row's version, and is done only if the version
is still the same. It holds no database lock while the engine works, so publishing never waits for it; a drain that is
killed loses its lease. Must not raise into a request: publishing never fails because of search.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog
from django.db import connection, transaction

from search.engines import (
    Engine,
    EngineError,
    EngineUnavailableError,
    IndexMissingError,
    PageDocuments,
    RejectedError,
    get_engine,
    get_fallback,
)
from search.indexing.documents import searchable_page_ids
from search.indexing.reading import Pages, read
from search.indexing.rebuild import rebuild
from search.models import FALLBACK, IN_USE, OutboxEntry

log = structlog.get_logger(__name__)

# Entries of one write to the engine.
DRAIN_BATCH = 100
# A renamed vocabulary term can touch thousands of pages; a request brings in so many (about a third of a second), the
# worker the others.
DRAIN_AT_ONCE = 300
# An index that is missing is built on the spot where that takes about a second; larger ones are left to the worker.
BUILD_AT_ONCE = 500
# No page has this number: writing its documents, of which there are none, shows whether the engine can write at all.
NO_PAGE = 0


@dataclass
class Drained:
    """What one run of the drain did, in pages, and what kept it from doing more."""

    synced: int = 0
    failed: int = 0
    error: str = ""

    @property
    def handled(self) -> int:
        return self.synced + self.failed


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
    """Bring due entries into the index, at most `limit` of them. What keeps the engine from it is told, not raised.

    Raises EngineError only if SEARCH_URL names no engine at all.
    """
    engine = get_engine()
    done = Drained()
    try:
        bring_in(engine, done, limit)
    except EngineError as error:
        log.warning("search_drain_failed", error=str(error))
        done.error = str(error)
    return done


def bring_in(engine: Engine, done: Drained, limit: int | None = None) -> None:
    """Bring due entries into the index and count them in `done`. Raises EngineError; the entries stay due then."""
    while limit is None or done.handled < limit:
        entries = OutboxEntry.objects.claim(DRAIN_BATCH if limit is None else min(DRAIN_BATCH, limit - done.handled))
        if not entries:
            return
        failures = _bring_in_claimed(engine, entries)
        done.synced += len(entries) - len(failures)
        done.failed += len(failures)


def _bring_in_claimed(engine: Engine, entries: Sequence[OutboxEntry]) -> dict[int, str]:
    """Why each page that did not get in was refused."""
    try:
        # Read under the lock: what an embedded engine is given last is then the newest state.
        with engine.exclusive():
            failures = _replace(engine, {entry.page_id: entry.version for entry in entries})
    except BaseException as error:
        reason = str(error) or repr(error)
        OutboxEntry.objects.release([entry.page_id for entry in entries], reason)
        raise
    for entry in entries:
        if entry.page_id in failures:
            entry.note_failure(failures[entry.page_id])
    return failures


def _replace(engine: Engine, versions: dict[int, int]) -> dict[int, str]:
    pages = read(versions)
    readable = [page_id for page_id in versions if page_id not in pages.broken]
    keys = {page_id: [document.key for document in pages.of(page_id)] for page_id in readable}
    if engine.is_embedded:  # it forgets nothing: what it holds of a page is replaced whole
        former: dict[int, tuple[str, ...]] = dict.fromkeys(readable, ())
    else:
        former = OutboxEntry.objects.note_keys(keys)
    changes = [
        PageDocuments(page_id, pages.of(page_id), versions[page_id], keys_sent) for page_id, keys_sent in former.items()
    ]
    refused = _write(engine, changes)
    written = {change.page_id: change.version for change in changes if change.page_id not in refused}
    OutboxEntry.objects.note_success(written, keys)
    return {**pages.broken, **refused}


def _write(engine: Engine, changes: Sequence[PageDocuments], index: str = IN_USE) -> dict[int, str]:
    """Write, and say why each page that did not get in was refused. Raises EngineError if the engine is to blame."""
    try:
        engine.write(changes)
    except RejectedError as error:
        return dict(error.pages)
    except EngineUnavailableError:
        raise
    except IndexMissingError:
        if not engine.is_embedded or len(searchable_page_ids()) > BUILD_AT_ONCE:
            raise
        rebuild(engine, index=index)
    except EngineError:
        engine.write([PageDocuments(NO_PAGE)])  # it cannot write at all: raises again
        return _write_one_by_one(engine, changes)
    return {}


def _write_one_by_one(engine: Engine, changes: Sequence[PageDocuments]) -> dict[int, str]:
    refused: dict[int, str] = {}
    for change in changes:
        try:
            engine.write([change])
        except (EngineUnavailableError, IndexMissingError):
            raise
        except EngineError as error:
            log.warning("search_page_refused", page=change.page_id, error=str(error))
            refused[change.page_id] = str(error)
    return refused


# --- the fall-back ----------------------------------------------------------------------------------------------------


def bring_into_fallback(engine: Engine, done: Drained) -> None:
    """Bring what the fall-back index lacks into it, whether or not the index in use can be written.

    Raises EngineError. A page that cannot be read or is refused counts with the index in use; here it is left out.
    """
    while True:
        with engine.exclusive():
            pending = OutboxEntry.objects.pending(FALLBACK).order_by("changed_at", "page_id")
            versions = dict(pending.values_list("page_id", "version")[:DRAIN_BATCH])
            if not versions:
                return
            pages = read(versions)
            refused = _write(engine, _changes(pages, versions), FALLBACK)
            OutboxEntry.objects.note_success(versions, index=FALLBACK)
        done.synced += len(versions)
        done.failed += len(pages.broken) + len(refused)


def _changes(pages: Pages, versions: dict[int, int]) -> list[PageDocuments]:
    return [
        PageDocuments(page_id, pages.of(page_id), version)
        for page_id, version in versions.items()
        if page_id not in pages.broken
    ]


def drain_fallback() -> Drained:
    """Like `bring_into_fallback`, but logs errors of the engine and returns them in `Drained.error`.

    Does nothing without SEARCH_FALLBACK_URL.
    """
    done = Drained()
    try:
        engine = get_fallback()
        if engine:
            bring_into_fallback(engine, done)
    except EngineError as error:
        log.warning("search_fallback_drain_failed", error=str(error))
        done.error = str(error)
    return done
