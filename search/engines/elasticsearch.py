"""The search server: Elasticsearch 9, one node or a cluster, asked over HTTP.

Writers on several machines need no lock, because every write carries a version. The index in use is looked up before
every write and every few seconds of reading; a missing one, or one of another version, is an IndexMissingError, never
an empty answer.
"""

import hashlib
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import Any

import structlog
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.engines.address import Address
from search.engines.contract import Audience, EngineError, EngineHit, EngineResult, PageDocuments
from search.engines.elasticsearch_connection import Connection
from search.engines.elasticsearch_documents import SPELLING_MARK
from search.engines.elasticsearch_indexes import Indexes
from search.engines.elasticsearch_queries import (
    UNFILTERED,
    facet_counts,
    known_request,
    nearest_words_request,
    request,
    spellings_request,
    visible,
    words_request,
)
from search.engines.elasticsearch_rebuild import ElasticsearchRebuild, kept_alive
from search.engines.elasticsearch_scan import digests_of
from search.engines.elasticsearch_writing import Target, write
from search.engines.queries import Query, Sort

log = structlog.get_logger(__name__)

# Until then an index swapped by another version of the platform may go unnoticed.
VERIFIED_SECONDS = 10.0
# A word that exists will hardly be gone soon; asking again for each query would cost as much as the search.
KNOWN_SECONDS = 300.0
# One that does not may be published at any moment; by then whoever asks has looked at other pages of the same hits.
UNKNOWN_SECONDS = 10.0
UNASKED = (False, 0.0)
KNOWN_WORDS = 20_000


class ElasticsearchEngine:
    """Implements `search.engines.contract.Engine`."""

    is_embedded = False

    def __init__(self, address: Address) -> None:
        self.connection = Connection(address)
        self.indexes = Indexes(self.connection)
        self._verified: tuple[str, float] = ("", 0.0)
        self._known: dict[
            tuple[Audience, str], tuple[bool, float]
        ] = {}  # whether it occurs, and until when we trust it

    # --- writing --------------------------------------------------------------------------------------

    def exclusive(self) -> AbstractContextManager[None]:
        return nullcontext()

    def write(self, changes: Sequence[PageDocuments]) -> None:
        building = self.indexes.building
        targets = [
            Target(index.name, building if building in index.aliases else self.indexes.prefix)
            for index in self.indexes.targets()
        ]
        write(self.connection, targets, changes)
        self._known.clear()

    @contextmanager
    def rebuild(self) -> Iterator["ElasticsearchRebuild"]:
        name = self.indexes.begin()
        try:
            with kept_alive(self.indexes, name) as life:
                building = ElasticsearchRebuild(self.indexes, Target(name, self.indexes.building), life)
                with closing(building):
                    yield building
                    building.finish_filling()
                life.check()
                self.indexes.publish(name)
        except BaseException:
            self._abandon(name)
            raise
        self._verified = ("", 0.0)

    def _abandon(self, name: str) -> None:
        try:
            self.indexes.abandon(name)
        except EngineError as error:
            # The server is away: the next rebuild takes over what is left.
            log.warning("search_rebuild_left_behind", index=name, error=str(error))

    def rollback(self) -> None:
        self.indexes.go_back()
        self._verified = ("", 0.0)

    # --- reading --------------------------------------------------------------------------------------

    def ping(self) -> None:
        self._verify(at_once=True)
        self._search(request(Query(limit=0), "public"))

    def search(self, query: Query, *, audience: Audience) -> EngineResult:
        answer = self._search(request(query, audience), steady=repr((query.groups, query.required)))
        total = int(answer["hits"]["total"]["value"])
        aggregations = answer.get("aggregations", {})
        return EngineResult(
            total=total,
            hits=tuple(_hit(found, query) for found in answer["hits"]["hits"]),
            facets=facet_counts(query, aggregations),
            before_filters=int(aggregations[UNFILTERED]["doc_count"]) if UNFILTERED in aggregations else total,
        )

    def count(self, *, audience: Audience) -> int:
        body = {"query": visible(audience).to_dict(), "size": 0, "track_total_hits": True}
        return int(self._search(body)["hits"]["total"]["value"])

    def known(self, tokens: Collection[str], *, audience: Audience) -> frozenset[str]:
        now = time.monotonic()
        remembered = {token: self._known.get((audience, token), UNASKED) for token in tokens}
        if asked := sorted(token for token, (_is_known, until) in remembered.items() if until <= now):
            buckets = self._search(known_request(asked, audience))["aggregations"]["tokens"]["buckets"]
            if len(self._known) > KNOWN_WORDS:
                self._known.clear()
            for position, token in enumerate(asked):
                is_known = bool(buckets[str(position)]["doc_count"])
                remembered[token] = is_known, now + (KNOWN_SECONDS if is_known else UNKNOWN_SECONDS)
                self._known[audience, token] = remembered[token]
        return frozenset(token for token, (is_known, _until) in remembered.items() if is_known)

    def words(self, prefix: str, *, audience: Audience, limit: int) -> list[str]:
        answer = self._search(words_request(prefix, audience, limit))
        return [_written(bucket) for bucket in answer["aggregations"]["sample"]["words"]["buckets"]]

    def nearest_words(self, folded: str, *, audience: Audience, distance: int, limit: int) -> list[str]:
        answer = self._search(nearest_words_request(folded, audience, distance))
        near, backwards = (answer["suggest"][name][0]["options"] for name in ("near", "backwards"))
        spellings = {folded, *(option["text"] for option in near), *(option["text"][::-1] for option in backwards)}
        return self._as_written(sorted(spellings), folded, audience, distance)[:limit]

    def _as_written(self, spellings: list[str], folded: str, audience: Audience, distance: int) -> list[str]:
        """The words behind folded spellings, ranked as the embedded engine ranks them."""
        near = [found for found in spellings if OSA.distance(folded, found) <= distance]
        if not near:
            return []
        answer = self._search(spellings_request(near, audience, limit=4 * len(near)))
        keys = [str(bucket["key"]) for bucket in answer["aggregations"]["words"]["buckets"]]
        choices = [key.split(SPELLING_MARK, 1)[0] for key in keys]
        ranked = process.extract(folded, choices, scorer=OSA.distance, processor=None, limit=None)
        return [keys[position].split(SPELLING_MARK, 1)[1] for _spelling, _distance, position in ranked]

    def digests(self, *, audience: Audience) -> Iterator[tuple[str, int, str]]:
        yield from digests_of(self.connection, self.indexes.current().name, audience)

    # --- asking ---------------------------------------------------------------------------------------

    def _search(self, body: dict[str, Any], steady: str = "") -> dict[str, Any]:
        """One request to the index in use. The same `steady` text always asks the same copies of the shards, whose
        scores may differ slightly from those of others."""
        self._verify()
        options: dict[str, Any] = {"allow_partial_search_results": False}
        if steady and self.connection.address.replicas:
            options["preference"] = hashlib.sha256(steady.encode()).hexdigest()[:8]
        if self.connection.address.shards > 1:
            # How rare a word is, is counted over all shards.
            options["search_type"] = "dfs_query_then_fetch"
        answer: dict[str, Any] = self.connection.ask(
            lambda client: client.search(index=self.indexes.prefix, body=body, **options).body
        )
        if any(hit["_index"] != self._verified[0] for hit in answer["hits"]["hits"][:1]):
            self._verify(at_once=True)
        return answer

    def _verify(self, *, at_once: bool = False) -> None:
        """See that the alias leads to an index of this version. Raises IndexMissingError otherwise."""
        if at_once or time.monotonic() - self._verified[1] > VERIFIED_SECONDS:
            self._verified = ("", 0.0)
            self._verified = (self.indexes.current().name, time.monotonic())


def _hit(found: dict[str, Any], query: Query) -> EngineHit:
    kept = found["_source"]
    is_scored = query.sort == Sort.RELEVANCE
    scored = float(found["_score"] or 0.0)
    return EngineHit(
        kept["key"], int(kept["page"]), scored if is_scored else 0.0, kept["title"], kept.get("content", "")
    )


def _written(bucket: dict[str, Any]) -> str:
    return str(bucket["key"]).split(SPELLING_MARK, 1)[1]


def _dicts(queries: Sequence[Any]) -> list[dict[str, Any]]:
    return [query.to_dict() for query in queries]
