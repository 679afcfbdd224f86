#!/usr/bin/env python3
"""What happens to visitors and editors while the search server, the database or a process of ours is away.

Starts a whole installation in a temporary folder and removes it afterwards: needs PostgreSQL, a JDK and Maven, see
scripts/search_server.py. Exit status 0 only if nothing was lost and nobody met an error.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.faults.installation import PREFIX, Installation
from bench.faults.kills import kill_at_random
from bench.faults.kinds import KINDS, Kind
from bench.faults.traffic import Publishes, Searches, Visitor, publish_interleaved, search
from bench.report import section, table

KILLS = "kills"
FIRST_ANSWER_SECONDS = 2.0
HEAD = (
    "", "failed publishes", "interrupted", "publish ms", "without search", "ratio",
    "first search s", "later median s", "worst s", "5xx", "broken", "recovered s", "lost or wrong",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What one fault did."""

    name: str
    publishes: Publishes
    searches: Searches
    recovered: float
    differing: int
    untold: int  # publications an editor was told of that are not in the database
    foreign: tuple[str, ...]  # indexes on the search server that nobody made

    @property
    def row(self) -> Sequence[object]:
        later = self.searches.seconds[1:] or [0.0]
        return (
            self.name,
            len(self.publishes.failed),
            self.publishes.interrupted,
            f"{median(self.publishes.noticed or [0]):.1f}",
            f"{median(self.publishes.unnoticed or [0]):.1f}",
            f"{self.publishes.ratio:.3f}" if self.publishes.ratio else "–",
            f"{(self.searches.seconds or [0.0])[0]:.2f}",
            f"{median(later):.2f}",
            f"{max(later):.2f}",
            self.searches.errors,
            self.searches.broken,
            f"{self.recovered:.1f}",
            self.differing + self.untold if self.differing >= 0 else "unknown",
        )

    @property
    def is_good(self) -> bool:
        # A process that is killed answers nobody; what it did must not be half done.
        may_fail = self.name == KILLS
        is_kept = self.differing == 0 and self.untold == 0 and not self.foreign
        return is_kept and (may_fail or not (self.publishes.failed or self.searches.errors))


def disturb(installation: Installation, name: str, kind: Kind, rounds: int) -> Outcome:
    """One fault from beginning to end, and the recovery nobody helps with."""
    searches = Searches()
    with kind.fault(installation):
        search(installation, searches, "Bauantrag")
        with Visitor(installation) as others:
            publishes = publish_interleaved(installation, rounds, name)
    searches.seconds += others.seconds
    searches.statuses += others.statuses
    return judged(installation, name, publishes, searches)


def kill(installation: Installation, rounds: int) -> Outcome:
    with Visitor(installation) as searches:
        publishes = kill_at_random(installation, rounds)
    return judged(installation, KILLS, publishes, searches)


def judged(installation: Installation, name: str, publishes: Publishes, searches: Searches) -> Outcome:
    recovered, differing = installation.wait_until_recovered()
    stored = installation.titles(list(publishes.titles))
    # A publication that broke off may have been stored all the same, on top of the last one that was told.
    untold = (
        sum(stored.get(page) != title for page, title in publishes.titles.items()) if not publishes.interrupted else 0
    )
    foreign = tuple(sorted(index for index in installation.indexes() if not index.startswith((f"{PREFIX}-", "."))))
    return Outcome(name, publishes, searches, recovered, differing, untold, foreign)


def main() -> None:
    given = arguments()
    # Told to end, it cleans up as after Ctrl+C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    outcomes: list[Outcome] = []
    for nodes in sorted({nodes_of(name) for name in given.only}):
        with (
            tempfile.TemporaryDirectory(prefix="dsr-faults-") as folder,
            Installation(Path(folder), given.size, nodes).running() as installation,
        ):
            for name in (name for name in given.only if nodes_of(name) == nodes):
                print(f"{name} …", file=sys.stderr, flush=True)
                if name == KILLS:
                    outcomes.append(kill(installation, given.kills))
                else:
                    outcomes.append(disturb(installation, name, KINDS[name], given.rounds))
                tell(outcomes[-1])
            if given.log:
                given.log.write_bytes(installation.output.read_bytes())
    section("Faults", f"{given.rounds} publications with and without the search in turn while each lasts.")
    table(HEAD, [outcome.row for outcome in outcomes])
    sys.exit(not all(outcome.is_good for outcome in outcomes))


def nodes_of(name: str) -> int:
    """How many search servers a part of the run needs."""
    return KINDS[name].nodes if name in KINDS else 1


def tell(outcome: Outcome) -> None:
    print(" | ".join(f"{head or 'fault'}: {cell}" for head, cell in zip(HEAD, outcome.row, strict=True)), flush=True)
    for error in sorted(set(outcome.publishes.failed))[:3]:
        print(f"  {error}", flush=True)
    if outcome.foreign:
        print(f"  foreign indexes: {', '.join(outcome.foreign)}", flush=True)


def arguments() -> argparse.Namespace:
    parts = [*KINDS, KILLS]
    parser = argparse.ArgumentParser(description="Disturbs an installation of its own and prints what becomes of it.")
    parser.add_argument("--only", nargs="+", choices=parts, default=parts, metavar="NAME", help=", ".join(parts))
    parser.add_argument("--size", type=int, default=400, help="projects (400)")
    parser.add_argument("--rounds", type=int, default=200, help="publications during each fault (200)")
    parser.add_argument("--kills", type=int, default=200, help="processes killed at random (200)")
    parser.add_argument("--log", type=Path, help="keep what the platform wrote to its log in this file")
    return parser.parse_args()


if __name__ == "__main__":
    main()
