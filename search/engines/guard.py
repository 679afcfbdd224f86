"""Circuit breaker with a fall-back engine: one that is away, slow or silent keeps nobody waiting twice.

    engine ── answers ───────────────────────→ answer
       └ unavailable: the breaker opens ─→ fall-back → answer, with a notice
                          │                  └ none, or away as well → EngineError: the page lists from the database
                          └ a thread asks the engine now and then; its answer closes the breaker

Every process has its own breakers. Must not know pages or requests; commands and workers ask the engine itself.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import structlog
from prometheus_client import Counter, Gauge

from search.engines import Engine, EngineError, EngineUnavailableError, IndexMissingError, get_engine, get_fallback
from search.engines.deadline import deadline

log = structlog.get_logger(__name__)
Value = TypeVar("Value")

# All calls of one page share this; with what the page itself takes, a visitor has it within two seconds.
PAGE_SECONDS = 1.2
# An engine that needs longer to say that it is there would not answer a search in time either.
PING_SECONDS = 1.0
# So long after a failure the engine is asked again. Each recovery that does not last costs visitors a wait: then the
# pause doubles.
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 30.0
# A recovery that lasted so long is one.
STEADY_SECONDS = 60.0
# Failures of the engine itself. Others concern one query, and must not switch off everybody's search.
OPENING = (EngineUnavailableError, IndexMissingError)

ANSWERS = Counter("search_answers", "Questions of pages, by what answered: engine, fallback or nothing.", ["by"])
OPENINGS = Counter("search_breaker_openings", "How often the search engine was given up.")
CLOSINGS = Counter("search_breaker_closings", "How often the search engine came back.")
IS_OPEN = Gauge("search_breaker_open", "1 while pages do not ask the search engine.")


@dataclass(frozen=True)
class Asked(Generic[Value]):
    """An answer, and whether the fall-back gave it."""

    value: Value
    is_fallback: bool = False


class Breaker:
    """Whether pages ask one engine. Threads share it; a thread of its own closes it again."""

    def __init__(self, engine: Engine, first_pause: float = FIRST_PAUSE_SECONDS) -> None:
        self.engine = engine
        self.first_pause = first_pause
        self._pause = first_pause
        self._lock = threading.Lock()
        self._reason = ""
        self._closed_at: float | None = None
        self._closed = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def reason(self) -> str:
        """Why the engine is not asked now; empty if it is."""
        if self._reason:
            self._watch()
        return self._reason

    def open(self, error: EngineError) -> None:
        """Have the engine left alone until it answers a ping."""
        with self._lock:
            if self._reason:
                return
            self._reason = str(error) or type(error).__name__
            self._closed.clear()
            is_relapse = self._closed_at is not None and time.monotonic() - self._closed_at < STEADY_SECONDS
            self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS) if is_relapse else self.first_pause
            OPENINGS.inc()
            IS_OPEN.set(1)
        log.warning("search_engine_given_up", error=self._reason, pause_seconds=self._pause)
        self._watch()

    def close(self) -> None:
        """Have the engine asked again."""
        with self._lock:
            if not self._reason:
                return
            self._reason = ""
            self._closed_at = time.monotonic()
            self._watcher = None
            self._closed.set()
            CLOSINGS.inc()
            IS_OPEN.set(0)
        log.warning("search_engine_is_back")

    def _watch(self) -> None:
        """Start the thread that waits for the engine unless it runs; a forked process inherits the state without it."""
        with self._lock:
            if not self._reason or (self._watcher and self._watcher.is_alive()):
                return
            self._watcher = threading.Thread(target=self._close_when_it_answers, name="search-breaker", daemon=True)
            self._watcher.start()

    def _close_when_it_answers(self) -> None:
        while not self._closed.wait(self._pause):
            try:
                with deadline(PING_SECONDS):
                    self.engine.ping()
            except EngineError as error:
                log.info("search_engine_still_away", error=str(error))
            else:
                self.close()
                return


_breakers: dict[int, Breaker] = {}
_creating = threading.Lock()


def breaker_of(engine: Engine) -> Breaker:
    """The one breaker of an engine in this process."""
    with _creating:
        return _breakers.setdefault(id(engine), Breaker(engine))


def ask(question: Callable[[Engine], Value], seconds: float | None = None) -> Asked[Value]:
    """What the engine answers in so many seconds (PAGE_SECONDS), else what the fall-back answers.

    The question may be put to both. Raises EngineError if neither can answer.
    """
    try:
        asked = _asked(question, seconds or PAGE_SECONDS)
    except EngineError as error:
        ANSWERS.labels("nothing").inc()
        log.warning("search_unanswered", error=str(error))
        raise
    ANSWERS.labels("fallback" if asked.is_fallback else "engine").inc()
    return asked


def state_of_search() -> Literal["ok", "degraded", "unreachable"]:
    """Who would answer a page now: the engine, the fall-back, or nobody."""
    try:
        return "degraded" if _asked(lambda engine: engine.ping(), PING_SECONDS).is_fallback else "ok"
    except EngineError:
        return "unreachable"


def _asked(question: Callable[[Engine], Value], seconds: float) -> Asked[Value]:
    try:
        return Asked(_of_engine(question, seconds))
    except EngineError as error:
        fallback = get_fallback()
        if fallback is None:
            raise
        try:
            return Asked(question(fallback), is_fallback=True)
        except EngineError as second:
            raise EngineError(f"{error}; the fall-back: {second}") from second


def _of_engine(question: Callable[[Engine], Value], seconds: float) -> Value:
    engine = get_engine()
    if engine.is_embedded:
        # Nothing to wait for: a missing index says so at once, and is noticed at once when it is there.
        return question(engine)
    breaker = breaker_of(engine)
    if reason := breaker.reason:
        raise EngineUnavailableError(reason)
    try:
        with deadline(seconds):
            return question(engine)
    except OPENING as error:
        breaker.open(error)
        raise
