"""The search server of a test run: the one TEST_SEARCH_URL names, or one that is started for it."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from scripts.search_node import ServerError, reason_to_skip
from scripts.search_server import Cluster
from search.engines import create_engine
from search.engines.elasticsearch import ElasticsearchEngine

# No test waits that long for a server that works, also on a busy machine.
OPTIONS = "timeout=20&write_timeout=30"


@contextmanager
def running_server() -> Iterator[str]:
    """The address of a server without prefix and options. Raises ServerError if there is none and none can be had."""
    if given := os.environ.get("TEST_SEARCH_URL"):
        yield "/".join(given.split("?")[0].split("/")[:3])
        return
    if reason := reason_to_skip():
        raise ServerError(f"{reason} TEST_SEARCH_URL can name a search server that runs elsewhere.")
    with Cluster(is_quick=True) as cluster:
        yield "/".join(cluster.url().split("/")[:3])


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
