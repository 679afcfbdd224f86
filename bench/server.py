"""The platform under gunicorn with one worker, asked over one connection that stays open."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.sandbox import HOST, ROOT, Sandbox

START_SECONDS = 60
STOP_SECONDS = 10
REQUEST_SECONDS = 120
OK = 200
# See bench.wsgi, which cannot be imported without Django.
HEADER = "X-Bench-Processor-Seconds"


class Server:
    """One gunicorn; `get` raises AssertionError for anything but 200."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.processor_seconds = 0.0  # of all answers so far
        self.connection = http.client.HTTPConnection(HOST, port, timeout=REQUEST_SECONDS)

    def get(self, path: str) -> bytes:
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        self.processor_seconds += float(response.headers[HEADER])
        if response.status != OK:
            raise AssertionError(f"{path} answers {response.status}.")
        return body

    def memory(self) -> dict[str, float]:
        """Resident and proportional memory of the worker in MiB; zero where the system does not say."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        worker = children.read_text().split()[0]
        sizes = {"Rss": 0.0, "Pss": 0.0}
        for line in Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines():
            name, _colon, rest = line.partition(":")
            if name in sizes:
                sizes[name] = int(rest.split()[0]) / 1_024
        return sizes


@contextmanager
def serving(sandbox: Sandbox) -> Iterator[Server]:
    """Start the server of a sandbox and stop it again. Raises TimeoutError if it does not answer."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    # gthread with one thread: the sync worker closes every connection, which would measure connecting.
    options = ["--workers=1", "--worker-class=gthread", "--threads=1", f"--bind={HOST}:{port}", "--log-level=error"]
    command = [sys.executable, "-m", "gunicorn", "bench.wsgi", *options, "--keep-alive=120", "--timeout=120"]
    process = subprocess.Popen(command, cwd=ROOT, env=sandbox.environment)
    try:
        yield Server(process, _answering(process, port))
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _answering(process: subprocess.Popen[bytes], port: int) -> int:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection(HOST, port, timeout=REQUEST_SECONDS)
            connection.request("GET", "/bench/bare/")
            if connection.getresponse().read() == b"ok":
                return port
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise TimeoutError("The server does not answer; its output says why.")
