"""Timing that survives a busy machine: A B A B …, medians, and the ratio of what ran side by side."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Action = Callable[[int], object]

# An action that takes more processor time than this is repeated less often, so that a run ends within minutes.
SLOW_SECONDS = 0.25
SLOW_EVERY = 10


@dataclass(frozen=True)
class Timing:
    """Milliseconds of every round: on the clock, and of processor time; None where the action was left out."""

    rounds: tuple[float | None, ...]
    processor: tuple[float | None, ...] = ()

    @property
    def of_processor(self) -> "Timing":
        return Timing(self.processor)

    @property
    def taken(self) -> list[float]:
        return [value for value in self.rounds if value is not None]

    @property
    def median(self) -> float:
        return median(self.taken)

    def share(self, share: float) -> float:
        """The value that this share (0–1) of the rounds does not exceed."""
        values = sorted(self.taken)
        return values[min(int(share * len(values)), len(values) - 1)]


@dataclass(frozen=True)
class Ratio:
    """How many times longer one action takes than another: of the medians, and the middle 80 % round by round."""

    value: float
    low: float
    high: float


def ratio(timing: Timing, baseline: Timing) -> Ratio:
    pairs = [
        ours / base
        for ours, base in zip(timing.rounds, baseline.rounds, strict=True)
        if ours is not None and base is not None
    ]
    spread = Timing(tuple(pairs))
    return Ratio(timing.median / baseline.median, spread.share(0.1), spread.share(0.9))


def interleave(
    actions: Mapping[str, Action],
    rounds: int,
    warm_up: int = 0,
    processor: Callable[[], float] = time.process_time,
) -> dict[str, Timing]:
    """Run every action once a round, beginning with another one each round; each is handed the round's number.

    `warm_up` rounds run before and are not counted. `processor` says how many seconds of processor time whatever is
    measured has used so far: unlike the clock it does not count waiting for other programs.
    """
    names = list(actions)
    elapsed: dict[str, list[float | None]] = {name: [] for name in names}
    used: dict[str, list[float | None]] = {name: [] for name in names}
    slow: set[str] = set()
    for number in range(-warm_up, rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            if name in slow and number > 0 and number % SLOW_EVERY:
                elapsed[name].append(None)
                used[name].append(None)
                continue
            began, began_processor = time.perf_counter(), processor()
            actions[name](number + warm_up)
            seconds, processor_seconds = time.perf_counter() - began, processor() - began_processor
            if processor_seconds > SLOW_SECONDS and number <= 0:
                slow.add(name)
            if number >= 0:
                elapsed[name].append(seconds * 1_000)
                used[name].append(processor_seconds * 1_000)
    return {name: Timing(tuple(elapsed[name]), tuple(used[name])) for name in names}
