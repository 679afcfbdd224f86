import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search.answers import external_ids
from search.engines import EngineError, get_engine
from search.similar import SHOWN, SimilarHit, similar


class Command(BaseCommand):
    """Find projects like a draft on the command line."""

    help = "Find projects similar to a title and a summary; members' plans are found as well."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--title", default="")
        parser.add_argument("--summary", default="")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--limit", type=int, default=SHOWN)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = similar(
                options["title"],
                options["summary"],
                engine=get_engine(),
                audience="members",
                limit=max(options["limit"], 1),
            )
        except EngineError as error:
            raise CommandError(str(error)) from error
        ids = external_ids([item.hit for item in found])
        hits: list[dict[str, Any]] = [
            {
                "id": ids[item.hit.page_id],
                "title": item.hit.title,
                "score": round(item.hit.score, 4),
                "reasons": reasons(item),
            }
            for item in found
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"total": len(hits), "hits": hits, "facets": {}}, ensure_ascii=False))
            return
        for hit in hits:
            self.stdout.write(f"{hit['score']:8.3f}  {hit['title']}  [{hit['id']}]  {'; '.join(hit['reasons'])}")


def reasons(item: SimilarHit) -> list[str]:
    """Why it was found, in sentences a reader can check."""
    if item.common_words:
        return [_("Words in common: %(words)s") % {"words": ", ".join(item.common_words)}]
    return [_("Means something similar in other words")] if item.is_by_meaning else []
