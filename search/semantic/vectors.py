"""Nearest neighbours by meaning: the embeddings (vectors) of all pages in the memory of this process.

About 3.6 kB a page: 72 MB for 20,000 projects and articles, in each process that searches. Read from the database when
the first search needs it, then only what changed. Which pages a visitor may see is decided by the engine, never here.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from search.engines import Audience, Engine, EngineHit
from search.engines.queries import Query
from search.semantic.embeddings import PageMeaning
from search.semantic.encoder import DIMENSIONS, MODEL, Vector

# A change is seen although its transaction took so long, or the clocks of two machines differ by so much.
OVERLAP = datetime.timedelta(seconds=60)
LONG_AGO = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
# Databases limit the parameters of one statement.
READ_BATCH = 400
# So many of the nearest pages are looked through for those that match the filters and may be seen; more if too few do.
NEAREST_ASKED = (100, 500)


@dataclass(frozen=True)
class Table:
    """The vectors of pages at one moment; row by row the page, a mark of the text, and its vector."""

    page_ids: NDArray[np.int64]  # ascending
    marks: NDArray[np.uint64]
    matrix: Vector  # pages × DIMENSIONS

    def __len__(self) -> int:
        """How many pages have a vector."""
        return len(self.page_ids)

    def of(self, page_id: int) -> Vector | None:
        """The vector of a page, or None."""
        row = int(np.searchsorted(self.page_ids, page_id))
        if row == len(self.page_ids) or self.page_ids[row] != page_id:
            return None
        found: Vector = self.matrix[row]
        return found

    def cosines(self, page_ids: Sequence[int], vector: Vector) -> Vector:
        """How near each page is to the vector, from -1 to 1; not a number for pages without a vector."""
        found = np.full(len(page_ids), np.nan, dtype=np.float32)
        if len(self.page_ids):
            wanted = np.asarray(page_ids, dtype=np.int64)
            rows = np.minimum(np.searchsorted(self.page_ids, wanted), len(self.page_ids) - 1)
            known = self.page_ids[rows] == wanted
            found[known] = self.matrix[rows[known]] @ vector
        return found

    @cached_property
    def mean(self) -> Vector:
        """What all pages have in common."""
        mean: Vector = self.matrix.mean(axis=0)
        return mean

    def leads(self, page_ids: Sequence[int], vector: Vector, noise: Vector) -> Vector:
        """How much nearer than nonsense the vector is to each page, compared with all pages.

        The model's cosines lie close together, and some pages are near to everything, nonsense included: only what is
        left without both tells whether a page is meant. Not a number for pages without a vector.
        """
        leads: Vector = self.cosines(page_ids, vector - noise) - self.mean @ (vector - noise)
        return leads

    def nearest(self, vector: Vector, limit: int) -> dict[int, float]:
        """The nearest pages and how near they are, best first; 2 ms for 20,000 pages."""
        if not len(self.page_ids):
            return {}
        cosines = self.matrix @ vector
        least = np.partition(cosines, -limit)[-limit] if limit < len(cosines) else -np.inf
        rows = np.flatnonzero(cosines >= least)
        # Equal ones in the order of their numbers, so that every process gives the same.
        rows = rows[np.lexsort((self.page_ids[rows], -cosines[rows]))][:limit]
        return {int(self.page_ids[row]): float(cosines[row]) for row in rows}


def of_pages(page_ids: Iterable[int]) -> dict[int, bytes]:
    """The vectors of pages as they are kept; pages without one are left out."""
    rows = PageMeaning.objects.filter(page_id__in=list(page_ids), embedding__model=MODEL).exclude(embedding__vector=b"")
    return {page_id: bytes(vector) for page_id, vector in rows.values_list("page_id", "embedding__vector")}


def nearest_hits(
    vector: Vector, query: Query, *, engine: Engine, audience: Audience, among: Table | None = None
) -> list[EngineHit]:
    """The documents nearest to a vector, best first, at most `query.limit`, scored by cosine. Raises EngineError.

    `among` are the vectors of this moment, if the caller has asked for them.

    Of the query, filters, `without_page` and what concerns texts hold; the engine tells which of the nearest pages may
    be seen.
    """
    known, near, hits = among if among is not None else table(), dict[int, float](), tuple[EngineHit, ...]()
    for asked in NEAREST_ASKED:
        near = known.nearest(vector, asked)
        if not near:
            return []
        shown = replace(query, only_pages=tuple(near), limit=asked, facets={}, with_unfiltered=False)
        hits = engine.search(shown, audience=audience).hits
        if len(hits) >= query.limit or len(near) < asked:
            break
    ranked = sorted((replace(hit, score=near[hit.page_id]) for hit in hits), key=lambda hit: (-hit.score, hit.key))
    return ranked[: query.limit]


def as_bytes(vector: Vector) -> bytes:
    """A vector as it is kept, in 16-bit floats."""
    return vector.astype("<f2").tobytes()


# --- keeping up with the database ---------------------------------------------------------------------------------

_current: tuple[Table, datetime.datetime] | None = None  # and when it was read
_refreshing = Lock()


def table() -> Table:
    """The vectors of now: one small query if nothing changed."""
    global _current  # one table per process, whoever asks
    with _refreshing:
        now = timezone.now()
        table, read_at = _current or (_empty(), LONG_AGO)
        table = _refreshed(table, read_at)
        _current = table, now
        return table


def forget() -> None:
    """Read everything anew with the next search, as after the database was replaced."""
    global _current
    with _refreshing:
        _current = None


def _empty() -> Table:
    matrix = np.empty((0, DIMENSIONS), dtype=np.float32)
    return Table(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.uint64), matrix)


def _refreshed(old: Table, read_at: datetime.datetime) -> Table:
    rows = PageMeaning.objects.filter(changed_at__gte=read_at - OVERLAP).values_list("page_id", "embedding_id")
    marks = {page_id: _mark(digest) for page_id, digest in rows}
    known = dict(zip(old.page_ids.tolist(), old.marks.tolist(), strict=True)) if marks else {}
    changed = {page_id for page_id, mark in marks.items() if known.get(page_id, 0) != mark}
    if not changed:
        return old
    loaded_ids, vectors = _loaded({page_id for page_id in changed if marks[page_id]})
    stays = ~np.isin(old.page_ids, np.fromiter(changed, dtype=np.int64))
    page_ids = np.concatenate([old.page_ids[stays], loaded_ids])
    loaded_marks = np.fromiter((marks[page_id] for page_id in loaded_ids.tolist()), dtype=np.uint64)
    order = np.argsort(page_ids)
    return Table(
        page_ids[order],
        np.concatenate([old.marks[stays], loaded_marks])[order],
        np.concatenate([old.matrix[stays], vectors])[order],
    )


def _mark(digest: str | None) -> int:
    """Tells one text from another; 0 for none."""
    return int(digest[:15], 16) + 1 if digest else 0


def _loaded(page_ids: Collection[int]) -> tuple[NDArray[np.int64], Vector]:
    """Those of the pages whose vectors are there, and the vectors."""
    wanted = sorted(page_ids)
    found: dict[int, bytes] = {}
    for start in range(0, len(wanted), READ_BATCH):
        found |= of_pages(wanted[start : start + READ_BATCH])
    ids = np.fromiter(found, dtype=np.int64, count=len(found))
    vectors = np.frombuffer(b"".join(found.values()), dtype="<f2").reshape(-1, DIMENSIONS)
    return ids, vectors.astype(np.float32)
