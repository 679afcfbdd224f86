import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Page

from search.engines import EngineError, get_engine
from search.query.answers import external_ids_of
from search.similar.finding import SHOWN, Draft
from search.similar.matches import compare


class Command(BaseCommand):
    """Find projects like a draft on the command line."""

    help = "Find projects similar to a title and a summary; members' plans are found as well."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--title", default="")
        parser.add_argument("--summary", default="")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--limit", type=int, default=SHOWN)

    def handle(self, *args: Any, **options: Any) -> None:
        draft = Draft(options["title"], options["summary"])
        try:
            found = compare(draft, engine=get_engine(), audience="members", limit=max(options["limit"], 1)).items
        except EngineError as error:
            raise CommandError(str(error)) from error
        page_ids = [match.page_id for match in found]
        ids, titles = external_ids_of(page_ids), dict(Page.objects.filter(pk__in=page_ids).values_list("pk", "title"))
        hits: list[dict[str, Any]] = [
            {
                "id": ids[match.page_id],
                "title": titles[match.page_id],
                "score": round(match.score, 4),
                "reasons": [reason.text for reason in match.reasons],
            }
            for match in found
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"total": len(hits), "hits": hits, "facets": {}}, ensure_ascii=False))
            return
        for hit in hits:
            self.stdout.write(f"{hit['score']:8.3f}  {hit['title']}  [{hit['id']}]  {'; '.join(hit['reasons'])}")
