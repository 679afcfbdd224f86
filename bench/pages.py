"""Measures pages over HTTP: against a bare view, against their template rendered from constants, and as data grows."""

import json
from collections.abc import Callable

from bench.interleave import Action, Timing, interleave
from bench.report import against, growth, milliseconds, section, spread, table
from bench.sandbox import Sandbox
from bench.server import Server, serving

# Pages whose template is also rendered from constants.
WITH_CONSTANTS = ("search", "project")
# Three calls fill, record and check a baseline; every address has to come by so often.
WARM_UP_CALLS = 3
MEMORY_REQUESTS = 1_000

Addresses = dict[str, list[str]]
BARE = "bare view"


def constants(kind: str) -> str:
    return f"{kind}, constants"


def measure(small: Sandbox, large: Sandbox, rounds: int) -> None:
    few, many = small.step("addresses"), large.step("addresses")
    # A few projects may not have every kind of page.
    both = [kind for kind in many if few[kind] and many[kind]]
    addresses: dict[int, Addresses] = {
        small.size: {kind: few[kind] for kind in both},
        large.size: {kind: many[kind] for kind in both},
    }
    with serving(small) as small_server, serving(large) as large_server:
        servers = {small.size: small_server, large.size: large_server}
        actions: dict[str, Action] = {}
        for size, server in servers.items():
            warm_up(server, addresses[size])
            actions |= {name_at(kind, size): action for kind, action in requests(server, addresses[size]).items()}
        timings = interleave(
            actions, rounds, 1, lambda: small_server.processor_seconds + large_server.processor_seconds
        )
        before = large_server.memory()
        mixed(large_server, addresses[large.size])
        after = large_server.memory()
    print_ratios({kind: timings[name_at(kind, large.size)] for kind in kinds(addresses[large.size])})
    print_growth(small, large, timings, addresses)
    section("Memory of one worker", f"After the run above and {MEMORY_REQUESTS:,} further mixed requests, in MiB.")
    table(
        ("", "resident", "proportional"),
        [
            ("before the mixed requests", f"{before['Rss']:.0f}", f"{before['Pss']:.0f}"),
            ("after them", f"{after['Rss']:.0f}", f"{after['Pss']:.0f}"),
        ],
    )


def name_at(kind: str, size: int) -> str:
    return f"{kind} @ {size}"


def kinds(addresses: Addresses) -> list[str]:
    return [BARE, *addresses, *(constants(kind) for kind in WITH_CONSTANTS)]


def requests(server: Server, addresses: Addresses) -> dict[str, Action]:
    """An action for each kind of page; the number of the round chooses the address."""
    every = {BARE: ["/bench/bare/"], **addresses}
    every |= {constants(kind): [f"/bench/constant{path}" for path in addresses[kind]] for kind in WITH_CONSTANTS}
    return {kind: _asking(server, paths) for kind, paths in every.items()}


def _asking(server: Server, paths: list[str]) -> Callable[[int], object]:
    return lambda number: server.get(paths[number % len(paths)])


def warm_up(server: Server, addresses: Addresses) -> None:
    """Every address often enough; the baseline has to give what the page gives. Raises AssertionError if not."""
    for kind in WITH_CONSTANTS:
        for path in addresses[kind]:
            for _call in range(WARM_UP_CALLS):
                server.get(f"/bench/constant{path}")
            page, baseline = server.get(path), server.get(f"/bench/constant{path}")
            if page != baseline:
                raise AssertionError(f"The baseline of {path} is another page.")


def mixed(server: Server, addresses: Addresses) -> None:
    paths = [path for kind in addresses for path in addresses[kind]]
    for number in range(MEMORY_REQUESTS):
        server.get(paths[number % len(paths)])


def print_ratios(timings: dict[str, Timing]) -> None:
    section(
        "Pages",
        "Over HTTP, one worker, one open connection: milliseconds on the clock, and processor time of the worker.\n"
        "“Constants”: the same template with everything from the database kept in memory. Ratios: of the medians, in\n"
        "brackets the middle 80 % round by round.",
    )
    bare = timings[BARE]
    rows = []
    for kind, timing in timings.items():
        baseline = timings.get(constants(kind))
        ours = timing.of_processor
        rows.append(
            (
                kind,
                milliseconds(timing),
                spread(timing),
                against(timing, bare),
                against(timing, baseline) if baseline else "",
                milliseconds(ours),
                against(ours, baseline.of_processor) if baseline else "",
            )
        )
    head = ("page", "ms", "middle 80 %", "to bare view", "to constants", "processor ms", "to constants")
    table(head, rows)


def print_growth(small: Sandbox, large: Sandbox, timings: dict[str, Timing], addresses: dict[int, Addresses]) -> None:
    queries = {box.size: box.step("queries", json.dumps(addresses[box.size])) for box in (small, large)}
    section(
        f"Growth of pages, data {growth(large.size, small.size)}",
        f"Median processor milliseconds with {small.size:,} and {large.size:,} projects; SQL statements a page.",
    )
    rows = []
    for kind in addresses[large.size]:
        few, many = (timings[name_at(kind, box.size)].of_processor for box in (small, large))
        sent = [f"{queries[box.size][kind]:.1f}" for box in (small, large)]
        rows.append((kind, milliseconds(few), milliseconds(many), growth(many.median, few.median), *sent))
    table(("page", f"{small.size:,}", f"{large.size:,}", "growth", "SQL, small", "SQL, large"), rows)
