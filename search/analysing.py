"""Steps 1 and 2 of the flow for many pages: they are read and analysed in several processes, most of a rebuild's work.

A process sees what is committed. So this one does the work alone where that is not all there is: inside a transaction,
and with a database in memory. Must not know an engine.
"""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from django.db import connection, connections

from search import processes
from search.engines.contract import PageDocuments
from search.models import OutboxEntry
from search.reading import read

log = structlog.get_logger(__name__)

# Pages of one task: a statement costs the same for many pages as for few, a commit of an index too; about 10 MB.
TASK = 500
# Starting a process takes about two seconds; so many pages are read and analysed in that time.
WORTH_A_PROCESS = 3_000
# More would wait for the engine, which takes what four of them analyse.
PROCESSES_MAX = 4
# Tasks done or under way for each process; bounds the memory. This process does one itself meanwhile.
AHEAD = 2

Result = TypeVar("Result")


@dataclass(frozen=True)
class Batch:
    """Pages as they were at one moment."""

    versions: dict[int, int]  # in the outbox, read before the pages; 0 for pages that never changed
    changes: list[PageDocuments]  # analysed, of all pages that could be read
    broken: dict[int, str] = field(default_factory=dict)  # why the others could not


@dataclass(frozen=True)
class Digests:
    """What the index should hold of some pages."""

    page_ids: tuple[int, ...]
    documents: dict[int, dict[str, str]]  # page → key → digest, of all pages that could be read
    broken: dict[int, str] = field(default_factory=dict)


class Analysts:
    """Answers come as they are ready. Raises DatabaseError or InterfaceError if the database is away."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._froze = False

    def changes(self, page_ids: Sequence[int]) -> Iterator[Batch]:
        """Pages ready to be written."""
        return self._answers(read_changes, page_ids)

    def digests(self, page_ids: Sequence[int]) -> Iterator[Digests]:
        """For comparing an index with the database."""
        return self._answers(read_digests, page_ids)

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
            if self._froze:
                gc.unfreeze()

    def _answers(self, ask: Callable[[Sequence[int]], Result], page_ids: Sequence[int]) -> Iterator[Result]:
        tasks = deque(page_ids[start : start + TASK] for start in range(0, len(page_ids), TASK))
        coming: dict[Future[Result], Sequence[int]] = {}
        pool = self._started() if len(page_ids) >= WORTH_A_PROCESS and self._may_start() else None
        while tasks or coming:
            while pool and tasks and len(coming) < self.workers * AHEAD:
                task = tasks.popleft()
                coming[_submitted(pool, ask, task)] = task
            ready = [answer for answer in coming if answer.done()]
            if not ready and tasks:  # instead of waiting, above all while the others start
                yield ask(tasks.popleft())
            elif not ready:
                wait(coming, return_when=FIRST_COMPLETED)
            for answer in ready:
                yield self._result(ask, coming.pop(answer), answer)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # As in the others: looking through all that is loaded takes a quarter of the time of reading pages.
            self._froze = not gc.get_freeze_count()
            if self._froze:
                gc.freeze()
            self._pool = _pool(self.workers)
        return self._pool

    def _may_start(self) -> bool:
        return self.workers > 0 and not connection.in_atomic_block and not _is_in_memory()

    def _result(self, ask: Callable[[Sequence[int]], Result], task: Sequence[int], answer: Future[Result]) -> Result:
        try:
            return answer.result()
        except BrokenProcessPool:  # killed from outside, for want of memory for instance
            log.warning("search_process_lost", pages=len(task))
            return ask(task)


@contextmanager
def analysts(workers: int | None = None) -> Iterator[Analysts]:
    """Processes that read and analyse; started when there is enough to do, and ended on leaving.

    `workers` is the number of processes beside this one, which works as well; by default one for each further
    processor. 0 does everything in this one.
    """
    made = Analysts(min((os.cpu_count() or 1) - 1, PROCESSES_MAX) if workers is None else workers)
    try:
        yield made
    finally:
        made.close()


def _pool(workers: int) -> ProcessPoolExecutor:
    # Not forked: a connection to the database must not be shared, nor the locks of other threads be copied.
    context = multiprocessing.get_context("spawn")
    names = {alias: str(connections[alias].settings_dict["NAME"]) for alias in connections}
    return ProcessPoolExecutor(workers, context, processes.start, (names,))


def _submitted(
    pool: ProcessPoolExecutor, ask: Callable[[Sequence[int]], Result], task: Sequence[int]
) -> Future[Result]:
    """What the pool will answer; one that is broken says so with the answer, like one that breaks later."""
    try:
        return pool.submit(ask, task)
    except BrokenProcessPool as error:
        lost: Future[Result] = Future()
        lost.set_exception(error)
        return lost


def _is_in_memory() -> bool:
    is_in_memory = getattr(connection, "is_in_memory_db", None)  # SQLite alone has it
    return bool(is_in_memory and is_in_memory())


def read_changes(page_ids: Sequence[int]) -> Batch:
    versions = dict.fromkeys(page_ids, 0)
    versions.update(OutboxEntry.objects.filter(page_id__in=page_ids).values_list("page_id", "version"))
    pages = read(page_ids)
    changes = [
        PageDocuments(page_id, pages.of(page_id), version)
        for page_id, version in versions.items()
        if page_id not in pages.broken
    ]
    for change in changes:
        for document in change.documents:
            _ = document.tokens, document.digest  # worked out here, and sent along
    return Batch(versions, changes, pages.broken)


def read_digests(page_ids: Sequence[int]) -> Digests:
    pages = read(page_ids)
    documents = {
        page_id: {document.key: document.digest for document in pages.of(page_id)}
        for page_id in page_ids
        if page_id not in pages.broken
    }
    return Digests(tuple(page_ids), documents, pages.broken)
