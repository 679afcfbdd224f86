"""Step 3 of the flow for the whole index: build it anew, and compare it with the database.

Reads pages only through `search.documents`; must not know a particular engine.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from search.documents import from_pages, searchable_page_ids
from search.engines import Engine, PageDocuments

# Pages read and written at a time; a drain waits for one batch at most (about a quarter of a second).
BATCH = 200

Progress = Callable[[int], object]


@dataclass
class Comparison:
    """Pages whose documents differ between index and database."""

    missing: set[int] = field(default_factory=set)  # in the database only
    stale: set[int] = field(default_factory=set)  # in both, but not the same
    orphaned: set[int] = field(default_factory=set)  # in the index only
    documents: int = 0  # in the database

    @property
    def differing(self) -> set[int]:
        return self.missing | self.stale | self.orphaned


def rebuild(engine: Engine, progress: Progress | None = None) -> int:
    """Build the index anew beside the old one and swap them; returns the number of documents.

    Every batch is read and written under the engine's lock, and a drain writes into the new index too as soon as it
    is begun: so a page that changes meanwhile ends up in its last state. Raises EngineError; the old index stays then.
    """
    page_ids = searchable_page_ids()
    total = 0
    with engine.rebuild() as building:
        for start in range(0, len(page_ids), BATCH):
            batch = page_ids[start : start + BATCH]
            with engine.exclusive():
                documents = from_pages(batch)
                building.write([PageDocuments(page_id, tuple(documents.get(page_id, ()))) for page_id in batch])
            total += sum(len(found) for found in documents.values())
            if progress:
                progress(len(batch))
    return total


def compare(engine: Engine, progress: Progress | None = None) -> Comparison:
    """What differs between index and database, by the digest of every document. Raises EngineError."""
    indexed: dict[int, dict[str, str]] = {}
    for key, page_id, digest in engine.digests(audience="members"):
        indexed.setdefault(page_id, {})[key] = digest
    result = Comparison()
    page_ids = searchable_page_ids()
    for start in range(0, len(page_ids), BATCH):
        batch = page_ids[start : start + BATCH]
        for page_id, documents in from_pages(batch).items():
            result.documents += len(documents)
            wanted = {document.key: document.digest for document in documents}
            held = indexed.pop(page_id, {})
            if held != wanted:
                (result.stale if held else result.missing).add(page_id)
        if progress:
            progress(len(batch))
    result.orphaned = set(indexed)
    return result


def repair(engine: Engine, comparison: Comparison) -> None:
    """Bring the differing pages into the index as they are now. Raises EngineError."""
    page_ids = sorted(comparison.differing)
    for start in range(0, len(page_ids), BATCH):
        batch = page_ids[start : start + BATCH]
        with engine.exclusive():
            documents = from_pages(batch)
            engine.write([PageDocuments(page_id, tuple(documents.get(page_id, ()))) for page_id in batch])
