"""A rebuild on the search server: filling the new index, and showing that the process that fills it is alive.

Which index searches read is decided in `search.engines.elasticsearch_indexes`.
"""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import structlog

from search.engines.contract import Audience, EngineError, IndexMissingError, PageDocuments, RejectedError
from search.engines.elasticsearch_indexes import RENEW_SECONDS, Indexes
from search.engines.elasticsearch_scan import digests_of
from search.engines.elasticsearch_writing import Step, Target, bulks, first_steps, patiently, send, write

log = structlog.get_logger(__name__)


# Requests under way at once while a new index is filled, so that the server works while the next one is made, and how
# many more may wait; bounds the memory to some ten megabytes.
BULKS_AT_ONCE = 2
BULKS_WAITING = 2


class ElasticsearchRebuild:
    """Implements `search.engines.contract.Rebuild`.

    While the index is filled, the server is not asked what it holds of a page already. What a drain wrote meanwhile
    and the filling does not replace is found by the comparison.
    """

    def __init__(self, indexes: Indexes, target: Target, life: "Life") -> None:
        self.indexes = indexes
        self.connection = indexes.connection
        self.target = target
        self.life = life
        self._senders = ThreadPoolExecutor(BULKS_AT_ONCE, "search-bulk")
        self._sent: deque[Future[dict[int, str]]] = deque()
        self._filled: set[int] = set()  # pages
        self._is_filled = False
        self._closed = threading.Event()

    def write(self, changes: Sequence[PageDocuments]) -> None:
        self.life.check()
        pages = {change.page_id for change in changes}
        if self._is_filled or pages & self._filled:
            refused = self._outcome(until=0)
            self._refresh()
            patiently(lambda: write(self.connection, [self.target], changes, is_visible=False), self._closed)
        else:
            self._filled |= pages
            for bulk in bulks(list(first_steps(self.target, changes))):
                self._sent.append(self._senders.submit(self._send, bulk))
            refused = self._outcome(until=BULKS_AT_ONCE + BULKS_WAITING)
        if refused:
            raise RejectedError(refused)

    def _send(self, bulk: Sequence[Step]) -> dict[int, str]:
        return patiently(lambda: send(self.connection, bulk, is_visible=False), self._closed)

    def _outcome(self, until: int) -> dict[int, str]:
        """Wait until only so many requests are under way; returns why pages were refused. Raises EngineError."""
        refused: dict[int, str] = {}
        while len(self._sent) > until:
            refused.update(self._sent.popleft().result())
        return refused

    def finish_filling(self) -> None:
        self.life.check()
        if self._is_filled:
            return
        refused = self._outcome(until=0)
        self.indexes.filled(self.target.name)
        self._is_filled = True
        if refused:
            raise RejectedError(refused)

    def close(self) -> None:
        """Send nothing more; what is under way is waited for, once and not again."""
        self._closed.set()
        self._senders.shutdown(cancel_futures=True)

    def _refresh(self) -> None:
        """Let what was written be found."""
        self.connection.tell(lambda client: client.indices.refresh(index=self.target.name))

    def digests(self, *, audience: Audience) -> Iterator[tuple[str, int, str]]:
        self.finish_filling()
        self._refresh()
        yield from digests_of(self.connection, self.target.name, audience)


class Life:
    """Shows the server in the background that a rebuild still runs, and finds out if it was taken over."""

    def __init__(self, indexes: Indexes, name: str) -> None:
        self.indexes = indexes
        self.name = name
        self.ended = threading.Event()
        self.lost = ""

    def check(self) -> None:
        if self.lost:
            raise EngineError(f"The rebuild was taken over by another process: {self.lost}")

    def run(self) -> None:
        while not self.ended.wait(RENEW_SECONDS):
            try:
                self.indexes.renew(self.name)
            except IndexMissingError as error:
                self.lost = str(error)
                return
            except EngineError as error:
                log.info("search_rebuild_not_renewed", error=str(error))


@contextmanager
def kept_alive(indexes: Indexes, name: str) -> Iterator[Life]:
    life = Life(indexes, name)
    thread = threading.Thread(target=life.run, name="search-rebuild", daemon=True)
    thread.start()
    try:
        yield life
    finally:
        life.ended.set()
        thread.join()
