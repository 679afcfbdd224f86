"""How long all calls to an engine may take together: set once for a page, respected by every call below it.

Only the time inside the calls counts: what a page does between them, on a busy machine, is not the engine's fault.
Must not know an engine or a request. The embedded engine answers in a millisecond and does not look at it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from search.engines.contract import TimeSpentError


@dataclass
class Budget:
    """Seconds that are left; shared by all calls of one page, which come one after the other."""

    seconds: float


_budgets: ContextVar[tuple[Budget, ...]] = ContextVar("search_deadline", default=())


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Calls inside have so many seconds together; an earlier deadline around it stays in force."""
    token = _budgets.set((*_budgets.get(), Budget(seconds)))
    try:
        yield
    finally:
        _budgets.reset(token)


@contextmanager
def within_deadline(limit: float) -> Iterator[float]:
    """Around one call: the seconds it may take, `limit` at most. Raises TimeSpentError if none are left."""
    budgets = _budgets.get()
    left = min((limit, *(budget.seconds for budget in budgets)))
    if left <= 0:
        raise TimeSpentError("The time for this page is over.")
    began = time.monotonic()
    try:
        yield left
    finally:
        for budget in budgets:
            budget.seconds -= time.monotonic() - began
