"""Calls to the search server: which host, how long, how often, and what a failure means.

Must not know documents or queries. Every error that leaves this file is an EngineError.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import ApiError, Elasticsearch

from search.engines.address import Address
from search.engines.contract import EngineError, EngineUnavailableError, IndexMissingError, UnknownEngineError
from search.engines.deadline import within_deadline

Answer = TypeVar("Answer")

# Overloaded, or without the node that would have to answer: another host may do better, or the same one later.
BUSY = frozenset({408, 429, 502, 503, 504})
# A host that did not answer is left alone for 1, 2, 4 … seconds, unless all are silent.
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# Threads of one web process that ask at once.
CONNECTIONS_PER_HOST = 20
# Writes that a full disk or an operator forbids; they pass as soon as somebody makes room.
BLOCKED = "cluster_block_exception"
MISSING = frozenset({"index_not_found_exception", "aliases_not_found_exception"})


class Connection:
    """One client for all threads of the process; a call that a host does not answer goes to the next one."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.hosts = len(address.hosts)
        options: dict[str, Any] = {}
        if address.user:
            options["basic_auth"] = (address.user, address.password)
        if address.is_encrypted:
            options["verify_certs"] = address.verify
            if address.ca:
                options["ca_certs"] = address.ca
            if not address.verify:
                options["ssl_show_warn"] = False
        try:
            self.client = Elasticsearch(
                list(address.hosts),
                connections_per_node=CONNECTIONS_PER_HOST,
                dead_node_backoff_factor=FIRST_PAUSE_SECONDS,
                max_dead_node_backoff=LONGEST_PAUSE_SECONDS,
                max_retries=0,
                **options,
            )
        except (ValueError, OSError) as error:
            raise UnknownEngineError(f"The search server cannot be asked: {error}") from error

    def ask(self, question: Callable[[Elasticsearch], Answer]) -> Answer:
        """What the server answers to a read. Raises EngineError."""
        return self._call(question, self.address.timeout)

    def tell(self, order: Callable[[Elasticsearch], Answer]) -> Answer:
        """What the server answers to a write that may be repeated without harm. Raises EngineError."""
        return self._call(order, self.address.write_timeout)

    def _call(self, call: Callable[[Elasticsearch], Answer], limit: float) -> Answer:
        """Each host at most once. A silent one may use half of what is left, so that another has time to answer."""
        with within_deadline(limit) as seconds:
            return self._ask_hosts(call, time.monotonic() + seconds)

    def _ask_hosts(self, call: Callable[[Elasticsearch], Answer], end: float) -> Answer:
        """Of the hosts that failed, one that answered tells more than one that could not be reached."""
        told: EngineUnavailableError | None = None
        for attempt in range(1, self.hosts + 1):
            left = max(end - time.monotonic(), 0.01)
            seconds = left / 2 if attempt < self.hosts else left
            try:
                with engine_errors():
                    return call(self.client.options(request_timeout=seconds))
            except EngineUnavailableError as error:
                if isinstance(error.__cause__, ApiError):
                    told = error
                if attempt == self.hosts or time.monotonic() >= end:
                    raise told or error from (told or error).__cause__
        raise EngineUnavailableError("No host is named.")


@contextmanager
def engine_errors() -> Iterator[None]:
    """The client's errors as the platform's."""
    try:
        yield
    except ConnectionTimeout as error:
        raise EngineUnavailableError(f"The search server did not answer in time: {error}") from error
    except ApiError as error:
        raise _of_answer(error) from error
    except TransportError as error:
        raise EngineUnavailableError(f"The search server cannot be reached: {error}") from error
    except ValueError as error:
        raise EngineError(f"The search server was asked something impossible: {error}") from error


def _of_answer(error: ApiError) -> EngineError:
    """An error that the server answered."""
    status = int(error.meta.status)
    kind, reason = _first_cause(error.body)
    said = f"{status} {kind} {reason}".strip()
    if kind in MISSING:
        return IndexMissingError(f"The index is missing on the search server: {said}")
    if status in BUSY or kind == BLOCKED:
        return EngineUnavailableError(f"The search server is busy or takes no writes: {said}")
    if status in (401, 403):
        return EngineUnavailableError(f"The search server refuses our account: {said}")
    return EngineError(f"The search server answered {said}")


def _first_cause(body: Any) -> tuple[str, str]:
    """(type, reason) of what the server names as the cause."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return "", str(error or "")
    causes = error.get("root_cause") or [error]
    cause = causes[0] if isinstance(causes[0], dict) else error
    return str(cause.get("type", "")), str(cause.get("reason", ""))
