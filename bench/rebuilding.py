"""Step of the bench: the whole index built anew: documents a second, and its size on disk where that is known."""

import resource
import time

from search.engines import get_engine
from search.engines.tantivy import TantivyEngine
from search.indexing.rebuild import rebuild


def main() -> dict[str, float]:
    engine = get_engine()
    began, began_processor = time.perf_counter(), processor_seconds()
    documents = rebuild(engine).documents
    seconds, used = time.perf_counter() - began, processor_seconds() - began_processor
    stored = 0
    if isinstance(engine, TantivyEngine):
        stored = sum(path.stat().st_size for path in engine.generations.current().iterdir())
    return {
        "documents": documents,
        "per_second": documents / seconds,
        "per_processor_second": documents / used,
        "bytes": stored,
    }


def processor_seconds() -> float:
    """Of this process and of those it started that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
