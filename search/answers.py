"""A search as other programs ask for it: from text to hits, without a page around it."""

from collections.abc import Sequence
from dataclasses import dataclass

from projects.models import ImportRecord
from search.engines import Audience, Engine, EngineHit, EngineResult
from search.facets import SIZES
from search.interpretation import Interpretation, interpret
from search.models import Synonym
from search.queries import Query

# Fewer hits than one page of results: a document with only some of the words is better than none.
RELAX_BELOW = 20


@dataclass(frozen=True)
class Answer:
    interpretation: Interpretation
    result: EngineResult


def answer(text: str, *, engine: Engine, audience: Audience, query: Query | None = None) -> Answer:
    """Search as the search page does; `query` carries filters, facets and paging. Raises EngineError.

    Without a text every document matches; with one of which no word is searched for ("und", "…"), none does. How many
    words have to match is decided without the filters, so that choosing a facet never adds hits.
    """
    wanted = query or Query(facets=SIZES)
    if not text:
        return Answer(Interpretation((), 1), engine.search(wanted, audience=audience))
    interpretation = interpret(text, engine=engine, synonyms=Synonym.objects.table(), audience=audience)
    if interpretation.is_empty:
        return Answer(interpretation, EngineResult(0, (), {}, 0))
    result = engine.search(interpretation.applied_to(wanted), audience=audience)
    if interpretation.minimum > 1 and result.before_filters < RELAX_BELOW:
        interpretation = interpretation.relaxed()
        result = engine.search(interpretation.applied_to(wanted), audience=audience)
    return Answer(interpretation, result)


def external_ids(hits: Sequence[EngineHit]) -> dict[int, str]:
    """Page number → the identifier other systems know it by: that of its import, else the number itself."""
    page_ids = {hit.page_id for hit in hits}
    imported = ImportRecord.objects.filter(page__in=page_ids).values_list("page_id", "source_id")
    return {page_id: str(page_id) for page_id in page_ids} | dict(imported)
