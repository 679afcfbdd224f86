"""Step of the bench: the whole index built anew: documents a second, and its size on disk."""

import time

from search.engines import get_engine
from search.engines.tantivy import TantivyEngine
from search.whole import rebuild


def main() -> dict[str, float]:
    engine = get_engine()
    if not isinstance(engine, TantivyEngine):
        raise TypeError("The size on disk is known of the embedded engine only.")
    began, began_processor = time.perf_counter(), time.process_time()
    documents = rebuild(engine)
    seconds, processor_seconds = time.perf_counter() - began, time.process_time() - began_processor
    stored = sum(path.stat().st_size for path in engine.generations.current().iterdir())
    return {
        "documents": documents,
        "per_second": documents / seconds,
        "per_processor_second": documents / processor_seconds,
        "bytes": stored,
    }
