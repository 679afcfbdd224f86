"""The whole index: build it anew, and compare it with the database.

Must not know a particular engine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, Protocol

import structlog

from search.engines.contract import Engine, EngineError, PageDocuments, Rebuild, RejectedError
from search.indexing.documents import searchable_page_ids
from search.indexing.reading import Batch, batches, read_batch
from search.models import IN_USE, IndexCheck, OutboxEntry

log = structlog.get_logger(__name__)

# Pages that are read and written under the lock of an embedded engine; a drain waits for a quarter of a second.
BATCH = 200
# A new index is compared with the database, and what differs written again, so often; on a busy platform a page can
# change between being read and being compared.
ROUNDS = 3

Progress = Callable[[int], object]


class HasDigests(Protocol):
    """An index in use, or one being built."""

    def digests(self, *, audience: Literal["public", "members"]) -> Iterator[tuple[str, int, str]]: ...


@dataclass
class Comparison:
    """What differs between index and database: pages, and how many documents."""

    missing: set[int] = field(default_factory=set)  # pages in the database only
    stale: set[int] = field(default_factory=set)  # in both, but not the same
    orphaned: set[int] = field(default_factory=set)  # in the index only
    unreadable: set[int] = field(default_factory=set)  # pages of which nobody knows what the index should hold
    documents: int = 0  # in the database
    indexed: int = 0  # in the index
    missing_documents: int = 0
    stale_documents: int = 0
    orphaned_documents: int = 0

    @property
    def differing(self) -> set[int]:
        return self.missing | self.stale | self.orphaned

    @property
    def is_equal(self) -> bool:
        return not self.differing and not self.unreadable and self.documents == self.indexed

    def add(self, page_id: int, wanted: Mapping[str, str], held: Mapping[str, str]) -> None:
        """Compare one page by the digests of its documents: as they should be, and as the index holds them."""
        self.documents += len(wanted)
        self.missing_documents += len(wanted.keys() - held.keys())
        self.orphaned_documents += len(held.keys() - wanted.keys())
        self.stale_documents += sum(wanted[key] != held[key] for key in wanted.keys() & held.keys())
        if wanted != held:
            kind = self.missing if not held else self.stale if wanted else self.orphaned
            kind.add(page_id)


@dataclass
class Rebuilt:
    """What a rebuild put into the new index, and why it could not take some pages."""

    documents: int = 0
    in_database: int = 0
    failed: dict[int, str] = field(default_factory=dict)


def rebuild(engine: Engine, progress: Progress | None = None, index: str = IN_USE) -> Rebuilt:
    """Build the index anew beside the old one, compare it with the database, and swap them only if they are equal.

    A drain writes into the new index too, where the engine is a server from the beginning, where it is embedded as soon
    as the index is filled. The comparison comes after that: it finds every page with a newer version than the one
    that was read. So each ends up in its last state. Raises EngineError; the old index stays then.
    """
    filling = Filling(engine, index)
    with engine.rebuild() as building:
        for batch in batches(searchable_page_ids()):
            filling.write(building, batch)
            if progress:
                progress(len(batch.versions))
        filling.finish(building)
        difference = filling.settle(building)
    IndexCheck.objects.note_built(index)
    OutboxEntry.objects.note_success(filling.written, index=index)
    if filling.failed:  # staff see them, and they are tried again
        OutboxEntry.objects.enqueue(filling.failed)
    return Rebuilt(difference.indexed, difference.documents, filling.failed)


class Filling:
    """The pages written into a new index, each with the version that was in the outbox before it was read.

    What was written is remembered by its digests: a page that the outbox knows no newer version of need not be read
    again to tell whether the new index equals the database.
    """

    def __init__(self, engine: Engine, index: str) -> None:
        self.engine = engine
        self.index = index
        self.written: dict[int, int] = {}
        self.failed: dict[int, str] = {}
        self._read: dict[int, tuple[int, dict[str, str]]] = {}  # page → its version, key → digest

    def write(self, building: Rebuild, batch: Batch) -> None:
        self._note_failed(batch.broken)
        self.written.update({page: version for page, version in batch.versions.items() if page not in batch.broken})
        with self._refusals_noted():
            building.write(batch.changes)
        for change in batch.changes:
            self._read[change.page_id] = (batch.versions[change.page_id], _digests(change))

    def finish(self, building: Rebuild) -> None:
        with self._refusals_noted():
            building.finish_filling()

    @contextmanager
    def _refusals_noted(self) -> Iterator[None]:
        try:
            yield
        except RejectedError as error:
            self._note_failed(error.pages)

    def _note_failed(self, pages: Mapping[int, str]) -> None:
        self.failed.update(pages)
        for page_id in pages:
            self.written.pop(page_id, None)

    def settle(self, building: Rebuild) -> Comparison:
        """Compare the new index with the database and write again what differs. Raises EngineError if that stays.

        What a drain has still to bring in does not count: it will write into the new index as well.
        """
        for _round in range(ROUNDS):
            difference = self._compare(building)
            pending = OutboxEntry.objects.pending(self.index).filter(is_dead=False)
            coming = set(pending.values_list("page_id", flat=True)) & difference.differing
            for page_id in coming:
                self.written.pop(page_id, None)
            differing = sorted(difference.differing - coming - set(self.failed))
            if not differing:
                return difference
            log.info("search_rebuild_differs", pages=len(differing))
            for start in range(0, len(differing), BATCH):
                with self.engine.exclusive():
                    batch = read_batch(differing[start : start + BATCH])
                    self.write(building, batch)
        raise EngineError(f"{len(differing)} pages of the new index differ from the database; the old one stays.")

    def _compare(self, building: Rebuild) -> Comparison:
        """The new index against the database, of which only pages with a newer version are read again."""
        held, indexed = _held(building)
        versions = dict(OutboxEntry.objects.values_list("page_id", "version"))
        unchanged = {
            page_id: digests
            for page_id, (version, digests) in self._read.items()
            if versions.get(page_id, 0) <= version and page_id not in self.failed
        }
        others = [page_id for page_id in searchable_page_ids() if page_id not in unchanged]
        result = Comparison(indexed=indexed)
        for page_id, wanted in unchanged.items():
            result.add(page_id, wanted, held.pop(page_id, {}))
        return _with_pages(result, held, others)


def compare(engine: Engine, progress: Progress | None = None) -> Comparison:
    """What differs between index and database, by the digest of every document. Raises EngineError."""
    held, indexed = _held(engine)
    return _with_pages(Comparison(indexed=indexed), held, searchable_page_ids(), progress)


def _held(index: HasDigests) -> tuple[dict[int, dict[str, str]], int]:
    """What an index holds, page → key → digest, and how many documents that are."""
    held: dict[int, dict[str, str]] = {}
    indexed = 0
    for key, page_id, digest in index.digests(audience="members"):
        held.setdefault(page_id, {})[key] = digest
        indexed += 1
    return held, indexed


def _digests(change: PageDocuments) -> dict[str, str]:
    return {document.key: document.digest for document in change.documents}


def _with_pages(
    result: Comparison,
    held: dict[int, dict[str, str]],
    page_ids: Sequence[int],
    progress: Progress | None = None,
) -> Comparison:
    """Compare the pages with what is held of them; everything else that is held is left over."""
    for batch in batches(page_ids):
        for change in batch.changes:
            result.add(change.page_id, _digests(change), held.pop(change.page_id, {}))
        result.unreadable.update(batch.broken)
        if progress:
            progress(len(batch.versions))
    for page_id in held.keys() - result.unreadable:
        result.add(page_id, {}, held[page_id])
    return result
