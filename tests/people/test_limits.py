"""Limits of attempts hold across processes: two real ones serve, and share a database."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.processes import environment_of_test
from tests.web_server import environment, serving

pytestmark = pytest.mark.process

LOGIN = "/konto/anmelden/"
ALLOWED = 5  # ACCOUNT_RATE_LIMITS: wrong passwords for one account from one connection within five minutes


@pytest.fixture
def servers(transactional_db: None, tmp_path: Path) -> Iterator[list[str]]:
    """Addresses of two processes that know of each other only through the database."""
    shared = environment_of_test(tmp_path)["DATABASE_URL"]
    given = environment(tmp_path, "config.settings.dev") | {"DATABASE_URL": shared}
    with ExitStack() as stack:
        yield [stack.enter_context(serving(given, "--workers=1")).address for _ in range(2)]


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
