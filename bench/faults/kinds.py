"""The faults: what breaks, and how it ends. None of them is repaired by a person."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from bench.faults.installation import PREFIX, Installation
from bench.faults.proxy import Mode, Proxy

BETWEEN_RESTARTS_SECONDS = 4.0

Fault = Callable[[Installation], AbstractContextManager[None]]


@contextmanager
def nothing(installation: Installation) -> Iterator[None]:
    """The measure of all others: no fault at all."""
    yield


@contextmanager
def refused(installation: Installation) -> Iterator[None]:
    """Nothing listens where the search server was."""
    proxy = proxy_of(installation)
    proxy.close()
    yield
    proxy.open()


@contextmanager
def black_hole(installation: Installation) -> Iterator[None]:
    """The search server is stopped (SIGSTOP): connections are taken, nothing is ever answered."""
    node = installation.cluster.nodes[0]
    node.pause()
    yield
    node.resume()


@contextmanager
def busy(installation: Installation) -> Iterator[None]:
    """Every answer is 429."""
    with proxy_of(installation).doing(Mode.BUSY):
        yield


@contextmanager
def unavailable(installation: Installation) -> Iterator[None]:
    """Every answer is 503."""
    with proxy_of(installation).doing(Mode.UNAVAILABLE):
        yield


@contextmanager
def half_refused(installation: Installation) -> Iterator[None]:
    """The server takes half of every bulk request and refuses the rest as too much."""
    with proxy_of(installation).doing(Mode.HALF_REFUSED):
        yield


@contextmanager
def half_cut(installation: Installation) -> Iterator[None]:
    """The server takes half of every bulk request; then the connection breaks."""
    with proxy_of(installation).doing(Mode.HALF_CUT):
        yield


@contextmanager
def disk_full(installation: Installation) -> Iterator[None]:
    """The server sets its indexes to read-only, as it does when the disk is nearly full."""
    installation.tell_server("PUT", f"/{PREFIX}-*/_settings", block(True))
    yield
    installation.tell_server("PUT", f"/{PREFIX}-*/_settings", block(None))


@contextmanager
def other_mapping(installation: Installation) -> Iterator[None]:
    """Somebody put an index in place that takes none of our documents. Only the worker puts it right."""
    ours = json.loads(installation.tell_server("GET", f"/_alias/{PREFIX}"))
    mapping = {"dynamic": "strict", "properties": {"key": {"type": "date"}, "page": {"type": "long"}}}
    installation.tell_server("PUT", "/wrong", json.dumps({"mappings": mapping}))
    swap: list[dict[str, dict[str, str]]] = [{"remove": {"index": name, "alias": PREFIX}} for name in ours]
    swap.append({"add": {"index": "wrong", "alias": PREFIX}})
    installation.tell_server("POST", "/_aliases", json.dumps({"actions": swap}))
    yield
    installation.tell_server("DELETE", "/wrong")


@contextmanager
def killed_in_bulk(installation: Installation) -> Iterator[None]:
    """The server is killed while it takes hundreds of documents, and comes back with its disk."""
    node = installation.cluster.nodes[0]
    for number in range(3):
        renaming = threading.Thread(target=installation.post, args=("/bench/tag/", f"name=Umbenannt+{number}"))
        renaming.start()
        renaming.join()
        time.sleep(0.2 + 0.3 * number)
        node.kill()
        if number < 2:
            node.start()
            installation.cluster.wait()
    yield
    node.start()
    installation.cluster.wait()


@contextmanager
def empty_disk(installation: Installation) -> Iterator[None]:
    """The server is gone and comes back knowing nothing."""
    node = installation.cluster.nodes[0]
    node.kill()
    node.wipe()
    yield
    node.start()
    installation.cluster.wait()


@contextmanager
def database_restarted(installation: Installation) -> Iterator[None]:
    """PostgreSQL is restarted while people work, once as an update does and once as after a crash."""
    ended = threading.Event()

    def restart() -> None:
        for how in ("fast", "immediate"):
            if ended.wait(BETWEEN_RESTARTS_SECONDS):
                return
            installation.database.restart(how)

    thread = threading.Thread(target=restart)
    thread.start()
    yield
    ended.set()
    thread.join()


@contextmanager
def one_node_of_three(installation: Installation) -> Iterator[None]:
    """One node of a cluster of three is killed; there is a copy of everything."""
    node = installation.cluster.nodes[0]
    node.kill()
    yield
    node.start()
    installation.cluster.wait()


def proxy_of(installation: Installation) -> Proxy:
    if installation.proxy is None:
        raise ValueError("Only the installation with one node has a proxy.")
    return installation.proxy


def block(is_set: bool | None) -> str:
    return json.dumps({"index.blocks.read_only_allow_delete": is_set})


@dataclass(frozen=True)
class Kind:
    """A fault and how many search servers it needs."""

    fault: Fault
    nodes: int = 1


KINDS: dict[str, Kind] = {
    "nothing": Kind(nothing),
    "refused": Kind(refused),
    "black-hole": Kind(black_hole),
    "429": Kind(busy),
    "503": Kind(unavailable),
    "half-refused": Kind(half_refused),
    "half-cut": Kind(half_cut),
    "disk-full": Kind(disk_full),
    "other-mapping": Kind(other_mapping),
    "killed-in-bulk": Kind(killed_in_bulk),
    "empty-disk": Kind(empty_disk),
    "database": Kind(database_restarted),
    "one-of-three": Kind(one_node_of_three, nodes=3),
}
