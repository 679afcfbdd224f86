"""Whatever the search server does, publishing works, visitors get an answer, and in the end nothing is lost.

The server is a real one; a proxy in front of it answers in its place where a fault is wanted. `bench/faults` does the
same to a whole installation.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from bench.faults.proxy import Mode, Proxy
from search.engines import create_engine
from search.engines.elasticsearch import ElasticsearchEngine
from search.indexing import upkeep
from search.indexing.rebuild import compare
from search.indexing.upkeep import LAST_WAIT_SECONDS, Worker
from search.models import OutboxEntry
from tests.factories import ProjectPageFactory, artefact

pytestmark = [pytest.mark.django_db, pytest.mark.process]

# A server that says nothing is given up after this time; long enough for one that works.
OPTIONS = "timeout=5&write_timeout=5"
# One deadline holds for all calls of a page; the rest is for the page itself on a busy machine.
FIRST_ANSWER_SECONDS = 5.0


class Server:
    """The search server behind the proxy, under a prefix of its own."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = parts.netloc
        self.prefix = parts.path.strip("/")
        assert parts.port
        self.proxy = Proxy(parts.port)
        self.proxy.open()
        self.url = f"elasticsearch://127.0.0.1:{self.proxy.port}/{self.prefix}?{OPTIONS}"

    @property
    def engine(self) -> ElasticsearchEngine:
        engine = create_engine(self.url)
        assert isinstance(engine, ElasticsearchEngine)
        return engine

    def tell(self, method: str, path: str, body: Any = None) -> str:
        """Talk to the server itself, past the proxy."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status == 200, text
        return text

    def indexes(self) -> set[str]:
        return {name for name in self.tell("GET", "/_cat/indices?h=index").split() if name.startswith(self.prefix)}


@pytest.fixture
def server(search_url: str, settings: Any, tmp_path: Path) -> Iterator[Server]:
    made = Server(search_url)
    settings.SEARCH_URL = made.url
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    settings.SEARCH_MEANING = "off"
    yield made
    made.proxy.mode = Mode.PASS
    made.proxy.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the longest waiting time of the worker pass."""
    passed = [0.0]
    real = time.monotonic

    class Clock:
        sleep = time.sleep

        @staticmethod
        def monotonic() -> float:
            return real() + passed[0]

    monkeypatch.setattr(upkeep, "time", Clock)

    def wait() -> None:
        passed[0] += LAST_WAIT_SECONDS

    return wait


@contextmanager
def refused(server: Server) -> Iterator[None]:
    server.proxy.close()
    yield
    server.proxy.open()


def answering(mode: Mode) -> Callable[[Server], AbstractContextManager[None]]:
    return lambda server: server.proxy.doing(mode)


@contextmanager
def read_only(server: Server) -> Iterator[None]:
    setting = "index.blocks.read_only_allow_delete"
    server.tell("PUT", f"/{server.prefix}-*/_settings", {setting: True})
    yield
    server.tell("PUT", f"/{server.prefix}-*/_settings", {setting: None})


@contextmanager
def emptied(server: Server) -> Iterator[None]:
    """As if the server had come back with an empty disk."""
    server.tell("DELETE", f"/{','.join(server.indexes())}")
    yield


@contextmanager
def other_mapping(server: Server) -> Iterator[None]:
    """Somebody put an index in place that takes none of our documents."""
    ours = list(json.loads(server.tell("GET", f"/_alias/{server.prefix}")))
    wrong = f"{server.prefix}-wrong"
    mapping = {"dynamic": "strict", "properties": {"key": {"type": "date"}, "page": {"type": "long"}}}
    server.tell("PUT", f"/{wrong}", {"mappings": mapping})
    actions: list[Any] = [{"remove": {"index": name, "alias": server.prefix}} for name in ours]
    server.tell("POST", "/_aliases", {"actions": [*actions, {"add": {"index": wrong, "alias": server.prefix}}]})
    yield


FAULTS: dict[str, Callable[[Server], AbstractContextManager[None]]] = {
    "refused": refused,
    "silent": answering(Mode.SILENT),
    "429": answering(Mode.BUSY),
    "503": answering(Mode.UNAVAILABLE),
    "half of a bulk": answering(Mode.HALF_REFUSED),
    "broken off in a bulk": answering(Mode.HALF_CUT),
    "disk full": read_only,
    "other mapping": other_mapping,
    "empty disk": emptied,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_and_nobody_meets_an_error(
    server: Server, client: Client, clock: Callable[[], None], fault: str
) -> None:
    worker = Worker(lambda _text: None)
    projects = [
        ProjectPageFactory(title=f"Ampel {number}", children={"artefacts": [artefact()]}) for number in range(3)
    ]
    worker.turn()
    assert compare(server.engine).is_equal
    with FAULTS[fault](server):
        for project in projects[:2]:
            project.title = f"Neue {project.title}"
            project.save_revision().publish()
        projects[2].unpublish()
        began = time.perf_counter()
        answer = client.get("/suche/", {"q": "Ampel"})
        assert answer.status_code == 200
        assert time.perf_counter() - began < FIRST_ANSWER_SECONDS
        worker.turn()
        assert not OutboxEntry.objects.exclude(attempts=0).exists()
        assert client.get("/suche/", {"q": "Ampel"}).status_code == 200
    for _turn in range(3):
        clock()
        worker.turn()
    assert not OutboxEntry.objects.pending().exists()
    assert compare(server.engine).is_equal
    assert {name.removeprefix(server.prefix)[:1] for name in server.indexes()} == {"-"}
