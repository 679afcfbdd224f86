"""The engine that SEARCH_URL names, one per process."""

from functools import lru_cache

from django.conf import settings

from pages.access import Audience
from search.engines import address
from search.engines.contract import (
    Engine,
    EngineError,
    EngineHit,
    EngineResult,
    EngineUnavailableError,
    IndexMissingError,
    PageDocuments,
    RebuildRunningError,
    RejectedError,
    TimeSpentError,
    UnknownEngineError,
)
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.tantivy import TantivyEngine
from search.kinds.document import Document

__all__ = [
    "Audience",
    "Document",
    "Engine",
    "EngineError",
    "EngineHit",
    "EngineResult",
    "EngineUnavailableError",
    "IndexMissingError",
    "PageDocuments",
    "RebuildRunningError",
    "RejectedError",
    "TimeSpentError",
    "UnknownEngineError",
    "create_engine",
    "get_engine",
    "get_fallback",
]

EMBEDDED_EXAMPLE = "tantivy:///path/of/the/index"


@lru_cache(maxsize=8)
def create_engine(url: str) -> Engine:
    """The engine of an address. Raises UnknownEngineError if it is not understood; nothing is opened or asked yet."""
    scheme, _mark, rest = url.partition("://")
    if scheme == "tantivy":
        if not rest.strip("/"):
            raise UnknownEngineError(f"The address names no directory; write {EMBEDDED_EXAMPLE}.")
        return TantivyEngine(rest)
    if scheme in address.SCHEMES:
        return ElasticsearchEngine(address.parse(url))
    raise UnknownEngineError(f"The address is not understood; write {EMBEDDED_EXAMPLE} or {address.EXAMPLE}.")


def get_engine() -> Engine:
    """The engine in use. Raises UnknownEngineError if SEARCH_URL is wrong; opening it happens with the first call."""
    return create_engine(settings.SEARCH_URL)


def get_fallback() -> Engine | None:
    """The engine that answers while the one in use cannot, if SEARCH_FALLBACK_URL names one."""
    url = settings.SEARCH_FALLBACK_URL
    return create_engine(url) if url else None
