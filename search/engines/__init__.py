"""Step 4 of the flow: the engine that SEARCH_URL names, one per process."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from search.engines.contract import (
    FACETS,
    Audience,
    Document,
    Engine,
    EngineError,
    EngineHit,
    EngineResult,
    IndexMissingError,
    PageDocuments,
)
from search.engines.tantivy import TantivyEngine

__all__ = [
    "FACETS",
    "Audience",
    "Document",
    "Engine",
    "EngineError",
    "EngineHit",
    "EngineResult",
    "IndexMissingError",
    "PageDocuments",
    "UnknownEngineError",
    "create_engine",
    "get_engine",
]


class UnknownEngineError(EngineError):
    """SEARCH_URL is not understood."""


@lru_cache(maxsize=8)
def create_engine(url: str) -> Engine:
    """The engine of an address such as tantivy:///var/index. Raises UnknownEngineError for any other."""
    parts = urlsplit(url)
    if parts.scheme == "tantivy":
        directory = f"{parts.netloc}{parts.path}"
        if not directory.strip("/"):
            raise UnknownEngineError(f"{url!r} names no directory; write tantivy:///path/of/the/index.")
        return TantivyEngine(directory)
    raise UnknownEngineError(f"{url!r} is not understood; this version knows tantivy:///path/of/the/index.")


def get_engine() -> Engine:
    """The engine in use. Raises UnknownEngineError if SEARCH_URL is wrong; opening it happens with the first call."""
    return create_engine(settings.SEARCH_URL)
