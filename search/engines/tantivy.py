"""The embedded engine: a tantivy index in a directory of this machine.

One writer at a time across processes (tantivy answers a second one with LockBusy), so every write holds the lock of
`search.engines.generations`; how it writes stands in `search.engines.tantivy_writing`.
"""

import hashlib
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tantivy
from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Order

from search.engines.contract import (
    Audience,
    EngineHit,
    EngineResult,
    PageDocuments,
)
from search.engines.generations import Generations
from search.engines.queries import Query, Sort
from search.engines.tantivy_queries import SPELLING_MARK, keywords, token_seen_by, translate, visible
from search.engines.tantivy_writing import TantivyRebuild, digests_of, engine_errors, kept, write_into
from search.text.analysis import ANALYSIS_VERSION

SCHEMA_VERSION = 3
# Answers about single words are kept until the next change; so many at most, a few megabytes.
KNOWN_WORDS = 20_000
SORT_FIELDS = {Sort.NEWEST: "newest", Sort.TITLE: "title_order"}


def schema_hash() -> str:
    """Differs whenever an index on disk can no longer be read by this code."""
    state = f"{tantivy.__version__}|{SCHEMA_VERSION}|{ANALYSIS_VERSION}|{keywords()}"
    return hashlib.sha256(state.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Opened:
    """One state of one generation, as searches see it."""

    path: Path
    changed_ns: int
    index: tantivy.Index
    searcher: tantivy.Searcher
    known: dict[tuple[Audience, str], bool] = field(default_factory=dict)  # whether a token occurs, as far as asked


class TantivyEngine:
    """Implements `search.engines.contract.Engine`."""

    is_embedded = True

    def __init__(self, directory: str) -> None:
        self.generations = Generations(Path(directory), schema_hash())
        self._opened: Opened | None = None
        self._opening = threading.Lock()
        self._vocabularies: dict[Audience, tuple[Opened, list[str], list[str]]] = {}

    # --- writing --------------------------------------------------------------------------------------

    def exclusive(self) -> AbstractContextManager[None]:
        return self.generations.writing()

    def write(self, changes: Sequence[PageDocuments]) -> None:
        with self.exclusive():
            for path in self.generations.targets():
                write_into(path, changes, self.generations.writing)

    @contextmanager
    def rebuild(self) -> Iterator[TantivyRebuild]:
        with self.generations.rebuilding():
            building = TantivyRebuild(self.generations)
            try:
                yield building
                building.finish_filling()
            except BaseException:
                building.abandon()
                raise
            building.publish()

    def rollback(self) -> None:
        with self.exclusive(), engine_errors("go back"):
            self.generations.go_back()

    # --- reading --------------------------------------------------------------------------------------

    def ping(self) -> None:
        self._open()

    def search(self, query: Query, *, audience: Audience) -> EngineResult:
        searcher = self._open().searcher
        with engine_errors("search"):
            total, hits = _hits(searcher, query, audience)
            before_filters = total
            counted = replace(query, boosts=())  # they change the order alone, and take half of the time of counting
            if query.with_unfiltered and any(query.filters.values()):
                before_filters = int(searcher.search(translate(counted, audience, "*"), 1).count)
            return EngineResult(total, tuple(hits), _facet_counts(searcher, counted, audience), before_filters)

    def count(self, *, audience: Audience) -> int:
        searcher = self._open().searcher
        with engine_errors("count"):
            return int(searcher.search(visible(audience), 1).count)

    def known(self, tokens: Collection[str], *, audience: Audience) -> frozenset[str]:
        opened = self._open()
        if len(opened.known) > KNOWN_WORDS:
            opened.known.clear()
        with engine_errors("known words"):
            return frozenset(token for token in tokens if _is_known(opened, token, audience))

    def words(self, prefix: str, *, audience: Audience, limit: int) -> list[str]:
        searcher = self._open().searcher
        with engine_errors("words"):
            terms = searcher.terms_with_prefix("vocabulary", prefix, filter_query=visible(audience), limit=limit)
        return [term.split(SPELLING_MARK, 1)[1] for term, _count in terms]

    def nearest_words(self, folded: str, *, audience: Audience, distance: int, limit: int) -> list[str]:
        spellings, written = self._vocabulary(audience)
        nearest = process.extract(
            folded, spellings, scorer=OSA.distance, processor=None, score_cutoff=distance, limit=limit
        )
        return [written[position] for _spelling, _distance, position in nearest]

    def digests(self, *, audience: Audience) -> Iterator[tuple[str, int, str]]:
        yield from digests_of(self._open().searcher, audience)

    # --- keeping up with writers ----------------------------------------------------------------------

    def _open(self) -> Opened:
        """The newest committed state of the generation in use; two file lookups when nothing changed."""
        path = self.generations.current()
        with engine_errors("open index"):
            changed_ns = (path / "meta.json").stat().st_mtime_ns
            opened = self._opened
            if opened and opened.path == path and opened.changed_ns == changed_ns:
                return opened
            with self._opening:
                index = opened.index if opened and opened.path == path else tantivy.Index.open(str(path))
                index.reload()
                self._opened = Opened(path, changed_ns, index, index.searcher())
                return self._opened

    def _vocabulary(self, audience: Audience) -> tuple[list[str], list[str]]:
        """All words, most frequent first: folded, and as written."""
        opened = self._open()
        cached = self._vocabularies.get(audience)
        if cached is None or cached[0] is not opened:
            with engine_errors("vocabulary"):
                terms = opened.searcher.terms_with_prefix("vocabulary", "", filter_query=visible(audience))
            pairs = [term.split(SPELLING_MARK, 1) for term, _count in sorted(terms, key=lambda item: -item[1])]
            cached = (opened, [folded for folded, _word in pairs], [word for _folded, word in pairs])
            self._vocabularies[audience] = cached
        return cached[1], cached[2]


def _is_known(opened: Opened, token: str, audience: Audience) -> bool:
    known = opened.known.get((audience, token))
    if known is None:
        # Without counting, the first document ends the search.
        known = bool(opened.searcher.search(token_seen_by(token, audience), 1, count=False).hits)
        opened.known[audience, token] = known
    return known


# --- answers ----------------------------------------------------------------------------------------------------------


def _hits(searcher: tantivy.Searcher, query: Query, audience: Audience) -> tuple[int, list[EngineHit]]:
    """How many match, and the hits of the page asked for."""
    found = searcher.search(
        translate(query, audience),
        limit=max(query.limit, 1),
        offset=query.offset,
        order_by_field=SORT_FIELDS.get(query.sort),
        order=Order.Asc if query.sort == Sort.TITLE else Order.Desc,
    )
    is_scored = query.sort not in SORT_FIELDS
    pairs = found.hits if query.limit else []
    hits = [
        _hit(searcher.doc(address), float(value) if is_scored else 0.0, query.with_content) for value, address in pairs
    ]
    return int(found.count), hits


def _facet_counts(searcher: tantivy.Searcher, query: Query, audience: Audience) -> dict[str, dict[str, int]]:
    """Counts of every facet asked for; facets without a filter of their own share one pass over the matches."""
    passes: dict[str, list[str]] = {}
    for facet in query.facets:
        passes.setdefault(facet if query.filters.get(facet) else "", []).append(facet)
    counts: dict[str, dict[str, int]] = {}
    for ignoring, facets in passes.items():
        wanted = {facet: {"terms": {"field": facet, "size": query.facets[facet]}} for facet in facets}
        answer: Mapping[str, Any] = searcher.aggregate(translate(query, audience, ignoring), wanted)
        for facet in facets:
            counts[facet] = {bucket["key"]: int(bucket["doc_count"]) for bucket in answer[facet]["buckets"]}
    return counts


def _hit(stored: tantivy.Document, score: float, with_content: bool = True) -> EngineHit:
    return EngineHit(
        key=kept(stored, "key"),
        page_id=int(kept(stored, "page")),
        score=score,
        title=kept(stored, "title"),
        content=kept(stored, "content") if with_content else "",
    )
