"""A whole installation in a temporary folder: PostgreSQL, search server behind the proxy, web processes, a worker."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.faults.database import Database
from bench.faults.proxy import Proxy
from bench.sandbox import HOST, ROOT, Sandbox
from scripts.search_server import Cluster

PREFIX = "faults"
WEB_PROCESSES = 3
START_SECONDS = 60.0
STOP_SECONDS = 15.0
# What is not put right until then counts as lost; a drain that was killed gives back what it claimed after 30 s.
RECOVERY_SECONDS = 180.0
POLL_SECONDS = 0.25
DIFFERENCES = re.compile(r"Documents missing: (\d+), outdated: (\d+), left over: (\d+)")


@dataclass(frozen=True)
class FaultSandbox(Sandbox):
    """A sandbox whose search is a server, with an embedded index to fall back to."""

    search_url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {
            "DJANGO_SETTINGS_MODULE": "bench.faults.settings",
            "SEARCH_URL": self.search_url,
            "SEARCH_FALLBACK_URL": f"tantivy://{self.directory}/fallback",
            "SEARCH_MEANING": "off",  # it would take the processor from everything that is timed here
        }


class Installation:
    """Everything that runs. `cluster`, `proxy` and `database` are there to be disturbed."""

    def __init__(self, folder: Path, projects: int, nodes: int = 1) -> None:
        self.folder = folder
        self.projects = projects
        self.database = Database(folder / "postgresql")
        self.cluster = Cluster(nodes, is_quick=nodes > 1)
        self.proxy: Proxy | None = None
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.output = folder / "output.log"

    @contextmanager
    def running(self) -> Iterator["Installation"]:
        with ExitStack() as stack:
            self.database.create()
            stack.callback(self.database.stop, "immediate")
            stack.enter_context(self.cluster)
            if len(self.cluster.nodes) == 1:
                self.proxy = Proxy(self.cluster.nodes[0].port)
                self.proxy.open()
                stack.callback(self.proxy.close)
            self.sandbox.prepare()
            self.start_worker()
            stack.callback(self.stop_worker)
            self.start_web()
            stack.callback(self.stop_web)
            self.wait_until_recovered()
            yield self

    @property
    def sandbox(self) -> FaultSandbox:
        return FaultSandbox(
            self.projects,
            self.folder / "platform",
            self.folder / "static",
            self.database.url,
            is_quick=True,
            search_url=self.search_url,
        )

    @property
    def search_url(self) -> str:
        if self.proxy:
            return f"elasticsearch://{HOST}:{self.proxy.port}/{PREFIX}?write_timeout=5"
        return self.cluster.url(PREFIX, f"replicas={len(self.cluster.nodes) - 1}")

    # --- processes ----------------------------------------------------------------------------------------

    def start_worker(self) -> None:
        self.worker = self._start("manage.py", "drain_index", "--follow")

    def stop_worker(self, number: int = signal.SIGTERM) -> None:
        if self.worker:
            self.worker.send_signal(number)
            try:
                self.worker.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.worker.kill()
                self.worker.wait()

    def start_web(self) -> None:
        if not self.port:
            with socket.socket() as probe:
                probe.bind((HOST, 0))
                self.port = int(probe.getsockname()[1])
        options = [f"--workers={WEB_PROCESSES}", f"--bind={HOST}:{self.port}", "--log-level=error", "--timeout=60"]
        self.web = self._start("-m", "gunicorn", "config.wsgi", *options)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                if self.get("/healthz")[0] == http.client.OK:
                    return
            except OSError:
                time.sleep(0.2)
        raise TimeoutError(f"The web server does not answer; see {self.output}.")

    def stop_web(self) -> None:
        if self.web:
            self.web.terminate()
            try:
                self.web.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.web.kill()
                self.web.wait()

    def web_processes(self) -> list[int]:
        """Process numbers of those that answer; the first gunicorn starts new ones for those that end."""
        if not self.web:
            return []
        children = Path(f"/proc/{self.web.pid}/task/{self.web.pid}/children")
        return [int(number) for number in children.read_text().split()]

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        with self.output.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.sandbox.environment, stdout=output, stderr=output
            )

    # --- asking -------------------------------------------------------------------------------------------

    def get(self, path: str) -> tuple[int, str]:
        """Status and text. Raises OSError if the connection breaks."""
        return self._ask("GET", path)

    def post(self, path: str, body: str = "") -> tuple[int, str]:
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except http.client.HTTPException as error:
            raise ConnectionError(repr(error)) from error
        finally:
            connection.close()

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.sandbox.database_url, autocommit=True) as connection:
            return list(connection.execute(statement))

    def page_ids(self) -> list[int]:
        return [int(str(row[0])) for row in self.sql("SELECT page_ptr_id FROM projects_projectpage ORDER BY 1")]

    def titles(self, page_ids: list[int]) -> dict[int, str]:
        wanted = ",".join(str(number) for number in page_ids) or "0"
        rows = self.sql(f"SELECT id, title FROM wagtailcore_page WHERE id IN ({wanted})")  # noqa: S608  numbers only
        return {int(str(number)): str(title) for number, title in rows}

    # --- recovery -----------------------------------------------------------------------------------------

    def pending(self) -> int:
        outbox = "SELECT count(*) FROM search_outboxentry WHERE version > synced_version OR version > fallback_version"
        return int(str(self.sql(outbox)[0][0]))

    def differing(self) -> int:
        """Documents lost, outdated or left over in either index, as the platform's own comparison counts them; -1 if
        it cannot be made now."""
        command = [sys.executable, "manage.py", "reconcile_index", "--dry-run"]
        done = subprocess.run(
            command, cwd=ROOT, env=self.sandbox.environment, capture_output=True, text=True, check=False
        )
        found = DIFFERENCES.findall(done.stdout)
        if not found or (done.returncode and not any(int(count) for row in found for count in row)):
            with self.output.open("a") as output:
                output.write(done.stdout + done.stderr)
            return -1
        return sum(int(count) for row in found for count in row)

    def wait_until_recovered(self) -> tuple[float, int]:
        """Wait for what happens without a person; seconds it took, and how many documents differ in the end."""
        began = time.monotonic()
        differing = -1
        while differing and time.monotonic() - began < RECOVERY_SECONDS:
            try:
                waiting = self.pending()
            except psycopg.Error:
                waiting = -1
            if waiting == 0:
                seconds = time.monotonic() - began
                differing = self.differing()
            else:
                time.sleep(POLL_SECONDS)
        return (seconds if differing == 0 else time.monotonic() - began), differing

    def indexes(self) -> set[str]:
        """Names of everything that is on the search server."""
        connection = http.client.HTTPConnection(HOST, self.cluster.nodes[0].port, timeout=30)
        connection.request("GET", "/_cat/indices?h=index&expand_wildcards=all")
        return set(connection.getresponse().read().decode().split())

    def tell_server(self, method: str, path: str, body: str = "") -> str:
        """Talk to the search server itself, past the proxy."""
        connection = http.client.HTTPConnection(HOST, self.cluster.nodes[0].port, timeout=30)
        connection.request(method, path, body or None, {"Content-Type": "application/json"} if body else {})
        response = connection.getresponse()
        text = response.read().decode()
        if response.status >= http.client.BAD_REQUEST:
            raise OSError(f"{method} {path}: {text}")
        return text


def kill(process_id: int) -> None:
    """As a power cut would."""
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)
