import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.answers import answer, external_ids
from search.engines import EngineError, EngineHit, get_engine
from search.facets import SIZES
from search.measures import DEPTH, measure
from search.queries import Query
from search.similar import similar

# Artefacts belong to the project they come with: look a little deeper, so that ten different pages remain.
HITS_ASKED = 3 * DEPTH


class Command(BaseCommand):
    """Judge the search with queries whose right answers are known."""

    help = "Measure the search with queries and judgements (JSON lines); each corpus alone in a database of its own."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("queries", type=Path, help='lines of {"id", "text"}, with --similar also "title"')
        parser.add_argument("qrels", type=Path, help='lines of {"query", "doc", "rel"}; may be empty')
        parser.add_argument("--similar", action="store_true", help="ask for similar projects instead of searching")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        relevant: dict[str, dict[str, float]] = {}
        for row in lines(options["qrels"], ("query", "doc", "rel")):
            if row["rel"] > 0:
                relevant.setdefault(str(row["query"]), {})[str(row["doc"])] = float(row["rel"])
        ranked: dict[str, list[str]] = {}
        times: list[float] = []
        ask = similar_hits if options["similar"] else found_hits
        try:
            for row in lines(options["queries"], ("id", "text")):
                started = time.perf_counter()
                hits = ask(row)
                times.append((time.perf_counter() - started) * 1000)
                ids = external_ids(hits)
                ranked[str(row["id"])] = list(dict.fromkeys(ids[hit.page_id] for hit in hits))[:DEPTH]
        except EngineError as error:
            raise CommandError(str(error)) from error
        warned = [False] * len(ranked) if options["similar"] else None
        figures = measure(ranked, relevant, times, warned).as_dict()
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:8} {'–' if value is None else value}")


def found_hits(row: dict[str, Any]) -> tuple[EngineHit, ...]:
    """The hits of a query, with the facets a search page would count."""
    query = Query(facets=SIZES, limit=HITS_ASKED)
    return answer(str(row["text"]), engine=get_engine(), audience="public", query=query).result.hits


def similar_hits(row: dict[str, Any]) -> tuple[EngineHit, ...]:
    title = str(row.get("title") or "")
    found = similar(title, str(row["text"]), engine=get_engine(), audience="members", limit=HITS_ASKED)
    return tuple(item.hit for item in found)


def lines(path: Path, required: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines. Raises CommandError naming the line that is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            missing = [name for name in required if name not in row]
        except (json.JSONDecodeError, TypeError) as error:
            raise CommandError(f"{path}, line {number}: {error}") from error
        if missing:
            raise CommandError(f"{path}, line {number}: {', '.join(missing)} missing.")
        yield row
