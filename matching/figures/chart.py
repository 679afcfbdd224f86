"""Bars for the quarters: positions in the units of the drawing, so that the template only writes them down."""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.figures.counted import Quarter

WIDTH, HEIGHT = 720, 260
TOP, BOTTOM = 24, 34
BAR, BAR_GAP = 20, 3


@dataclass(frozen=True)
class Bar:
    """One bar with its number above it; `series` is the number of its row in the legend, from 1."""

    series: int
    value: int
    x: int
    y: int
    height: int
    number_y: int

    @property
    def middle(self) -> int:
        return self.x + BAR // 2


@dataclass(frozen=True)
class Group:
    """The bars of one quarter, and where its name stands."""

    label: str
    middle: int
    bars: list[Bar]


@dataclass(frozen=True)
class Chart:
    """A drawing of WIDTH by HEIGHT units."""

    groups: list[Group]
    width: int = WIDTH
    height: int = HEIGHT
    bar_width: int = BAR
    base: int = HEIGHT - BOTTOM
    label_y: int = HEIGHT - 10


def chart(quarters: Sequence[Quarter]) -> Chart:
    """The bars, the highest as high as the drawing allows; an empty drawing without anything to show."""
    highest = max((max(q.decisions, q.joins, q.reuses) for q in quarters), default=0)
    step = WIDTH // max(1, len(quarters))
    return Chart([_group(q, place * step, step, highest) for place, q in enumerate(quarters)] if highest else [])


def _group(quarter: Quarter, left: int, width: int, highest: int) -> Group:
    values = (quarter.decisions, quarter.joins, quarter.reuses)
    taken = len(values) * BAR + (len(values) - 1) * BAR_GAP
    first = left + (width - taken) // 2
    room = HEIGHT - TOP - BOTTOM
    bars = []
    for place, value in enumerate(values):
        height = round(room * value / highest)
        top = HEIGHT - BOTTOM - height
        bars.append(Bar(place + 1, value, first + place * (BAR + BAR_GAP), top, height, top - 5))
    return Group(quarter.short_label, left + width // 2, bars)
