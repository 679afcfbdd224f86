import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from projects.models import ImportRecord
from search.engines import EngineError, EngineHit
from search.engines.queries import Query
from search.evaluation.comparison import Change, Configuration, changes
from search.evaluation.measures import DEPTH, Measures, measure
from search.kinds.registry import kinds
from search.query.answers import answer, external_ids
from search.similar.finding import Draft, meaning_of, similar
from search.similar.matches import compare

# Artefacts belong to the project they come with: look a little deeper, so that ten different pages remain.
HITS_ASKED = 3 * DEPTH
# What of a query is printed where queries are listed.
QUERY_SHOWN = 90

Row = dict[str, Any]
Relevant = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Judged:
    """All queries answered in one way."""

    configuration: Configuration
    ranked: dict[str, list[str]]
    measures: Measures


class Command(BaseCommand):
    """Judge the search with queries whose right answers are known."""

    help = "Measure the search with queries and judgements (JSON lines); each corpus alone in a database of its own."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("queries", type=Path, help='lines of {"id", "text"}, with --similar also "title"')
        parser.add_argument("qrels", type=Path, help='lines of {"query", "doc", "rel"}; may be empty')
        parser.add_argument("--similar", action="store_true", help="ask for similar projects instead of searching")
        parser.add_argument(
            "--without-match",
            action="store_true",
            help="with --similar: take the judged projects of each query out, so that nothing fits it",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--compare",
            nargs="+",
            metavar="NAME=VALUE",
            help="measure again with these settings (engine=ADDRESS, meaning|factors|places|synonyms=on|off), and "
            "list the queries that are answered better or worse",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rows = list(lines(options["queries"], ("id", "text")))
        relevant: Relevant = {}
        for row in lines(options["qrels"], ("query", "doc", "rel")):
            if row["rel"] > 0:
                relevant.setdefault(str(row["query"]), {})[str(row["doc"])] = float(row["rel"])
        configurations = [Configuration.in_use()]
        if options["compare"]:
            configurations.append(_changed(configurations[0], options["compare"], options["similar"]))
        try:
            judged = [
                judge(each, rows, relevant, options["similar"], is_without_match=options["without_match"])
                for each in configurations
            ]
        except EngineError as error:
            raise CommandError(str(error)) from error
        texts = {str(row["id"]): str(row["text"]) for row in rows}
        if len(judged) == 2:
            moved = changes(judged[0].ranked, judged[1].ranked, relevant)
            self.stdout.write(_compared_json(judged, moved) if options["json"] else _compared(judged, moved, texts))
        elif options["json"]:
            self.stdout.write(json.dumps(judged[0].measures.as_dict()))
        else:
            self.stdout.write("\n".join(f"{name:8} {shown(value)}" for name, value in _figures(judged[0])))


def judge(
    configuration: Configuration,
    rows: Sequence[Row],
    relevant: Relevant,
    is_similar: bool,
    *,
    is_without_match: bool = False,
) -> Judged:
    """Answer all queries in one way. Raises EngineError."""
    ask: Callable[[Row, Configuration], Sequence[EngineHit]] = similar_hits if is_similar else found_hits
    ranked: dict[str, list[str]] = {}
    times: list[float] = []
    for row in rows:
        started = time.perf_counter()
        hits = ask(row, configuration)
        times.append((time.perf_counter() - started) * 1000)
        ids = external_ids(hits)
        ranked[str(row["id"])] = list(dict.fromkeys(ids[hit.page_id] for hit in hits))[:DEPTH]
    warned = None
    if is_similar:
        warned = [is_warned(row, configuration, relevant if is_without_match else {}) for row in rows]
    return Judged(configuration, ranked, measure(ranked, relevant, times, warned))


def found_hits(row: Row, configuration: Configuration) -> tuple[EngineHit, ...]:
    """The hits of a query, with the facets a search page would count."""
    query = Query(facets=kinds.sizes, limit=HITS_ASKED)
    found = answer(
        str(row["text"]), engine=configuration.engine, audience="public", query=query, **configuration.switches
    )
    return found.result.hits


def similar_hits(row: Row, configuration: Configuration) -> tuple[EngineHit, ...]:
    title, text = str(row.get("title") or ""), str(row["text"])
    vector = meaning_of(title, text)
    found = similar(title, text, engine=configuration.engine, audience="members", limit=HITS_ASKED, vector=vector)
    return tuple(item.hit for item in found)


def is_warned(row: Row, configuration: Configuration, left_out: Relevant) -> bool:
    """Whether whoever writes the text is told loudly; `left_out`: documents that shall not be there, by query."""
    sources = left_out.get(str(row["id"]), {})
    pages = set(ImportRecord.objects.filter(source_id__in=sources).values_list("page_id", flat=True))
    text = str(row["text"])
    # A draft has one page that it is not compared with; of several, the others are passed over.
    draft = Draft(str(row.get("title") or ""), text, page_id=min(pages, default=None))
    found = compare(draft, engine=configuration.engine, audience="members", limit=DEPTH)
    return any(match.is_strong for match in found.items if match.page_id not in pages)


def _changed(configuration: Configuration, assignments: list[str], is_similar: bool) -> Configuration:
    try:
        changed = configuration.changed_by(assignments)
    except ValueError as error:
        raise CommandError(str(error)) from error
    if is_similar and changed.switches:
        raise CommandError("With --similar only engine=ADDRESS can be compared.")
    return changed


# --- printing ---------------------------------------------------------------------------------------------------------


def _figures(judged: Judged) -> list[tuple[str, float | int | None]]:
    return list(judged.measures.as_dict().items())


def shown(value: float | None) -> str:
    return "–" if value is None else str(value)


def _compared(judged: Sequence[Judged], moved: Sequence[Change], texts: dict[str, str]) -> str:
    """Both tables beside each other, then the queries that moved."""
    first, second = judged
    found = [f"A: {first.configuration.name}", f"B: {second.configuration.name}", "", f"{'':8} {'A':>10} {'B':>10}"]
    pairs = zip(_figures(first), _figures(second), strict=True)
    found += [f"{name:8} {shown(before):>10} {shown(after):>10}" for (name, before), (_name, after) in pairs]
    for title, is_better in (("Better with B", True), ("Worse with B", False)):
        listed = [change for change in moved if change.is_better == is_better]
        found += ["", f"{title}: {len(listed)}"]
        found += [
            f"  {change.before or '–'} → {change.after or '–'}  {texts[change.query][:QUERY_SHOWN]}"
            for change in listed
        ]
    return "\n".join(found)


def _compared_json(judged: Sequence[Judged], moved: Sequence[Change]) -> str:
    return json.dumps(
        {
            "first": judged[0].measures.as_dict(),
            "second": judged[1].measures.as_dict(),
            "better": [change.as_dict() for change in moved if change.is_better],
            "worse": [change.as_dict() for change in moved if not change.is_better],
        }
    )


def lines(path: Path, required: tuple[str, ...]) -> Iterator[Row]:
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
