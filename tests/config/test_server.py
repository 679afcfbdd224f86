"""What the web server does before Django is asked: gunicorn as it is shipped, with production settings."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
import requests

from tests.web_server import Server, environment, serving

pytestmark = pytest.mark.process

WORKERS = 3
GET = "GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
KEY = "IjQ3MTEi:1vKey:geheimer-Teil"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    with serving(environment(folder, "config.settings.production")) as running:
        yield running


def test_a_client_cannot_say_that_the_site_is_mounted_elsewhere(server: Server) -> None:
    for header in ("SCRIPT_NAME: /anderswo", "PATH_INFO: /healthz", "Script_Name: /anderswo"):
        answer = server.answer(GET.format("/anderswo/healthz") + f"{header}\r\n\r\n")
        assert answer.startswith("HTTP/1.1 400"), header
    assert server.answer(GET.format("/healthz") + "\r\n").startswith("HTTP/1.1 200")


def test_half_sent_requests_do_not_keep_others_waiting(server: Server) -> None:
    """As many as there are processes, each in the middle of its headers or of its body."""
    halves = [GET.format("/healthz"), "POST /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx"]
    with ExitStack() as held:
        for number in range(2 * WORKERS):
            held.enter_context(closing(server.send(halves[number % 2])))
        for _request in range(2 * WORKERS):
            assert requests.get(f"{server.address}/healthz", timeout=5).status_code == 200


def test_the_place_of_a_client_that_falls_silent_is_given_to_others(server: Server) -> None:
    assert server.answer(GET.format("/healthz")) == "", "closed without an answer, within the thirty seconds we wait"


def test_the_log_of_a_server_where_everything_fails_says_no_address_no_words_and_no_keys(server: Server) -> None:
    """It has neither tables nor static files: even the page that says so cannot be made."""
    server.answer(GET.format("/suche/?q=Quastenflosser") + "X-Forwarded-For: 203.0.113.7\r\n\r\n")
    server.answer(GET.format(f"/mitmachen/bestaetigen/{KEY}/") + f"Referer: http://127.0.0.1/{KEY}\r\n\r\n")
    server.answer(GET.format(f"/gibt-es-nicht/{KEY}") + "\r\n")
    server.answer(GET.format(f"/{KEY}") + f"Falsch_{KEY}: {KEY}\r\n\r\n")
    server.answer(f"GET /{KEY} HTTP/9.9\r\n\r\n")
    written = server.log.read_text()
    assert "Error handling request" in written
    assert "Invalid request: Invalid HTTP header name" in written
    for secret in ("Quastenflosser", "203.0.113.7", KEY, "ip="):
        assert secret not in written
