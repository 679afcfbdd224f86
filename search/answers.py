"""A search as other programs ask for it: from text to hits, without a page around it."""

from collections.abc import Sequence
from dataclasses import dataclass

from projects.models import ImportRecord
from search.engines import Audience, Engine, EngineHit, EngineResult
from search.facets import SIZES
from search.interpretation import Interpretation, interpret
from search.models import Synonym
from search.queries import Query


@dataclass(frozen=True)
class Answer:
    interpretation: Interpretation
    result: EngineResult


def answer(text: str, *, engine: Engine, audience: Audience, query: Query | None = None) -> Answer:
    """Search for a text as the search page does; `query` carries filters, facets and paging. Raises EngineError."""
    interpretation = interpret(text, engine=engine, synonyms=Synonym.objects.table(), audience=audience)
    if interpretation.is_empty:
        return Answer(interpretation, EngineResult(0, (), {}))
    wanted = interpretation.applied_to(query or Query(facets=SIZES))
    return Answer(interpretation, engine.search(wanted, audience=audience))


def external_ids(hits: Sequence[EngineHit]) -> dict[int, str]:
    """Page number → the identifier other systems know it by: that of its import, else the number itself."""
    page_ids = {hit.page_id for hit in hits}
    imported = ImportRecord.objects.filter(page__in=page_ids).values_list("page_id", "source_id")
    return {page_id: str(page_id) for page_id in page_ids} | dict(imported)
