#!/usr/bin/env python3
"""`make bench`: speed against stated baselines, in one interleaved run, at two sizes. See docs/performance.md.

Medians and ratios of what ran side by side; the machine may be busy. Nothing outside the bench's folder is touched:
with DATABASE_URL naming a PostgreSQL, databases of its own are made beside the one named and dropped afterwards.
"""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import pages, search, steps
from bench.sandbox import ROOT, Sandbox, sandboxes

# The smaller size shows how the figures grow.
SMALLER_BY = 10
DRAFTS = ROOT / "examples" / "evaluation" / "drafts.jsonl"
QRELS = ROOT / "examples" / "evaluation" / "drafts_qrels.jsonl"


def main() -> None:
    given = arguments()
    server_url = os.environ.get("DATABASE_URL", "")
    if not server_url.startswith(("postgres://", "postgresql://")):
        server_url = ""
    with ExitStack() as stack:
        directory = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dsr-bench-")))
        if "warned" in given.only:
            apart = Sandbox(0, directory.resolve() / "warned", directory.resolve() / "static", server_url)
            stack.callback(apart.drop_database)
            steps.warned(apart, given.drafts, given.qrels, given.collection)
        if "papers" in given.only and given.papers:
            apart = Sandbox(0, directory.resolve() / "papers", directory.resolve() / "static", server_url)
            stack.callback(apart.drop_database)
            steps.papers(apart, given.papers)
        if set(given.only) <= {"warned", "papers"}:
            return
        sizes = [max(given.size // SMALLER_BY, 1), given.size]
        made = stack.enter_context(sandboxes(sizes, directory.resolve(), server_url, bool(given.keep), given.quick))
        print(f"# {given.size:,} projects, {'PostgreSQL' if server_url else 'SQLite'}, {os.cpu_count()} cores")
        if "pages" in given.only:
            pages.measure(made[0], made[1], given.rounds)
        if "search" in given.only:
            steps.search(made, given.rounds)
        if "engines" in given.only:
            search.measure(made, given.rounds, given.elasticsearch, given.built)
        if "similar" in given.only:
            steps.similar(made, given.rounds)
        if "many" in given.only:
            steps.many(made[1])
        if "publish" in given.only:
            steps.publish(made, given.rounds)
        if "index" in given.only:
            steps.index(made)


def arguments() -> argparse.Namespace:
    parts = ["pages", "search", "engines", "similar", "warned", "papers", "many", "publish", "index"]
    parser = argparse.ArgumentParser(description="Measures the platform against stated baselines.")
    parser.add_argument("--size", type=int, default=20_000, help="projects to load (20,000)")
    parser.add_argument("--rounds", type=int, default=200, help="repetitions of everything that is timed (200)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the loaded data here for the next run")
    parser.add_argument("--quick", action="store_true", help="write the projects as rows instead of publishing each")
    parser.add_argument(
        "--elasticsearch", default="", metavar="URL", help="measure this server too: elasticsearch://host:port"
    )
    parser.add_argument(
        "--built", action="store_true", help="ask the indexes that an earlier run left instead of building them"
    )
    parser.add_argument("--drafts", type=Path, default=DRAFTS, help="drafts for “warned” (the examples’)")
    parser.add_argument("--qrels", type=Path, default=QRELS, help="which project fits each of them")
    parser.add_argument(
        "--collection",
        type=Path,
        action="append",
        default=[],
        help="projects to import for “warned”, one after the other (the example content)",
    )
    parser.add_argument(
        "--papers", type=Path, metavar="DIR", help="council papers whose content is known, for “papers” (none)"
    )
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, help="parts to measure (all)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
