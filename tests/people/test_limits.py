"""Limits of attempts hold across processes: two real ones serve, and share a database."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.processes import ROOT, environment_of_test

pytestmark = pytest.mark.process

LOGIN = "/konto/anmelden/"
ALLOWED = 5  # ACCOUNT_RATE_LIMITS: wrong passwords for one address within five minutes
STARTS_WITHIN = 90  # seconds; a busy machine


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def servers(transactional_db: None, tmp_path: Path) -> Iterator[list[str]]:
    """Addresses of two processes that know of each other only through the database."""
    given = {**environment_of_test(tmp_path), "PYTHONWARNINGS": "ignore"}
    given.pop("CACHE_URL", None)
    ports = [free_port(), free_port()]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers=1", "--log-level=critical"]
    processes = [
        subprocess.Popen([*command, f"--bind=127.0.0.1:{port}"], cwd=ROOT, env=given, stderr=subprocess.DEVNULL)
        for port in ports
    ]
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    try:
        for address in addresses:
            wait_for(address)
        yield addresses
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)  # gunicorn: at once, without waiting for browsers that keep a connection
        for process in processes:
            process.wait(STARTS_WITHIN)


def wait_for(address: str) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            requests.get(f"{address}/healthz", timeout=5)
        except requests.RequestException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def try_password(address: str, email: str) -> str:
    """The page after a wrong password."""
    with requests.Session() as browser:
        form = browser.get(f"{address}{LOGIN}", timeout=30).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token
        fields = {"login": email, "password": "falsch", "csrfmiddlewaretoken": token.group(1)}
        return browser.post(f"{address}{LOGIN}", fields, headers={"Referer": address}, timeout=30).text


def test_attempts_are_counted_together(servers: list[str]) -> None:
    pages = [try_password(servers[number % 2], "person@example.org") for number in range(ALLOWED + 2)]
    refused = ["Zu viele Versuche" in page for page in pages]
    assert refused == [False] * ALLOWED + [True, True]
    assert all("nicht korrekt" in page for page in pages[:ALLOWED])
    assert "nicht korrekt" in try_password(servers[0], "andere@example.org"), "others are not locked out with them"
