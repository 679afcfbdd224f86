"""The part of the worker that sends letters, beside the rest: a mail server that hangs holds up nothing else.

Must not know what else the worker does.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from people.mail.queue import send_due

log = structlog.get_logger(__name__)

# Somebody waits for a link to set a new password.
PAUSE_SECONDS = 5.0
# The letter under way is finished before the process ends; a container is killed ten seconds after it was told to end.
LAST_LETTER_SECONDS = 5.0


@contextmanager
def sending() -> Iterator[None]:
    """Send letters while the caller does something else, and end with it."""
    is_over = threading.Event()
    thread = threading.Thread(target=_follow, args=(is_over,), name="mail", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join(LAST_LETTER_SECONDS)


def _follow(is_over: threading.Event) -> None:
    while not is_over.is_set():
        close_old_connections()
        try:
            send_due(until=is_over)
        except (DatabaseError, InterfaceError) as error:
            # The database is away or busy: the letters wait in it.
            log.warning("mail_queue_unreachable", error=str(error))
            connection.close()
        except Exception:  # one letter nobody foresaw must not end the sending; its attempt is counted
            log.exception("mail_turn_failed")
        is_over.wait(PAUSE_SECONDS)
    connection.close()
