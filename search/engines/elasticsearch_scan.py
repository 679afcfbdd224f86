"""Reading many documents of the search server page by page, all of one moment (point in time)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import structlog
from elasticsearch import Elasticsearch

from search.engines.contract import Audience, EngineError
from search.engines.elasticsearch_connection import Connection
from search.engines.elasticsearch_queries import visible

log = structlog.get_logger(__name__)

# Documents of one request, and how long the server keeps the state between two requests.
PAGE = 5_000
KEPT = "2m"


def _scan(connection: Connection, index: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All hits of a request as the server gives them, however many; `body` holds query, order and fields."""
    opened = connection.ask(lambda client: client.open_point_in_time(index=index, keep_alive=KEPT).body)
    state = str(opened["id"])
    after: dict[str, Any] = {}
    try:
        while True:
            point = {"id": state, "keep_alive": KEPT}
            asked = {**body, **after, "size": PAGE, "pit": point, "track_total_hits": False}
            answer = connection.ask(partial(_page, body=asked))
            state = str(answer["pit_id"])
            hits = answer["hits"]["hits"]
            yield from hits
            if len(hits) < PAGE:
                return
            after = {"search_after": hits[-1]["sort"]}
    finally:
        _close(connection, state)


def _page(client: Elasticsearch, body: dict[str, Any]) -> dict[str, Any]:
    return dict(client.search(body=body, allow_partial_search_results=False))


def _close(connection: Connection, state: str) -> None:
    try:
        connection.tell(lambda client: client.close_point_in_time(id=state))
    except EngineError as error:
        # The server forgets it by itself after a while.
        log.info("search_scan_not_closed", error=str(error))


def digests_of(connection: Connection, index: str, audience: Audience) -> Iterator[tuple[str, int, str]]:
    """(key, page id, digest) of every document of one index."""
    body = {
        "query": visible(audience).to_dict(),
        "sort": ["_shard_doc"],
        "_source": False,
        "docvalue_fields": ["key", "page", "digest"],
    }
    for found in _scan(connection, index, body):
        fields = found["fields"]
        yield fields["key"][0], int(fields["page"][0]), fields["digest"][0]
