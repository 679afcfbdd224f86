"""A paper as lines of cells: what stands beside each other in a table stays apart, whatever the format."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Two positions (in points, or signs of plain text) that are meant to be the same column.
SAME_COLUMN = 6.0
# “Bau- und Verkehrsausschuss”: this hyphen stays at the end of a line.
KEEPS_HYPHEN = re.compile(r"(?:und|oder|bzw|sowie|als|bis|wie)\b")
HYPHENS = "-\u2010\u00ad\u0002\ufffe"
SOFT_HYPHEN = "\u00ad"
# Capitals and digits before it: the hyphen is part of the word, as in E-Mail.
SHORT_BEFORE_HYPHEN = re.compile(r"[\s(]\w{0,1}-$")


@dataclass(frozen=True)
class Cell:
    """A run of words without a wide gap; `left` is where it begins."""

    text: str
    left: float = 0.0


@dataclass(frozen=True)
class Line:
    """What stands on one height of a page. `is_apart`: a paragraph begins; `page` is None where there are no pages."""

    cells: tuple[Cell, ...]
    page: int | None = None
    is_apart: bool = False

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)

    def column(self, left: float) -> Cell | None:
        """The cell that begins at this position."""
        return next((cell for cell in self.cells if abs(cell.left - left) <= SAME_COLUMN), None)


def line(text: str, *, page: int | None = None, is_apart: bool = False) -> Line:
    return Line((Cell(text),), page, is_apart)


def join(texts: Iterable[str]) -> str:
    """Lines as one text: words that were hyphenated at the end of a line are whole again."""
    joined = ""
    for text in texts:
        text = " ".join(text.split())
        if not text:
            continue
        joined = _join_two(joined, text) if joined else text
    return joined.replace(SOFT_HYPHEN, "")


def _join_two(before: str, after: str) -> str:
    if before[-1] not in HYPHENS or len(before) < 2 or before[-2].isspace():
        return f"{before} {after}"
    if KEEPS_HYPHEN.match(after) and before[-1] == "-":
        return f"{before} {after}"
    if after[0].islower() and not before[-2].isdigit() and not SHORT_BEFORE_HYPHEN.search(f" {before}"[-4:]):
        return before[:-1] + after
    if after[0].isalnum():
        return f"{before[:-1]}-{after}"
    return f"{before} {after}"
