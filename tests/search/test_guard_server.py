"""The real search server falls silent and comes back, and the pages notice by themselves."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from scripts.search_node import reason_to_skip
from scripts.search_server import Cluster
from search.engines import create_engine, get_engine
from search.engines.guard import breaker_of, state_of_search
from search.indexing.rebuild import rebuild
from tests.conftest import skip_or_fail
from tests.factories import ProjectPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.process]

FIRST_SECONDS = 2.0
LATER_SECONDS = 0.5
# The pause of the breaker, its ping, and time for a machine that works for others as well.
BACK_SECONDS = 15.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server of its own: whoever stops the one that all tests share stops them too."""
    if reason := reason_to_skip():
        skip_or_fail(reason)
    with Cluster() as running:
        yield running


@pytest.fixture
def published(cluster: Cluster, settings: Any, tmp_path: Path) -> Iterator[None]:
    """One project, on the server and in the fall-back."""
    settings.SEARCH_URL = cluster.url("guard")
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    ProjectPageFactory(title="Ampel am Markt")
    for url in (settings.SEARCH_URL, settings.SEARCH_FALLBACK_URL):
        rebuild(create_engine(url))
    yield
    cluster.nodes[0].resume()
    breaker_of(get_engine()).close()


def visit(client: Client) -> tuple[float, Any]:
    """Seconds that a visitor waited, and the answer."""
    began = time.monotonic()
    response = client.get("/suche/?q=Ampel")
    waited = time.monotonic() - began
    assert response.status_code == 200
    assert [hit.title for hit in response.context["hits"]] == ["Ampel am Markt"]
    return waited, response.context["is_fallback"]


def test_silent_server_is_felt_once_and_comes_back_by_itself(cluster: Cluster, published: None, client: Client) -> None:
    assert not visit(client)[1]
    cluster.nodes[0].pause()
    waits = []
    for _visitor in range(5):
        waited, is_fallback = visit(client)
        assert is_fallback
        waits.append(waited)
    assert waits[0] < FIRST_SECONDS
    assert max(waits[1:]) < LATER_SECONDS
    assert state_of_search() == "degraded"
    cluster.nodes[0].resume()
    end = time.monotonic() + BACK_SECONDS
    while breaker_of(get_engine()).reason:
        assert time.monotonic() < end, "nobody noticed that the server is back"
        time.sleep(0.1)
    assert not visit(client)[1]
    assert state_of_search() == "ok"


def test_index_that_is_gone_is_answered_by_the_fallback_until_it_is_rebuilt(
    cluster: Cluster, published: None, client: Client
) -> None:
    engine = get_engine()
    engine.indexes.remove_all()  # type: ignore[attr-defined]
    assert visit(client)[1]
    assert state_of_search() == "degraded"
    rebuild(engine)
    end = time.monotonic() + BACK_SECONDS
    while breaker_of(engine).reason:
        assert time.monotonic() < end, "nobody noticed that the index is there"
        time.sleep(0.1)
    assert not visit(client)[1]
