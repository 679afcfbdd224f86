"""Queries of the platform as queries of Elasticsearch. Must not ask the server anything."""

from collections.abc import Iterator, Sequence
from typing import Any

from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.query import Query as DslQuery

from search.engines.contract import VISIBLE_TO, Audience
from search.engines.elasticsearch_documents import MAX_WINDOW, SPELLING_MARK, reversed_field, spelling_field
from search.engines.queries import Boost, Clause, Group, Query, Sort

SORT_FIELDS = {Sort.NEWEST: {"newest": "desc"}, Sort.TITLE: {"title_order": "asc"}}
# Names of aggregations; no facet is called so.
UNFILTERED = "unfiltered"
SHARED = "shared"
# Words are completed from so many documents of each shard that hold any: enough to tell frequent words from rare ones,
# and as fast with 100,000 documents as with 10,000.
SAMPLED_DOCUMENTS = 2_000
# Spellings looked at for a correction; of these the nearest are taken.
SPELLINGS_ASKED = 50
# What Lucene's automatons go up to.
MOST_EDITS = 2
ANY_NUMBER = 1_000_000_000


def visible(audience: Audience) -> DslQuery:
    return Q("terms", audience=list(VISIBLE_TO[audience]))


def translate(query: Query, audience: Audience) -> DslQuery:
    """The query without its filters."""
    must: list[DslQuery] = []
    if query.groups:
        minimum = min(query.minimum, len(query.groups))
        groups = [_group(group) for group in query.groups]
        must.append(Q("bool", should=groups, minimum_should_match=minimum))
    must += [_clause(clause) for clause in query.required]
    return Q(
        "bool",
        must=must,
        filter=list(_conditions(query, audience)),
        must_not=list(_exclusions(query)),
        should=[_boost(boost) for boost in query.boosts],
        minimum_should_match=0,
    )


def filters(query: Query, ignoring: str = "") -> list[DslQuery]:
    """The filters that are set, without the one of the facet named."""
    return [Q("terms", **{name: list(values)}) for name, values in query.filters.items() if values and name != ignoring]


def _conditions(query: Query, audience: Audience) -> Iterator[DslQuery]:
    yield visible(audience)
    if query.only_pages is not None:
        yield Q("terms", page=[str(page_id) for page_id in query.only_pages])
    if query.only_keys is not None:
        yield Q("terms", key=list(query.only_keys))


def _exclusions(query: Query) -> Iterator[DslQuery]:
    if query.without_page is not None:
        yield Q("term", page=str(query.without_page))
    for clause in query.excluded:
        yield _clause(clause)


def _boost(boost: Boost) -> DslQuery:
    if boost.since is not None:
        matched = Q("range", newest={"gte": boost.since})
    else:
        matched = Q("terms", **{boost.field: list(boost.values)})
    return Q("constant_score", filter=matched, boost=boost.weight)


def _group(group: Group) -> DslQuery:
    return Q("bool", should=[_clause(clause) for clause in group.clauses])


def _clause(clause: Clause) -> DslQuery:
    if clause.is_prefix:
        beginning = Q("prefix", **{clause.field: {"value": clause.tokens[0]}})
        return Q("constant_score", filter=beginning, boost=clause.weight)
    if clause.is_phrase:
        return Q("match_phrase", **{clause.field: {"query": " ".join(clause.tokens), "boost": clause.weight}})
    terms = [Q("term", **{clause.field: {"value": token, "boost": clause.weight}}) for token in clause.tokens]
    return terms[0] if len(terms) == 1 else Q("bool", must=terms)


# --- whole requests ---------------------------------------------------------------------------------------------------


def request(query: Query, audience: Audience) -> dict[str, Any]:
    """Hits, total, facet counts and the total without filters, in one request (the pattern of dsl.FacetedSearch).

    Filters apply after the aggregations; each facet counts with all filters but its own.
    """
    is_within = query.offset + query.limit <= MAX_WINDOW
    search = Search().query(translate(query, audience)).extra(track_total_hits=True)
    search = search.sort(*order(query)).extra(_source=source(query))
    search = search.extra(**{"from": query.offset, "size": query.limit} if is_within else {"size": 0})
    if chosen := filters(query):
        search = search.post_filter(Q("bool", filter=chosen))
        if query.with_unfiltered:
            search.aggs.bucket(UNFILTERED, A("filter", Q("match_all")))
    passes: dict[str, list[str]] = {}
    for facet in query.facets:
        passes.setdefault(facet if query.filters.get(facet) else SHARED, []).append(facet)
    for name, facets in passes.items():
        counted: Any = search.aggs
        if others := filters(query, ignoring=name):
            counted = search.aggs.bucket(name, A("filter", Q("bool", filter=others)))
        for facet in facets:
            counted.bucket(f"{facet}_values", A("terms", field=facet, size=query.facets[facet]))
    return dict(search.to_dict())


def order(query: Query) -> list[Any]:
    """Documents that are equal keep an order of their own, so that pages of hits do not overlap."""
    return [SORT_FIELDS.get(query.sort, {"_score": "desc"}), {"key": "asc"}]


def source(query: Query) -> list[str]:
    return ["key", "page", "title", "content"] if query.with_content else ["key", "page", "title"]


def facet_counts(query: Query, aggregations: Any) -> dict[str, dict[str, int]]:
    """Facet → value → number of documents, from the answer to `request`."""
    counts: dict[str, dict[str, int]] = {}
    for facet in query.facets:
        name = facet if query.filters.get(facet) else SHARED
        buckets = aggregations.get(name, aggregations)[f"{facet}_values"]["buckets"]
        counts[facet] = {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets}
    return counts


def known_request(tokens: Sequence[str], audience: Audience) -> dict[str, Any]:
    """How many documents hold each token."""
    named = {str(position): {"term": {"parts": token}} for position, token in enumerate(tokens)}
    search = Search().query(Q("bool", filter=[visible(audience)])).extra(size=0, track_total_hits=False)
    search.aggs.bucket("tokens", A("filters", filters=named))
    return dict(search.to_dict())


def words_request(prefix: str, audience: Audience, limit: int) -> dict[str, Any]:
    """Words whose folded spelling begins so, most frequent first."""
    beginning = Q("prefix", vocabulary={"value": prefix})
    search = Search().query(Q("bool", filter=[visible(audience), beginning])).extra(size=0, track_total_hits=False)
    sample = search.aggs.bucket("sample", A("sampler", shard_size=SAMPLED_DOCUMENTS))
    sample.bucket("words", A("terms", field="vocabulary", size=limit, include=f"{escaped(prefix)}.*"))
    return dict(search.to_dict())


def nearest_words_request(folded: str, audience: Audience, distance: int) -> dict[str, Any]:
    """Spellings near to one, looked for from both ends."""
    options = {
        "suggest_mode": "always",
        "max_edits": min(distance, MOST_EDITS),
        "prefix_length": 0,
        "min_word_length": 1,
        "string_distance": "damerau_levenshtein",
        "size": SPELLINGS_ASKED,
        "shard_size": SPELLINGS_ASKED,
        # A word that many documents hold may be mistyped for another one too.
        "max_term_freq": ANY_NUMBER,
    }
    asked = {"near": (folded, spelling_field(audience)), "backwards": (folded[::-1], reversed_field(audience))}
    suggest = {
        name: {"text": text, "term": {**options, "field": field, "analyzer": "keyword"}}
        for name, (text, field) in asked.items()
    }
    return {"size": 0, "suggest": suggest, "track_total_hits": False}


def spellings_request(spellings: Sequence[str], audience: Audience, limit: int) -> dict[str, Any]:
    """Words as written of some folded spellings, most frequent first."""
    pattern = f"({'|'.join(escaped(spelling) for spelling in spellings)}){SPELLING_MARK}.*"
    matching = Q("bool", should=[Q("prefix", vocabulary=f"{spelling}{SPELLING_MARK}") for spelling in spellings])
    search = Search().query(Q("bool", filter=[visible(audience), matching])).extra(size=0, track_total_hits=False)
    search.aggs.bucket("words", A("terms", field="vocabulary", size=limit, include=pattern))
    return dict(search.to_dict())


def escaped(text: str) -> str:
    """For Lucene's regular expressions, in which more characters mean something than in Python's."""
    return "".join(character if character.isalnum() else f"\\{character}" for character in text)
