"""What an import found: damaged lines, remarks, counts. Filled by the importers, printed by the commands."""

from collections.abc import Iterable
from dataclasses import dataclass, field


class WrongFileError(Exception):
    """The file as a whole is not what it should be; nothing was changed. The message is for the person who gave it."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was left out, and why; `key` is whose line it was, as far as that can still be read."""

    number: int
    reason: str
    key: str = ""


@dataclass
class LevelCounts:
    """How the units of one level compare with what was stored before."""

    read: int = 0
    created: int = 0
    changed: int = 0
    revived: int = 0
    ended: int = 0

    @property
    def unchanged(self) -> int:
        return self.read - self.created - self.changed - self.revived


@dataclass
class ImportReport:
    """Counts by level or vocabulary, in the order of writing, and what a person has to look at."""

    counts: dict[str, LevelCounts] = field(default_factory=dict)
    bad_lines: list[BadLine] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def of(self, level: str) -> LevelCounts:
        """The counts of that level, started at zero when it is new."""
        return self.counts.setdefault(level, LevelCounts())

    def name_all(self, bad_lines: Iterable[BadLine]) -> None:
        self.bad_lines.extend(bad_lines)
