"""The search server of a test run: the one TEST_SEARCH_URL names, or one that the processes of the run share."""

import fcntl
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.search_node import ROOT, ServerError, reason_to_skip
from search.engines import create_engine
from search.engines.elasticsearch import ElasticsearchEngine

# No test waits that long for a server that works, also on a busy machine.
OPTIONS = "timeout=20&write_timeout=30"
COMMAND = [sys.executable, "-m", "scripts.search_server", "--quick", "--port", "0", "--until-eof"]


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """The address of a server without prefix and options. Raises ServerError if there is none and none can be had.

    `folder` is that of the run: whoever needs a server first starts it there, and it stops with the last who uses it,
    also if they are killed.
    """
    if given := os.environ.get("TEST_SEARCH_URL"):
        yield _without_prefix(given)
        return
    if reason := reason_to_skip():
        raise ServerError(f"{reason} TEST_SEARCH_URL can name a search server that runs elsewhere.")
    users, log = folder / "search-server.users", folder / "search-server.log"
    with (folder / "search-server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        used = _joined(users)
        if used is None:
            used = _started(users, log)
        address = _address(log)
    try:
        yield _without_prefix(address)
    finally:
        os.close(used)


def _joined(users: Path) -> int | None:
    """The open end of the pipe that keeps a running server; none if no server reads it."""
    try:
        return os.open(users, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None


def _started(users: Path, log: Path) -> int:
    """Start a server that stops when all have closed the pipe, and wait until it answers. Gives our end of the pipe."""
    users.unlink(missing_ok=True)
    os.mkfifo(users)
    read = os.open(users, os.O_RDONLY | os.O_NONBLOCK)
    used = os.open(users, os.O_WRONLY)
    with log.open("w") as written:
        server = subprocess.Popen(
            COMMAND, cwd=ROOT, stdin=read, stdout=written, stderr=subprocess.STDOUT, start_new_session=True
        )
    os.close(read)
    while not _address(log):
        if server.poll() is not None:
            os.close(used)
            raise ServerError(log.read_text())
        time.sleep(0.2)
    return used


def _address(log: Path) -> str:
    """What the server wrote about itself; empty as long as it does not answer."""
    lines = log.read_text().splitlines()
    return next((line.removeprefix("SEARCH_URL=") for line in lines if line.startswith("SEARCH_URL=")), "")


def _without_prefix(url: str) -> str:
    return "/".join(url.split("?")[0].split("/")[:3])


@contextmanager
def own_indexes(server: str, options: str = OPTIONS) -> Iterator[str]:
    """An address with a prefix that nobody else has; what was made under it goes at the end."""
    url = f"{server}/test-{uuid.uuid4().hex[:12]}?{options}"
    try:
        yield url
    finally:
        engine = create_engine(url)
        if isinstance(engine, ElasticsearchEngine):
            engine.indexes.remove_all()
        create_engine.cache_clear()
