"""Real gunicorn processes with the settings that are shipped, for what only a server does."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
STARTS_WITHIN = 90  # seconds; a busy machine


def environment(folder: Path, settings: str) -> dict[str, str]:
    """An empty database of its own, and no CACHE_URL."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL"}}
    return {
        **inherited,
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": settings,
        "SECRET_KEY": "only-for-tests",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        "PYTHONWARNINGS": "ignore",
    }


@dataclass(frozen=True)
class Server:
    """One gunicorn and what it writes."""

    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, text: str) -> socket.socket:
        """A connection through which this was sent, and nothing more."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(text.encode("latin-1"))
        return connection

    def answer(self, text: str) -> str:
        """What it answers to that, as it stands on the wire."""
        with closing(self.send(text)) as connection:
            parts = iter(lambda: connection.recv(65_536), b"")
            return b"".join(parts).decode()


@contextmanager
def serving(given: dict[str, str], *options: str) -> Iterator[Server]:
    """A server that answers; with gunicorn.conf.py, as it starts in that folder."""
    server = Server(_free_port(), Path(given["VAR_DIR"]) / "gunicorn.log")
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{server.port}", *options]
    with server.log.open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=log, stderr=log)
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # gunicorn: at once, without waiting for browsers that keep a connection
        process.wait(STARTS_WITHIN)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            requests.get(f"{server.address}/healthz", timeout=5)
        except requests.RequestException:
            if time.monotonic() > deadline or process.poll() is not None:
                raise AssertionError(server.log.read_text()) from None
            time.sleep(0.2)
        else:
            return
