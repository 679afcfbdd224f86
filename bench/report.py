"""Prints what was measured: plain tables that can be copied into docs/performance.md."""

from collections.abc import Mapping, Sequence

from bench.interleave import Timing, ratio

Row = Sequence[object]


def section(title: str, explanation: str) -> None:
    print(f"\n## {title}\n\n{explanation}\n", flush=True)


def table(head: Sequence[str], rows: Sequence[Row]) -> None:
    """A Markdown table, columns aligned; the first one is text, the others are figures."""
    cells = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    rule = [f"{'-' * widths[0]}", *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    for line in [cells[0], rule, *cells[1:]]:
        aligned = [
            line[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
        ]
        print(f"| {' | '.join(aligned)} |", flush=True)


def milliseconds(timing: Timing) -> str:
    return f"{timing.median:.1f}"


def spread(timing: Timing) -> str:
    """The middle 80 % of the rounds."""
    return f"{timing.share(0.1):.1f}–{timing.share(0.9):.1f}"


def against(timing: Timing, baseline: Timing) -> str:
    """The ratio of the medians and the middle 80 % of the ratios round by round."""
    found = ratio(timing, baseline)
    return f"{found.value:.2f} ({found.low:.2f}–{found.high:.2f})"


def growth(large: float, small: float) -> str:
    return f"×{large / small:.1f}" if small else "–"


COMPARED = ("", "ms", "middle 80 %", "ratio", "processor ms", "ratio")


def compared(timings: Mapping[str, Timing], baseline: str) -> list[Row]:
    """A row of COMPARED for each action, with its ratio to the baseline among them."""
    base = timings[baseline]
    return [
        (
            name,
            milliseconds(timing),
            spread(timing),
            against(timing, base),
            milliseconds(timing.of_processor),
            against(timing.of_processor, base.of_processor),
        )
        for name, timing in timings.items()
    ]
