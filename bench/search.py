"""Measures the search on every engine in one interleaved run: against the raw query and the template from constants, as
the documents grow, and how fast an index is built.

With `--elasticsearch` both engines run on the same data; without it the embedded one alone.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from bench.interleave import Action, Timing, interleave
from bench.report import growth, milliseconds, section, table
from bench.sandbox import Sandbox
from bench.server import Server, serving
from bench.steps import timed

EMBEDDED, SERVER = "tantivy", "Elasticsearch"
# What an address is asked for: the page, its template from constants, its query on the engine alone.
PAGE, TEMPLATE, QUERY, TYPED, BARE = "page", "template", "query", "type-ahead", "bare"
PREFIXES = {PAGE: "", TEMPLATE: "/bench/constant", QUERY: "/bench/query"}
# Three calls fill, record and check a baseline; every address has to come by so often.
WARM_UP_CALLS = 3
SLOWEST = 0.95
# Rounds of the comparison with the stock search; with a hundred thousand documents it takes a second a round.
STOCK_ROUNDS = 20


@dataclass(frozen=True)
class Place:
    """One engine with the documents of one sandbox."""

    engine: str
    sandbox: Sandbox

    def named(self, action: str) -> str:
        return f"{action} @ {self.engine} {self.sandbox.size}"


def measure(sandboxes: list[Sandbox], rounds: int, elasticsearch: str, are_built: bool = False) -> None:
    """Print all comparisons; with `are_built` the indexes are those of an earlier run that kept its data."""
    places = [Place(EMBEDDED, sandbox) for sandbox in sandboxes]
    if elasticsearch:
        places += [
            Place(SERVER, replace(sandbox, search_url=f"{elasticsearch}/bench-{sandbox.size}")) for sandbox in sandboxes
        ]
    documents = counts(places) if are_built else print_rebuilds(places)
    timings = pages(places, rounds)
    print_pages(places, documents, timings)
    print_growth(places, documents, timings)
    print_stock(places, documents)


def counts(places: list[Place]) -> dict[Place, int]:
    """How many documents each index has."""
    return {place: place.sandbox.step("counting")["documents"] for place in places}


def print_rebuilds(places: list[Place]) -> dict[Place, int]:
    """Build every index; returns how many documents each has."""
    section(
        "Building the index",
        "Documents a second from the database into a new index, compared with the database and put in use. In\n"
        "brackets: a second of processor time of the platform, without database and search server.",
    )
    documents: dict[Place, int] = {}
    rows = []
    for place in places:
        built = place.sandbox.step("rebuilding")
        documents[place] = built["documents"]
        rows.append((place.engine, f"{built['documents']:,}", _speed(built)))
    table(("", "documents", "documents a second"), rows)
    return documents


def _speed(found: dict[str, Any]) -> str:
    return f"{found['per_second']:,.0f} ({found['per_processor_second']:,.0f})"


def pages(places: list[Place], rounds: int) -> dict[str, Timing]:
    """All engines and sizes in turn, each under a server of its own."""
    actions: dict[str, Action] = {}
    with ExitStack() as stack:
        servers = []
        for place in places:
            server = stack.enter_context(serving(place.sandbox))
            servers.append(server)
            addresses = place.sandbox.step("addresses")
            warm_up(server, addresses["search"])
            for name, prefix in PREFIXES.items():
                actions[place.named(name)] = _asking(server, [f"{prefix}{path}" for path in addresses["search"]])
            actions[place.named(TYPED)] = _asking(server, addresses["type-ahead"])
            actions[place.named(BARE)] = _asking(server, ["/bench/bare/"])
        return interleave(actions, rounds, 1, lambda: sum(server.processor_seconds for server in servers))


def _asking(server: Server, paths: list[str]) -> Callable[[int], object]:
    return lambda number: server.get(paths[number % len(paths)])


def warm_up(server: Server, paths: list[str]) -> None:
    """Every address often enough; the template has to give what the page gives. Raises AssertionError if not."""
    for path in paths:
        for _call in range(WARM_UP_CALLS):
            server.get(f"{PREFIXES[TEMPLATE]}{path}")
            server.get(f"{PREFIXES[QUERY]}{path}")
        if server.get(path) != server.get(f"{PREFIXES[TEMPLATE]}{path}"):
            raise AssertionError(f"The baseline of {path} is another page.")


def print_pages(places: list[Place], documents: dict[Place, int], timings: dict[str, Timing]) -> None:
    section(
        "The search page",
        "Milliseconds over HTTP, one worker: median and 95th percentile of the page; its template rendered from\n"
        "constants and its query on the engine alone, both under the same server (which is counted once); how many\n"
        "times the page takes of their sum; the template's share. Last: type-ahead above a bare view.",
    )
    rows = []
    for place in places:
        page, template, query, typed, bare = (
            timings[place.named(name)] for name in (PAGE, TEMPLATE, QUERY, TYPED, BARE)
        )
        raw = template.median + query.median - bare.median
        worker = template.of_processor.median + query.of_processor.median - bare.of_processor.median
        rows.append(
            (
                f"{place.engine}, {documents[place]:,}",
                milliseconds(page),
                f"{page.share(SLOWEST):.1f}",
                milliseconds(template),
                milliseconds(query),
                f"{page.median / raw:.2f} ({page.of_processor.median / worker:.2f})",
                f"{template.median / page.median:.0%}",
                f"{typed.median - bare.median:.1f}",
            )
        )
    table(("documents", "page", "p95", "template", "query", "ratio (processor)", "template", "type-ahead"), rows)


def print_growth(places: list[Place], documents: dict[Place, int], timings: dict[str, Timing]) -> None:
    section("Growth", "The 95th percentile of the search page, in milliseconds, at both sizes.")
    rows = []
    for engine in dict.fromkeys(place.engine for place in places):
        few, many = (place for place in places if place.engine == engine)
        before, after = (timings[place.named(PAGE)].share(SLOWEST) for place in (few, many))
        sizes = f"{documents[few]:,} → {documents[many]:,}"
        rows.append((engine, sizes, f"{before:.1f}", f"{after:.1f}", growth(after, before)))
    table(("", "documents", "few", "many", "growth"), rows)


def print_stock(places: list[Place], documents: dict[Place, int]) -> None:
    section(
        "Against Wagtail's database search",
        "Milliseconds in one process, on the same data: twenty projects, total and facets; how many times the stock\n"
        "search takes.",
    )
    rows = []
    for place in places:
        found = timed(place.sandbox.step("stock", str(STOCK_ROUNDS)))
        ours = found.pop("platform")
        ratios = (f"{timing.median / ours.median:.1f}" for timing in found.values())
        name = f"{place.engine}, {documents[place]:,}"
        rows.append((name, milliseconds(ours), *map(milliseconds, found.values()), *ratios))
    head = ("", "platform", "stock, one facet", "stock, six", "ratio, one", "ratio, six")
    table(head, rows)
