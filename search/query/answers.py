"""Answering a query: from a text to hits, in one way for the page, the commands and other programs.

The words decide what is found and how much; where the model is there, meaning decides the order, and answers alone
what no word can. Must not know a request or a particular engine.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from projects.models import ImportRecord
from search.engines import Audience, Engine, EngineHit, EngineResult
from search.engines.queries import Query, Sort
from search.kinds.base import KIND
from search.kinds.registry import kinds
from search.query.interpretation import Interpretation
from search.query.syntax import take_apart
from search.query.understanding import understand
from search.semantic import encoder, vectors
from search.semantic.encoder import Vector
from search.semantic.reranking import CANDIDATES, gains, reranked

# Fewer hits than one page of results: a document with only some of the words is better than none.
RELAX_BELOW = 20
# Without a word in common, only a few of the nearest can be meant.
BY_MEANING = 10
NEAREST = 30
# How much nearer than nonsense a query has to be: most searches somebody could mean are, and few made-up or foreign
# ones; see docs/decisions/0012-meaning.md.
TELLING_LEAD = 0.044
NOTHING = EngineResult(0, (), {}, 0)


@dataclass(frozen=True)
class Answer:
    """What was found. With `is_by_meaning` no word of the query leads anywhere: these are near to what it means."""

    interpretation: Interpretation
    result: EngineResult
    is_by_meaning: bool = False
    meaning: Mapping[str, float] = field(default_factory=dict)  # what it added to the score of a hit, by key


def answer(
    text: str,
    *,
    engine: Engine,
    audience: Audience,
    query: Query | None = None,
    favour_places: bool = True,
    with_meaning: bool = True,
    with_factors: bool = True,
    with_synonyms: bool = True,
) -> Answer:
    """Search as the search page does; `query` carries filters, facets and paging. Raises EngineError.

    Without a text every document matches; with one of which no word is searched for ("und", "…"), none does. How many
    words have to match is decided without the filters, so that choosing a facet never adds hits.
    """
    wanted = query or Query(facets=kinds.sizes)
    if not text:
        return Answer(Interpretation((), 1), engine.search(wanted, audience=audience))
    interpretation = understand(
        text,
        engine=engine,
        audience=audience,
        favour_places=favour_places,
        with_factors=with_factors,
        with_synonyms=with_synonyms,
    )
    if interpretation.is_empty:
        return Answer(interpretation, NOTHING)
    meant = _Meaning.of(text, wanted) if with_meaning else None
    asked = meant.candidates(wanted) if meant else wanted
    result = engine.search(interpretation.applied_to(asked), audience=audience)
    if interpretation.minimum > 1 and result.before_filters < RELAX_BELOW:
        interpretation = interpretation.relaxed()
        result = engine.search(interpretation.applied_to(asked), audience=audience)
    if not meant:
        return Answer(interpretation, result)
    if result.before_filters == 0:
        return _by_meaning(interpretation, meant, wanted, engine, audience)
    return _reranked(Answer(interpretation, result), meant, wanted, engine, audience)


@dataclass(frozen=True)
class _Meaning:
    """The meaning of a query, beside the vectors of all pages at one moment."""

    text: str
    vector: Vector
    table: vectors.Table

    @classmethod
    def of(cls, text: str, wanted: Query) -> "_Meaning | None":
        """None where only the words count: another order, deep pages, no model, no vectors, only words to leave out."""
        if wanted.sort != Sort.RELEVANCE or wanted.offset >= CANDIDATES or not wanted.limit:
            return None
        typed = take_apart(text)
        looked_for = " ".join((typed.text, *typed.beginnings)).strip()
        if not looked_for or not encoder.is_available():
            return None
        table = vectors.table()
        vector = encoder.query_vector(looked_for) if len(table.page_ids) else None
        return None if vector is None else cls(looked_for, vector, table)

    @staticmethod
    def candidates(wanted: Query) -> Query:
        return replace(wanted, offset=0, limit=CANDIDATES, with_content=False)


def _reranked(found: Answer, meant: _Meaning, wanted: Query, engine: Engine, audience: Audience) -> Answer:
    """The page asked for, in the order of words and meaning; behind the candidates the order of the words goes on."""
    candidates = found.result.hits
    cosines = meant.table.cosines([hit.page_id for hit in candidates], meant.vector)
    added = gains(candidates, cosines.tolist())
    end = wanted.offset + wanted.limit
    hits = reranked(candidates, added)[wanted.offset : end]
    hits = _with_content(hits, engine, audience) if wanted.with_content else hits
    if end > CANDIDATES and found.result.total > CANDIDATES:
        rest = replace(wanted, offset=CANDIDATES, limit=end - CANDIDATES, facets={})
        hits += engine.search(found.interpretation.applied_to(rest), audience=audience).hits
    return replace(found, result=replace(found.result, hits=tuple(hits)), meaning=added)


def _with_content(hits: Sequence[EngineHit], engine: Engine, audience: Audience) -> list[EngineHit]:
    """These hits with the texts for their excerpts. One that was removed at this moment stays without."""
    if not hits:
        return []
    query = Query(only_keys=tuple(hit.key for hit in hits), limit=len(hits))
    texts = {hit.key: hit.content for hit in engine.search(query, audience=audience).hits}
    return [replace(hit, content=texts.get(hit.key, "")) for hit in hits]


def _by_meaning(
    interpretation: Interpretation, meant: _Meaning, wanted: Query, engine: Engine, audience: Audience
) -> Answer:
    """What is nearest to a query whose words lead nowhere; nothing if it insists on words, or is near to nothing."""
    if interpretation.required or interpretation.excluded or wanted.offset:
        return Answer(interpretation, NOTHING)
    near_ones = tuple(kind.key for kind in kinds.with_meaning)
    query = replace(wanted, filters={KIND: near_ones, **wanted.filters}, facets={}, limit=NEAREST)
    vector = encoder.meant_vector(meant.text)
    if vector is None:
        return Answer(interpretation, NOTHING)
    near = vectors.nearest_hits(vector, query, engine=engine, audience=audience, among=meant.table)
    leads = meant.table.leads([hit.page_id for hit in near], vector, encoder.noise())
    hits = [hit for hit, lead in zip(near, leads.tolist(), strict=True) if lead >= TELLING_LEAD]
    hits = hits[: min(BY_MEANING, wanted.limit)]
    return Answer(interpretation, EngineResult(len(hits), tuple(hits), {}, len(hits)), is_by_meaning=bool(hits))


def external_ids(hits: Sequence[EngineHit]) -> dict[int, str]:
    """Page number of each hit → the identifier other systems know the page by."""
    return external_ids_of({hit.page_id for hit in hits})


def external_ids_of(page_ids: Collection[int]) -> dict[int, str]:
    """Page number → the identifier other systems know it by: that of its import, else the number itself."""
    imported = ImportRecord.objects.filter(page__in=page_ids).values_list("page_id", "source_id")
    return {page_id: str(page_id) for page_id in page_ids} | dict(imported)
