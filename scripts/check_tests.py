"""Fail when the tests have grown by more than a tenth beyond what docs/testing.md says of them.

A test counts as long as the others of its kind take (the table's seconds), so the answer is the same on every machine.
"""

import os
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

TABLE = Path(__file__).resolve().parents[1] / "docs" / "testing.md"
ROW = re.compile(r"^\| `(\w+)` \| ([\d,]+) \| ([\d.]+) \|", re.MULTILINE)
# The dearest need of a test says what it costs.
KINDS = ("browser", "server", "model", "process", "slow")
RULE = "rule"
ALLOWED_GROWTH = 1.1


class Count:
    """Counts collected tests by kind."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            marks = {mark.name for mark in item.iter_markers()}
            self.kinds[next((kind for kind in KINDS if kind in marks), RULE)] += 1


def main() -> None:
    stated = {kind: (int(count.replace(",", "")), float(cost)) for kind, count, cost in ROW.findall(TABLE.read_text())}
    if set(stated) != {*KINDS, RULE}:
        sys.exit(f"{TABLE.name} must have one row for each of {', '.join((*KINDS, RULE))}.")
    count = Count()
    output = sys.stdout
    with Path(os.devnull).open("w") as sys.stdout:
        status = pytest.main(["--collect-only", "--quiet", "-p", "no:randomly"], plugins=[count])
    sys.stdout = output
    if status:
        sys.exit("The tests cannot be collected: pytest --collect-only says why.")
    before = sum(number * cost for number, cost in stated.values())
    now = sum(count.kinds[kind] * cost for kind, (_number, cost) in stated.items())
    if now > before * ALLOWED_GROWTH:
        grown = ", ".join(f"{kind} {stated[kind][0]} → {count.kinds[kind]}" for kind in stated)
        sys.exit(
            f"The tests have grown from {before:.0f} to {now:.0f} s ({grown}). "
            "Say in docs/testing.md what they are worth, and write the new numbers there."
        )


if __name__ == "__main__":
    main()
