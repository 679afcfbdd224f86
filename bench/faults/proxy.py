"""Stands between the platform and a real search server, and answers in its place where a fault is wanted.

The server itself stays what it is: what is let through, it does; what is refused, it never hears of.
"""

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "127.0.0.1"
UPSTREAM_SECONDS = 120.0
SILENT_POLL_SECONDS = 0.05
BUSY, UNAVAILABLE = 429, 503
# Headers that belong to one connection, or that are set anew.
OWN_HEADERS = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Mode(Enum):
    """What the proxy does with a request."""

    PASS = "pass"  # noqa: S105
    BUSY = "429"
    UNAVAILABLE = "503"
    HALF_REFUSED = "half of a bulk is refused"
    SILENT = "nothing is ever answered"
    HALF_CUT = "the connection breaks in the middle of a bulk"


class Proxy:
    """Listens on a port of its own; `mode` may change at any time."""

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.mode = Mode.PASS
        self.port = 0
        self.halved = 0  # bulk requests that were cut in two
        self.connections: set[socket.socket] = set()
        self._server: ThreadingHTTPServer | None = None

    def open(self) -> None:
        """Listen, on the same port as before if there was one."""
        proxy = self

        class Handler(_Handler):
            @property
            def proxy(self) -> Proxy:
                return proxy

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Connections break here on purpose."""

        self._server = Server((HOST, self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """Refuse connections, and end those there are."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def doing(self, mode: Mode) -> Iterator[None]:
        self.mode, before = mode, self.mode
        try:
            yield
        finally:
            self.mode = before


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def proxy(self) -> Proxy:
        raise NotImplementedError

    def setup(self) -> None:
        super().setup()
        self.proxy.connections.add(self.connection)

    def finish(self) -> None:
        self.proxy.connections.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: the platform's own log tells."""

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        while self.proxy.mode is Mode.SILENT:
            time.sleep(SILENT_POLL_SECONDS)
        mode = self.proxy.mode
        is_bulk = self.path.partition("?")[0].endswith("/_bulk")
        if mode in (Mode.BUSY, Mode.UNAVAILABLE):
            self.reply(int(mode.value), refusal(int(mode.value)))
        elif mode in (Mode.HALF_REFUSED, Mode.HALF_CUT) and is_bulk:
            self.halve(body, mode)
        else:
            status, answer, headers = self.forward(body)
            self.reply(status, answer, headers)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer  # noqa: N815  names the standard library calls

    def halve(self, body: bytes, mode: Mode) -> None:
        """Let the server do the first half; refuse the second, or break off without a word."""
        steps = steps_of(body)
        done, refused = steps[: len(steps) // 2], steps[len(steps) // 2 :]
        self.proxy.halved += 1
        answer: dict[str, Any] = {"took": 0, "errors": True, "items": []}
        headers: dict[str, str] = {}
        if done:
            status, text, headers = self.forward(b"".join(line for step in done for line in step))
            answer = json.loads(text)
            if status != http.HTTPStatus.OK:
                self.reply(status, text, headers)
                return
        if mode is Mode.HALF_CUT:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        answer["errors"] = True
        answer["items"] += [refused_item(step) for step in refused]
        self.reply(http.HTTPStatus.OK, json.dumps(answer).encode(), headers)

    def forward(self, body: bytes) -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection(HOST, self.proxy.upstream, timeout=UPSTREAM_SECONDS)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in OWN_HEADERS}
        try:
            connection.request(self.command, self.path, body or None, headers)
            response = connection.getresponse()
            return response.status, response.read(), dict(response.getheaders())
        except OSError:
            # What the server does not answer is not answered here either.
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            raise
        finally:
            connection.close()

    def reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        defaults = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}
        given = {name: value for name, value in (headers or defaults).items() if name.lower() not in OWN_HEADERS}
        for name, value in (given or defaults).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def steps_of(body: bytes) -> list[list[bytes]]:
    """The operations of a bulk request: a line that says what to do and, unless it removes, the source."""
    lines = body.splitlines(keepends=True)
    steps: list[list[bytes]] = []
    position = 0
    while position < len(lines):
        length = 1 if "delete" in json.loads(lines[position]) else 2
        steps.append(lines[position : position + length])
        position += length
    return steps


def refusal(status: int) -> bytes:
    kind = "es_rejected_execution_exception" if status == BUSY else "unavailable_shards_exception"
    error = {"type": kind, "reason": "refused on purpose"}
    return json.dumps({"error": {"root_cause": [error], **error}, "status": status}).encode()


def refused_item(step: Sequence[bytes]) -> dict[str, Any]:
    (action, target), *_others = json.loads(step[0]).items()
    error = {"type": "es_rejected_execution_exception", "reason": "refused on purpose"}
    return {action: {"_index": target.get("_index", ""), "_id": target.get("_id", ""), "status": BUSY, "error": error}}
