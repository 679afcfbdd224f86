"""Council papers in the styles of different Länder, written for these tests: no real body, person or decision.

`samples/*.txt`: what the paper says (key: value; a key that is missing is not said), a line of dashes, the paper.
Columns of a table are two spaces apart.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("samples")
FIELDS = ("title", "decision_on", "costs", "office", "proposal")


@dataclass(frozen=True)
class Sample:
    """A paper and what it says; `problem` is one of the sentences that state the problem."""

    name: str
    said: dict[str, str]
    text: str

    @property
    def problem(self) -> str:
        return self.said["problem"]

    @property
    def expected(self) -> dict[str, Any]:
        return {name: self.said.get(name) for name in FIELDS}


def _sample(path: Path) -> Sample:
    head, _line, text = path.read_text(encoding="utf-8").partition("\n---\n")
    said = dict(line.split(": ", 1) for line in head.splitlines())
    return Sample(path.stem, said, text)


SAMPLES = [_sample(path) for path in sorted(FOLDER.glob("*.txt"))]
