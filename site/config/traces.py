"""Errors in the log: where they happened, never what was typed.

Messages of errors repeat what a form sent: “expected a number but got …”, “Key (email)=(…) already exists”. The kinds
of the errors and the lines of the code, which stay, are enough to find one. Messages are kept of errors that tell of a
service that is away: nobody has typed anything into them.
"""

import traceback
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http.multipartparser import MultiPartParserError

TOLD = (OperationalError, InterfaceError, ConnectionError, TimeoutError)
# Answers, no faults: the line that names the route says it all.
ANSWERS = (PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)


def trace_of(error: BaseException) -> str:
    """The error and what led to it, the first of them first, much as Python prints them."""
    return "\nwhich led to:\n".join(reversed([_told(one) for one in _chain(error)]))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    message = f": {error}" if isinstance(error, TOLD) else ""
    of_group = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return "\n".join(["".join(traceback.format_tb(error.__traceback__)) + name + message, *map(trace_of, of_group)])


def as_trace(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """For structlog's ExceptionRenderer."""
    return trace_of(exc_info[1])


def answers_without_trace(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of structlog, before errors are rendered. Django writes the message of such an error as its line."""
    given = event.get("exc_info")
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, ANSWERS):
        del event["exc_info"]
        if message := str(error):
            event["event"] = str(event["event"]).replace(message, type(error).__name__)
    return event
