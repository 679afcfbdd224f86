"""Primary keys as requests name them: in one spelling, so that a check and Django mean the same row.

Django also reads spaces around a number, underscores within, and the figures of other scripts; a check that reads less
than that lets through what it should have refused. Must not know who asks.
"""

from collections.abc import Iterable

from django.http import Http404

# What fits into a bigint; Python refuses to read thousands of digits.
MOST_DIGITS = 18


def key_in(text: str) -> int | None:
    """The primary key that stands there, or None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def is_key(number: int) -> bool:
    """Whether a row may have it: beyond that databases raise an error, each its own."""
    return 0 <= number < 10**MOST_DIGITS


def keys_in(texts: Iterable[str]) -> set[int]:
    """All of them. Raises Http404 if one is no key: there is no such row."""
    keys = [key_in(text) for text in texts]
    if None in keys:
        raise Http404
    return {key for key in keys if key is not None}
