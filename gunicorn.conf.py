"""How gunicorn serves the platform; it reads this file by itself when it is started in this folder.

What `docs/operations.md` says under “Limits” about half-sent requests and headers is set here.
"""

import os
import socket
import struct
from typing import Any

workers = int(os.environ.get("WEB_CONCURRENCY", "3"))
# With threads, somebody who sends half a request keeps one of 24 places and not one of three.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "8"))
# Seconds until a process that does not say that it lives is started anew; the longest answer takes a few.
timeout = 60
graceful_timeout = 30
keepalive = 5
# Seconds without a byte from the client, or without one that it takes: then its place is given to others.
SILENT_SECONDS = 10

# By default a client that comes through a proxy on this machine may say that the site is mounted elsewhere, and so
# walk around every rule that goes by the address. A header whose name has `_` is refused: it could stand for another.
forwarder_headers = ""
header_map = "refuse"
# Nobody steers it from beside: it is started and stopped.
control_socket_disable = True
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190

# Requests are logged by config.access_log, which knows routes; gunicorn knows addresses only.
accesslog = None
access_log_format = "%(m)s %(s)s %(D)s"
logger_class = "config.server_log.ServerLogger"


def when_ready(server: Any) -> None:
    """Connections inherit the waiting times of the socket they come through; gunicorn has no setting for it."""
    seconds = struct.pack("ll", SILENT_SECONDS, 0)
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, seconds)


def post_worker_init(worker: Any) -> None:
    """The models of the search are read before the first request comes, not while it waits: most of a second."""
    from search.semantic import encoder

    encoder.is_available()
