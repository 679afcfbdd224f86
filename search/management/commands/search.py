import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines import EngineError, get_engine
from search.engines.queries import Query
from search.kinds.registry import kinds
from search.query.answers import answer, external_ids


class Command(BaseCommand):
    """Ask the search on the command line, as a visitor would."""

    help = "Search public content."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("query")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--limit", type=int, default=10)

    def handle(self, *args: Any, **options: Any) -> None:
        query = Query(facets=kinds.sizes, limit=max(options["limit"], 0))
        try:
            result = answer(options["query"], engine=get_engine(), audience="public", query=query).result
        except EngineError as error:
            raise CommandError(str(error)) from error
        ids = external_ids(result.hits)
        hits = [{"id": ids[hit.page_id], "title": hit.title, "score": round(hit.score, 4)} for hit in result.hits]
        if options["json"]:
            answered = {"total": result.total, "hits": hits, "facets": result.facets}
            self.stdout.write(json.dumps(answered, ensure_ascii=False))
            return
        self.stdout.write(f"{result.total} hits")
        for hit in hits:
            self.stdout.write(f"{hit['score']:8.3f}  {hit['title']}  [{hit['id']}]")
