"""The background worker of the search: it keeps every index equal to the database, come what may.

It drains the outbox, publishes on schedule, runs the recurring jobs of all apps, builds an index that is missing, and
compares an index with the database once a day and after every time the engine could not be reached. A search server or
a database that goes away and comes back ends nothing here; what was missed is made up for. Must not know a particular
engine.
"""

import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from people.operations.jobs import run_due
from search.engines import Engine, EngineError, IndexMissingError, get_engine, get_fallback
from search.indexing.meaning import embed_pending, pending
from search.indexing.outbox import Drained, bring_in, bring_into_fallback, drain, drain_fallback
from search.indexing.rebuild import Comparison, Progress, compare, rebuild
from search.models import FALLBACK, IN_USE, IndexCheck, OutboxEntry
from search.semantic.lines import embed_lines

log = structlog.get_logger(__name__)

# Publishing shall be seen in the search within a second.
PAUSE_SECONDS = 0.5
# Editors choose the minute in which a page appears or expires.
SCHEDULE_SECONDS = 20.0
# Recurring jobs are hourly, daily or weekly; none of them is missed within so many seconds.
JOBS_SECONDS = 20.0
# An engine nobody writes to is asked so often whether it is still there, and whether its index is.
PING_SECONDS = 5.0
# What is away is tried again after 2, 4, 8 … seconds.
FIRST_WAIT_SECONDS = 2.0
LAST_WAIT_SECONDS = 30.0
CHECK_EVERY = datetime.timedelta(days=1)
# A worker that is killed while it compares leaves the comparison to another after this time.
CHECK_LEASE = datetime.timedelta(minutes=30)
# Pages whose meaning a command computes: about a minute and a half on one core.
LEARNT_AT_ONCE = 1_000
# Differences are repaired and looked for again; on a busy platform a page can change while it is being compared.
ROUNDS = 3

Say = Callable[[str], object]


def reconcile(engine: Engine, index: str = IN_USE, progress: Progress | None = None) -> tuple[Comparison, Comparison]:
    """Compare an index with the database and bring in what differs; returns what was found and what is left.

    Differing pages go through the outbox like any change, so a page that changes meanwhile cannot be overtaken.
    Raises EngineError.
    """
    found = left = compare(engine, progress)
    for _round in range(ROUNDS):
        if left.is_equal:
            break
        OutboxEntry.objects.enqueue(left.differing | left.unreadable)
        if index == IN_USE:
            bring_in(engine, Drained())
        else:
            bring_into_fallback(engine, Drained())
        left = compare(engine, progress)
    IndexCheck.objects.note_compared(index, len(found.differing))
    return found, left


def learn_meaning(progress: Progress | None = None) -> None:
    """Bring in the meaning of pages that lack it, for commands that shall end with everything done.

    Of more than LEARNT_AT_ONCE the worker sees to: a command that takes minutes for words must not take hours.
    """
    if pending() > LEARNT_AT_ONCE:
        return
    while done := embed_pending():
        if progress:
            progress(done)
        drain()


class BackOff:
    """How long to leave alone what is away: longer each time, until it is back."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.until = 0.0

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    @property
    def was_away(self) -> bool:
        return self.seconds > 0

    def lengthen(self) -> None:
        self.seconds = min(max(self.seconds * 2, FIRST_WAIT_SECONDS), LAST_WAIT_SECONDS)
        self.until = time.monotonic() + self.seconds

    def end(self) -> None:
        self.seconds = self.until = 0.0


@dataclass
class Keeper:
    """Keeps one index equal to the database: the one in use, or the fall-back."""

    index: str
    find: Callable[[], Engine | None]
    bring: Callable[[Engine, Drained], None]
    say: Say

    def __post_init__(self) -> None:
        self.away = BackOff()
        self.pinged = -PING_SECONDS

    def turn(self, meanwhile: Callable[[], object]) -> None:
        """Do what is due. `meanwhile` is called every second or so of long work, for what cannot wait for its end."""
        if not self.away.is_over:
            return
        try:
            engine = self.find()
            if engine is None:
                return
            try:
                self._bring(engine)
                self._ping(engine)
            except IndexMissingError:
                self._build_if_missing(engine, meanwhile)
            if self.away.was_away:
                self._note_return()
            self._check(engine, meanwhile)
        except EngineError as error:
            self._note_absence(error)

    def _bring(self, engine: Engine) -> None:
        done = Drained()
        try:
            self.bring(engine, done)
        finally:
            if done.handled and self.index == IN_USE:
                self.say(f"{done.synced} pages brought into the index, {done.failed} failed.")

    def _ping(self, engine: Engine) -> None:
        if self.away.was_away or time.monotonic() - self.pinged >= PING_SECONDS:
            engine.ping()
            self.pinged = time.monotonic()

    def _build_if_missing(self, engine: Engine, meanwhile: Callable[[], object]) -> None:
        try:
            engine.ping()
        except IndexMissingError as error:
            log.warning("search_index_missing", index=self.index, error=str(error))
        else:  # another process had just swapped it
            return
        rebuilt = rebuild(engine, lambda _pages: meanwhile(), self.index)
        self.say(f"The index was missing and has been built: {rebuilt.documents} documents.")
        self.away.end()

    def _check(self, engine: Engine, meanwhile: Callable[[], object]) -> None:
        if not IndexCheck.objects.claim(self.index, CHECK_LEASE):
            return
        try:
            found, left = reconcile(engine, self.index, lambda _pages: meanwhile())
        except BaseException:
            IndexCheck.objects.demand(self.index)
            raise
        IndexCheck.objects.filter(index=self.index).update(due_at=timezone.now() + CHECK_EVERY)
        if not found.is_equal:
            log.warning("search_index_differed", index=self.index, pages=len(found.differing), left=len(left.differing))
            self.say(f"{len(found.differing)} pages of the index differed, {len(left.differing)} still do.")

    def _note_absence(self, error: EngineError) -> None:
        if not self.away.was_away:
            log.warning("search_engine_away", index=self.index, error=str(error))
            IndexCheck.objects.demand(self.index)
        self.away.lengthen()

    def _note_return(self) -> None:
        log.warning("search_engine_back", index=self.index)
        self.away.end()


class Worker:
    """Everything that has to happen without a person; `turn` does what is due and says how long to rest."""

    def __init__(self, say: Say) -> None:
        self.keepers = [
            Keeper(IN_USE, get_engine, bring_in, say),
            Keeper(FALLBACK, get_fallback, bring_into_fallback, say),
        ]
        self.trouble = BackOff()
        self.looked_at_schedule = -SCHEDULE_SECONDS
        self.looked_at_jobs = -JOBS_SECONDS

    def turn(self) -> float:
        """Returns the seconds until the next turn; raises nothing that a later turn could make up for."""
        try:
            self._publish_on_schedule()
            for keeper in self.keepers:
                keeper.turn(self._drain_meanwhile)
            self._run_jobs()
            self.trouble.end()
            # Words first: nothing that can be found waits for its meaning.
            if not OutboxEntry.objects.due().exists() and (embed_pending() or embed_lines()):
                return 0
        except (DatabaseError, InterfaceError) as error:
            log.warning("worker_database_away", error=str(error))
            self.trouble.lengthen()
            connection.close()
        except Exception:  # one page nobody foresaw must not end the worker
            log.exception("worker_turn_failed")
            self.trouble.lengthen()
        return max(PAUSE_SECONDS, self.trouble.seconds)

    def _publish_on_schedule(self) -> None:
        if time.monotonic() - self.looked_at_schedule >= SCHEDULE_SECONDS:
            self.looked_at_schedule = time.monotonic()
            call_command("publish_scheduled")

    def _run_jobs(self) -> None:
        if time.monotonic() - self.looked_at_jobs >= JOBS_SECONDS:
            self.looked_at_jobs = time.monotonic()
            run_due()

    @staticmethod
    def _drain_meanwhile() -> None:
        drain()
        drain_fallback()

    def follow(self) -> None:
        """Take turns until the process is stopped."""
        while True:
            close_old_connections()
            time.sleep(self.turn())
