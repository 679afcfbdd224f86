"""Step of the bench: a search with six facets against Wagtail's stock search on the same data, in one process."""

from collections import OrderedDict
from dataclasses import asdict
from typing import Any

from django.db.models import Count

from bench.addresses import queries
from bench.interleave import interleave
from projects.models import ProjectPage
from search.engines import get_engine
from search.engines.queries import Query
from search.models import Synonym
from search.query.interpretation import interpret
from search.results.hits import join

HITS = 20
FACET_SIZE = 60
# Facets of the platform, and where a project's values of them stand in the database.
COLUMNS = {
    "phase": "phase",
    "partner": "openness",
    "handlungsfeld": "fields_of_action__slug",
    "tag": "tagged_items__tag__slug",
    "artefakt": "artefacts__kind__slug",
    "lizenz": "artefacts__licence__spdx_id",
}
WARM_UP = 12


def main(rounds: str) -> dict[str, dict[str, Any]]:
    texts = queries()
    actions = {
        "platform": lambda number: platform(texts[number % len(texts)]),
        "stock, one facet": lambda number: stock(texts[number % len(texts)]),
        "stock, six facets": lambda number: stock_with_all_facets(texts[number % len(texts)]),
    }
    return {name: asdict(timing) for name, timing in interleave(actions, int(rounds), WARM_UP).items()}


def platform(text: str) -> int:
    """Projects with total, six facets, excerpts, bodies and tags, as the search page needs them."""
    engine = get_engine()
    query = Query(filters={"typ": ("projekt",)}, facets=dict.fromkeys(COLUMNS, FACET_SIZE), limit=HITS)
    meant = interpret(text, engine=engine, synonyms=Synonym.objects.table(), audience="public")
    result = engine.search(meant.applied_to(query), audience="public")
    return len(join(result.hits, meant.tokens))


def stock(text: str) -> Any:
    """What Wagtail's database search offers: pages, total, and counts of a field of the page itself."""
    results = ProjectPage.objects.live().search(text)
    return list(results[:HITS]), results.count(), results.facet("phase")


def stock_with_all_facets(text: str) -> Any:
    """Like `stock`, with the five other facets counted as its own facet() counts, which refuses related fields."""
    found = stock(text)
    results = ProjectPage.objects.live().search(text)
    compiler, config = results.query_compiler, results.query_compiler.get_config(results.backend)
    facets = {
        name: OrderedDict(
            compiler.search(config, None, None)
            .values_list(column)
            .annotate(total=Count("pk"))
            .order_by("-total")[:FACET_SIZE]
        )
        for name, column in COLUMNS.items()
        if name != "phase"
    }
    return found, facets
