"""gunicorn's own log, without the requests: those that are answered are logged by `config.access_log`."""

import errno
import logging
import re
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from config.traces import trace_of

# gunicorn's lines about a request it could not read or answer: what stands behind is an address or a part of it.
UNREAD = re.compile(r"^Invalid request from ip=\S+ ([^:'\"]*).*", re.DOTALL)
UNANSWERED = re.compile(r"^(Error handling request)\b.*", re.DOTALL)
TOO_SLOW = (errno.EAGAIN, errno.EWOULDBLOCK)


class WithoutAddresses(logging.Filter):
    """Neither the client's nor the page's address; a client that was too slow is no news."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, OSError) and error.errno in TOO_SLOW:
            return False
        message = UNREAD.sub(r"Invalid request: \1", record.getMessage())
        record.msg, record.args = UNANSWERED.sub(r"\1", message), ()
        if error:
            record.exc_text, record.exc_info = trace_of(error), None
        return True


class ServerLogger(Logger):
    """Named in gunicorn.conf.py."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.addFilter(WithoutAddresses())
