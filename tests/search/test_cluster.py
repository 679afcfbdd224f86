"""A search server of three nodes, of which one fails, that asks for an account over an encrypted line."""

import socket
import threading
from collections.abc import Iterator

import pytest
from elasticsearch import AuthorizationException

from scripts.search_node import Account, reason_to_skip
from scripts.search_server import Cluster
from search.engines import EngineUnavailableError, create_engine
from search.engines.deadline import deadline
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.queries import Query
from tests.conftest import skip_or_fail
from tests.search.examples import document, put, query

pytestmark = [pytest.mark.server, pytest.mark.process]

# A write that lands while a node fails waits for the copy of its shard; searches must not notice.
OPTIONS = "replicas=1&timeout=10&write_timeout=30"
SHORT = "timeout=4&write_timeout=6"  # every wait for a host that is silent lasts half of it
ACCOUNT = Account("platform", "geheim-1")
NOBODY = "127.0.0.1:9"
# Some dozens of documents need no more.
HEAP = "256m"


@pytest.fixture(scope="module")
def nodes() -> Iterator[Cluster]:
    """One cluster for all; after the first of these tests that kills one, two nodes are left."""
    if reason := reason_to_skip():
        skip_or_fail(reason)
    with Cluster(3, account=ACCOUNT, tls=True, heap=HEAP, is_quick=True) as cluster:
        yield cluster


def test_a_node_that_is_killed_is_noticed_by_nobody(nodes: Cluster) -> None:
    engine = create_engine(nodes.url("platform-killed", OPTIONS))
    with engine.rebuild():
        pass
    written, errors, done = 0, [], threading.Event()

    def search() -> None:
        while not done.is_set():
            try:
                engine.search(query("Ampel"), audience="public")
            except Exception as error:  # noqa: BLE001  every kind of error counts
                errors.append(error)

    searching = threading.Thread(target=search)
    searching.start()
    for number in range(1, 61):
        if number == 20:
            nodes.nodes[0].kill()
        put(engine, document(number, f"Ampel {number}"), version=1)
        written = number
    done.set()
    searching.join()
    assert errors == []
    assert engine.count(audience="public") == written


def test_a_host_that_is_silent_leaves_time_for_the_next_one(nodes: Cluster) -> None:
    """Its connections are accepted, and nothing is ever answered."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        engine = create_engine(nodes.url("platform-silent", SHORT).replace("@", f"@127.0.0.1:{port},", 1))
        with engine.rebuild():
            pass
        for _ in range(4):
            with deadline(6):
                assert engine.count(audience="public") == 0


def test_an_encrypted_server_is_asked_with_an_account_and_its_certificate(nodes: Cluster) -> None:
    url = nodes.url("platform-secret", OPTIONS)
    engine = create_engine(url)
    with engine.rebuild():
        pass
    put(engine, document(1, "Ampel"))
    assert engine.search(Query(), audience="public").total == 1
    login = f"{ACCOUNT.user}:{ACCOUNT.password}@"
    with_host_that_is_down = url.replace("/platform-secret", f",{NOBODY}/platform-secret")
    for other in ("platform:falsch-1@", ""):
        for hosts in (url, with_host_that_is_down):
            with pytest.raises(EngineUnavailableError, match="refuses our account"):
                create_engine(hosts.replace(login, other)).ping()
    with pytest.raises(EngineUnavailableError, match="reached"):
        create_engine(url.split("?")[0]).ping()


def test_the_account_may_do_all_the_platform_does_and_nothing_else(nodes: Cluster) -> None:
    engine = create_engine(nodes.url("platform-account", OPTIONS))
    assert isinstance(engine, ElasticsearchEngine)
    for _turn in range(2):
        with engine.rebuild():
            pass
    engine.rollback()
    engine.ping()
    put(engine, document(1, "Ampel"), version=1)
    assert engine.search(query("Ampel"), audience="public").total == 1
    assert [key for key, _page, _digest in engine.digests(audience="public")] == ["projekt-1"]
    client = engine.connection.client
    forbidden = [
        lambda: client.indices.create(index="fremd"),
        lambda: client.indices.get(index="fremd"),
        lambda: client.cluster.put_settings(persistent={"action.auto_create_index": "true"}),
        lambda: client.security.get_user(),
        lambda: client.security.create_api_key(name="mehr"),
    ]
    for call in forbidden:
        with pytest.raises(AuthorizationException):
            call()
