"""Writing to the search server: documents with the version of their page, so that a late write never wins.

Must not know which index is in use. A refusal because of the version means that somebody wrote something newer: that
is success.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

from elasticsearch import Elasticsearch

from search.engines.contract import EngineUnavailableError, IndexMissingError, PageDocuments, RejectedError
from search.engines.elasticsearch_connection import BLOCKED, BUSY, MISSING, Connection
from search.engines.elasticsearch_documents import operations, removal

# Documents of one request: a few megabytes, some tenths of a second.
BULK_DOCUMENTS = 500
# Keys of documents looked up at a time; the server gives 10,000 at most.
KEYS_READ = 5_000
NEWER_EXISTS = 409
NOT_FOUND = 404
# A rebuild does not give up because the server is busy for a moment: pauses of 0.5, 1, 2, 4, 8 seconds.
RETRIES = 5
FIRST_PAUSE_SECONDS = 0.5

Answer = TypeVar("Answer")
# What is done with one document: the page it belongs to, and its lines in a bulk request.
Step = tuple[int, Sequence[Mapping[str, Any]]]


class Target(NamedTuple):
    """An index, and the alias through which it is written."""

    name: str
    alias: str


def write(
    connection: Connection, targets: Sequence[Target], changes: Sequence[PageDocuments], *, is_visible: bool = True
) -> None:
    """Replace the documents of the pages in the indexes.

    With `is_visible` searches see it when the call returns. Raises RejectedError with the pages that the server does
    not take as they are, after everything else is written; EngineUnavailableError if some has to be written again.
    """
    steps = [step for target in targets for step in _steps(connection, target, changes)]
    refused: dict[int, str] = {}
    for bulk in bulks(steps):
        refused.update(send(connection, bulk, is_visible=is_visible))
    if refused:
        raise RejectedError(refused)


def patiently(order: Callable[[], Answer], ended: threading.Event) -> Answer:
    """Have something done that a rebuild needs, again after a pause if the server is busy, until the rebuild ends."""
    attempt = 0
    while True:
        try:
            return order()
        except EngineUnavailableError:
            if attempt == RETRIES or ended.wait(FIRST_PAUSE_SECONDS * 2**attempt):
                raise
        attempt += 1


def bulks(steps: Sequence[Step]) -> Iterator[Sequence[Step]]:
    """The steps, as many at a time as make a request."""
    return (steps[start : start + BULK_DOCUMENTS] for start in range(0, len(steps), BULK_DOCUMENTS))


def first_steps(target: Target, changes: Sequence[PageDocuments]) -> Iterator[Step]:
    """What brings documents of pages into an index that holds none of them."""
    for change in changes:
        for document in change.documents:
            yield change.page_id, tuple(operations(document, change.version, target.alias))


def _steps(connection: Connection, target: Target, changes: Sequence[PageDocuments]) -> Iterator[Step]:
    held = _keys_held(connection, target.name, [change.page_id for change in changes])
    for change in changes:
        yield from first_steps(target, [change])
        kept = {document.key for document in change.documents}
        for key in sorted((held.get(change.page_id, set()) | set(change.former)) - kept):
            # By the name of the index: the server would answer a removal through a missing alias with a new index.
            yield change.page_id, (removal(key, change.version, target.name),)


def _keys_held(connection: Connection, index: str, page_ids: Sequence[int]) -> dict[int, set[str]]:
    """Keys of the documents that an index holds of pages."""
    held: dict[int, set[str]] = {}
    query = {"terms": {"page": [str(page_id) for page_id in page_ids]}}
    after: list[Any] | None = None
    while page_ids:
        body = {"query": query, "size": KEYS_READ, "sort": [{"key": "asc"}], "_source": False}
        body |= {"docvalue_fields": ["key", "page"], "track_total_hits": False}
        body |= {"search_after": after} if after else {}
        hits = connection.ask(partial(_searched, index=index, body=body))
        for hit in hits:
            held.setdefault(int(hit["fields"]["page"][0]), set()).add(hit["fields"]["key"][0])
        if len(hits) < KEYS_READ:
            break
        after = hits[-1]["sort"]
    return held


def _searched(client: Elasticsearch, index: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    return list(client.search(index=index, body=body)["hits"]["hits"])


def send(connection: Connection, steps: Sequence[Step], *, is_visible: bool) -> dict[int, str]:
    """Send one bulk request; returns why the documents of a page were refused."""
    lines = [line for _page_id, step in steps for line in step]
    answer = connection.tell(
        lambda client: client.bulk(
            operations=lines, require_alias=True, refresh=is_visible, timeout=_patience(connection)
        )
    )
    refused: dict[int, str] = {}
    postponed = ""
    for (page_id, _lines), item in zip(steps, answer["items"], strict=True):
        (outcome,) = item.values()
        status, error = int(outcome["status"]), outcome.get("error") or {}
        kind = str(error.get("type", ""))
        said = f"{status} {kind}: {error.get('reason', '')}"
        if status < 300 or status == NEWER_EXISTS or (status == NOT_FOUND and not error):
            continue
        if kind in MISSING:
            raise IndexMissingError(f"The index is missing on the search server: {said}")
        if status in BUSY or kind == BLOCKED:
            postponed = said
        else:
            refused[page_id] = said
    if postponed:
        raise EngineUnavailableError(f"The search server did not take all documents: {postponed}")
    return refused


def _patience(connection: Connection) -> str:
    """How long the server may wait for a shard that moves; less than we wait for the server."""
    return f"{max(int(connection.address.write_timeout * 750), 1)}ms"
