"""A rebuild on the search server: filling the new index, and showing that the process that fills it is alive.

Which index searches read is decided in `search.engines.elasticsearch_indexes`.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

from search.engines.contract import Audience, EngineError, IndexMissingError, PageDocuments
from search.engines.elasticsearch_connection import Connection
from search.engines.elasticsearch_indexes import RENEW_SECONDS, Indexes
from search.engines.elasticsearch_scan import digests_of
from search.engines.elasticsearch_writing import Target, write_patiently

log = structlog.get_logger(__name__)


class ElasticsearchRebuild:
    """Implements `search.engines.contract.Rebuild`."""

    def __init__(self, connection: Connection, target: Target, life: "Life") -> None:
        self.connection = connection
        self.target = target
        self.life = life

    def write(self, changes: Sequence[PageDocuments]) -> None:
        self.life.check()
        write_patiently(self.connection, self.target, changes)

    def digests(self, *, audience: Audience) -> Iterator[tuple[str, int, str]]:
        self.life.check()
        self.connection.tell(lambda client: client.indices.refresh(index=self.target.name))
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
