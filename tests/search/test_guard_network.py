"""A search server that refuses or is silent is felt once, for less than two seconds; then the fall-back answers."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from search.engines import create_engine, get_engine
from search.engines.guard import breaker_of
from search.indexing.rebuild import rebuild
from tests.factories import ProjectPageFactory

pytestmark = pytest.mark.django_db

HOST = "127.0.0.1"
# What a visitor may wait: the first one, and everybody after that.
FIRST_SECONDS = 2.0
LATER_SECONDS = 0.5
VISITORS = 6


def refusing() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


SILENT = pytest.param("is silent", marks=pytest.mark.slow("waits until the search is given up"))


@pytest.fixture(params=["refuses", SILENT, "hangs up"])
def server_port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Where a search server should be."""
    if request.param == "refuses":
        yield refusing()
        return
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((HOST, 0)))

        def accept() -> None:
            while True:
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                if request.param == "is silent":
                    stack.enter_context(connection)
                else:
                    connection.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def outage(server_port: int, settings: Any) -> Iterator[None]:
    """The engine in use is a server that is away."""
    settings.SEARCH_URL = f"elasticsearch://{HOST}:{server_port}/dsr-guard"
    yield
    breaker_of(get_engine()).close()


@pytest.fixture
def fallback(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    ProjectPageFactory(title="Ampel am Markt")
    rebuild(create_engine(settings.SEARCH_FALLBACK_URL))


def seconds(action: Callable[[], Any]) -> tuple[float, Any]:
    began = time.monotonic()
    answer = action()
    return time.monotonic() - began, answer


def test_first_visitor_waits_less_than_two_seconds_and_the_others_not_at_all(
    outage: None, fallback: None, client: Client
) -> None:
    waits = []
    for _visitor in range(VISITORS):
        waited, response = seconds(lambda: client.get("/suche/?q=Ampel"))
        waits.append(waited)
        assert response.status_code == 200
        assert response.context["is_fallback"]
        assert [hit.title for hit in response.context["hits"]] == ["Ampel am Markt"]
    assert waits[0] < FIRST_SECONDS
    assert max(waits[1:]) < LATER_SECONDS


def test_without_a_fallback_the_list_comes_as_soon(outage: None, client: Client) -> None:
    ProjectPageFactory(title="Ampel am Markt")
    for allowed in (FIRST_SECONDS, LATER_SECONDS, LATER_SECONDS):
        waited, response = seconds(lambda: client.get("/suche/?q=Ampel"))
        assert response.context["is_outage"]
        assert b"Ampel am Markt" in response.content
        assert waited < allowed


def test_typing_waits_no_longer_than_a_page(outage: None, fallback: None, client: Client) -> None:
    for allowed in (FIRST_SECONDS, LATER_SECONDS):
        waited, response = seconds(lambda: client.get("/suche/vorschlaege/?q=Amp"))
        assert response.json()["suggestions"]
        assert waited < allowed


def test_readiness_stays_and_names_the_search(outage: None, fallback: None, client: Client) -> None:
    for allowed in (FIRST_SECONDS, LATER_SECONDS):
        waited, response = seconds(lambda: client.get("/readyz"))
        assert response.status_code == 200
        assert response.json()["search"] == "degraded"
        assert waited < allowed
