"""The virus scanner: speaks to a clamd that CLAMD_URL names (clamd(8), INSTREAM). Must not know about models.

The clients on the package index are no longer kept, or under a licence that does not go with ours; what is needed of
the protocol is one command.
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

DEFAULT_PORT = 3310
# Seconds; somebody waits for an upload. A scanner that is there answers within one.
CONNECT_SECONDS = 2
# Large archives take their time to be unpacked.
ANSWER_SECONDS = 60
CHUNK_BYTES = 64 * 1024
ANSWER_MAX_BYTES = 4096
HINT = "tcp://host:3310 or unix:///run/clamav/clamd.ctl"


class Readable(Protocol):
    """A file opened for reading bytes."""

    def read(self, size: int, /) -> bytes: ...


class ScannerError(Exception):
    """The scanner is away, or would not look at the file; nothing is known about it."""


class ScannerAddressError(ScannerError):
    """CLAMD_URL is not understood."""


@dataclass(frozen=True)
class Verdict:
    """What the scanner says; `finding` is the name of what it found, empty for a clean file."""

    finding: str = ""

    @property
    def is_clean(self) -> bool:
        return not self.finding


def is_configured() -> bool:
    return bool(settings.CLAMD_URL)


def scan(stream: Readable) -> Verdict:
    """What the scanner says about the bytes. Raises ScannerError; then the file counts as not scanned."""
    with _connection() as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            while chunk := stream.read(CHUNK_BYTES):
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has said why, such as that the file is too large for it
        answer = _answer(connection)
    return _verdict(answer)


def version() -> str:
    """Program, number of its signatures and their date, such as “ClamAV 1.4.6/27500/Sun Nov 1 …”.

    Raises ScannerError.
    """
    with _connection() as connection:
        connection.sendall(b"zVERSION\0")
        return _answer(connection)


def _verdict(answer: str) -> Verdict:
    """Reads “stream: OK” and “stream: <name> FOUND”. Raises ScannerError for everything else."""
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict()
    if said.endswith(" FOUND"):
        return Verdict(said.removesuffix(" FOUND"))
    raise ScannerError(answer or "no answer")


def _answer(connection: socket.socket) -> str:
    """Everything up to the zero that ends an answer."""
    received = b""
    while b"\0" not in received and len(received) < ANSWER_MAX_BYTES:
        if not (piece := connection.recv(ANSWER_MAX_BYTES)):
            break
        received += piece
    text, end, _rest = received.partition(b"\0")
    if not end:
        raise ScannerError("the answer was cut off")
    return text.decode(errors="replace").strip()


@contextmanager
def _connection() -> Iterator[socket.socket]:
    """A connection for one command. Raises ScannerError for whatever goes wrong on the way."""
    try:
        with _connect() as connection:
            connection.settimeout(ANSWER_SECONDS)
            yield connection
    except OSError as error:
        raise ScannerError(str(error) or type(error).__name__) from error


def _connect() -> socket.socket:
    kind, host, port = address()
    if kind == "tcp":
        return socket.create_connection((host, port), timeout=CONNECT_SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(CONNECT_SECONDS)
    try:
        connection.connect(host)
    except OSError:
        connection.close()
        raise
    return connection


def address() -> tuple[str, str, int]:
    """Kind of connection, host or path, port. Raises ScannerAddressError if CLAMD_URL says neither."""
    try:
        parts = urlsplit(settings.CLAMD_URL)
        if parts.scheme == "tcp" and parts.hostname:
            return "tcp", parts.hostname, parts.port or DEFAULT_PORT
    except ValueError as error:
        raise ScannerAddressError(str(error)) from error
    if parts.scheme == "unix" and parts.path and not parts.netloc:
        return "unix", parts.path, 0
    raise ScannerAddressError("it is not understood")
