"""Middleware: retries a request whose database connection broke, so that a restart of PostgreSQL is noticed by nobody.

A page is simply built again once the database answers. A form is stored in one transaction, so that what was lost with
the connection is undone as a whole and may be asked again as well. Only a connection that breaks during the COMMIT
itself leaves it open whether everything was stored or nothing: then the answer says so, and nothing is repeated.
Of two people who store the same at one moment, the second is asked again as well, and then sees what the first has
stored.

Not covered, because it is not in the database: a letter sent before the connection broke is sent again, and an uploaded
file that was put away already stays behind unused. A download that has begun cannot begin anew; it breaks off.
"""

import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from allauth.core.context import request_context
from django.core.exceptions import MiddlewareNotUsed
from django.core.signals import got_request_exception
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from pages.routes import route_of, routed

# A restart takes two or three seconds, recovery after a crash somewhat longer; people wait no longer than this.
WAIT_SECONDS = 10.0
POLL_SECONDS = 0.1
# Two restarts in a row are met by the third attempt.
ATTEMPTS = 3
RETRY_AFTER_SECONDS = 30
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
# Its question is whether the database answers now.
NEVER_REPEATED = ("/readyz",)
# What PostgreSQL says when it ends a connection (https://www.postgresql.org/docs/current/errcodes-appendix.html):
# it shuts down, it crashed, it still starts, the session was idle too long.
ENDED = {"57P01", "57P02", "57P03", "57P05", "25P03"}
CONNECTION_EXCEPTION = "08"
# Two transactions waited for each other and this one was undone.
DEADLOCK = "40P01"
# Somebody else has stored a row of which there is one only, after this request had looked and before it stored its own.
UNIQUE_VIOLATION = "23505"
UNIQUE_IN_SQLITE = "UNIQUE constraint failed"
# Of a request that is asked again, what was read of its body stays; the rest is as it came.
BODY = ("_body", "_post", "_files", "_read_started", "_stream", "_upload_handlers")

log = structlog.get_logger(__name__)


class UnknownOutcomeError(Exception):
    """The connection broke during the COMMIT."""


@dataclass
class Watch:
    """What happened to the database during one attempt."""

    is_repeated: bool = False  # it is not the first
    is_lost: bool = False  # a statement or a connection failed because the database ended it or was not there
    is_undone: bool = False  # an exception ended the request because of that, of a deadlock, or of a clash
    has_failed: bool = False  # an exception of any kind ended the request

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        """Run one statement; code that catches its error does not hide it from here."""
        try:
            return execute(*arguments)
        except (OperationalError, InterfaceError) as error:
            self.is_lost = self.is_lost or is_lost(error)
            raise

    def note(self, error: BaseException | None) -> None:
        """An exception reached the edge of the site and became an error page."""
        self.has_failed = True
        self.is_lost = self.is_lost or is_lost(error)
        # Asked again, it sees what the other has stored, and says so in its own words.
        is_first_clash = is_clash(error) and not self.is_repeated
        self.is_undone = self.is_undone or self.is_lost or state_of(error) == DEADLOCK or is_first_clash


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@receiver(got_request_exception)
def note_exception(**kwargs: Any) -> None:
    if watch := _watch.get():
        watch.note(sys.exc_info()[1])


def is_lost(error: BaseException | None) -> bool:
    """Whether an exception came from a connection that broke or could not be made."""
    state = state_of(error)
    return state is not None and (not state or state in ENDED or state.startswith(CONNECTION_EXCEPTION))


def is_clash(error: BaseException | None) -> bool:
    """Whether an exception says that there is such a row already."""
    if not isinstance(error, IntegrityError):
        return False
    return getattr(error.__cause__, "sqlstate", "") == UNIQUE_VIOLATION or UNIQUE_IN_SQLITE in str(error)


def state_of(error: BaseException | None) -> str | None:
    """The SQLSTATE of the database error behind an exception, empty if the server could give none; None if there is no
    such error."""
    found = None
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            found = str(getattr(error.__cause__, "sqlstate", None) or "")
        error = error.__cause__ or error.__context__
    return found


class LostDatabaseMiddleware:
    """Stands before everything that uses the database; with SQLite there is no connection to lose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if connection.vendor != "postgresql":
            raise MiddlewareNotUsed
        self.get_response = get_response
        # On the clock of `monotonic`. While the database is away for long, nobody waits: waiting requests would keep
        # the processes from telling that they are alive.
        self.away_since: float | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if connection.in_atomic_block or routed(request) in NEVER_REPEATED:
            return self.get_response(request)
        came = dict(vars(request))
        for attempt in range(ATTEMPTS):
            try:
                response = self._attempt(request, Watch(is_repeated=attempt > 0))
            except UnknownOutcomeError:
                return render("503_unknown.html")
            if response is not None:
                if connection.connection is not None:
                    self.away_since = None
                return response
            if not self._wait() or not reset(request, came):
                break
            log.warning("database_request_repeated", route=route_of(request))
        return render("503_database.html", {"Retry-After": str(RETRY_AFTER_SECONDS)})

    def _attempt(self, request: HttpRequest, watch: Watch) -> HttpResponse | None:
        """The answer, or None if it is to be asked again and nothing is stored. Raises UnknownOutcomeError."""
        token = _watch.set(watch)
        try:
            with connection.execute_wrapper(watch):
                if request.method in SAFE_METHODS:
                    response = self.get_response(request)
                    # Whoever could do without the database has given a good answer.
                    has_failed = watch.is_lost and response.status_code >= HTTPStatus.BAD_REQUEST
                    return None if watch.is_undone or has_failed else response
                return self._store(request, watch)
        finally:
            _watch.reset(token)

    def _store(self, request: HttpRequest, watch: Watch) -> HttpResponse | None:
        """As `_attempt`, in one transaction, which an exception undoes."""
        committed: list[bool] = []
        response, is_undone = None, True
        try:
            # What allauth does after the COMMIT, writing letters, asks for the request as well.
            with request_context(request), transaction.atomic():
                # The first of the hooks: it runs as soon as the COMMIT is through.
                transaction.on_commit(lambda: committed.append(True))
                response = self.get_response(request)
                is_undone = watch.is_undone or watch.is_lost or is_closed()
                if is_undone or watch.has_failed:
                    transaction.set_rollback(True)
        except (OperationalError, InterfaceError) as error:
            if not committed and not is_lost(error):
                raise
            if not committed and not is_undone and not watch.has_failed:
                raise UnknownOutcomeError from error
            if not is_undone:
                log.warning("database_lost_at_end_of_request", exc_info=True)
        return None if is_undone else response

    def _wait(self) -> bool:
        """Whether the database answers again before nobody wants to wait any longer."""
        # Another thread may forget it meanwhile.
        since = self.away_since or time.monotonic()
        self.away_since = since
        end = since + WAIT_SECONDS
        while True:
            connection.close()
            try:
                connection.ensure_connection()
            except (OperationalError, InterfaceError):
                if time.monotonic() > end:
                    return False
                time.sleep(POLL_SECONDS)
            else:
                return True


def is_closed() -> bool:
    """Whether the connection is known to be gone, so that no COMMIT can be sent."""
    made = connection.connection
    return made is None or connection.closed_in_transaction or bool(made.closed)


def reset(request: HttpRequest, came: dict[str, Any]) -> bool:
    """Make the request as it came, so that it can be answered once more; False if its body is used up."""
    has_read = getattr(request, "_read_started", False)
    if has_read and not hasattr(request, "_body") and not hasattr(request, "_post"):
        return False
    body = {name: value for name, value in vars(request).items() if name in BODY}
    vars(request).clear()
    vars(request).update(came | body)
    uploads = [upload for _name, uploads in request.FILES.lists() for upload in uploads] if "_files" in body else []
    for upload in uploads:
        # A large upload is a file that storing it has moved away.
        is_moved = hasattr(upload, "temporary_file_path") and not Path(upload.temporary_file_path()).exists()
        if upload.closed or is_moved:
            return False
        upload.seek(0)
    return True


def render(template: str, headers: dict[str, str] | None = None) -> HttpResponse:
    """A page that needs no database."""
    return HttpResponse(render_to_string(template), status=503, headers=headers)
