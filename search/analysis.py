"""Step 2 of the flow: German text becomes tokens, once and in Python, so that every engine ranks alike.

Must not know documents, queries or engines. A change here changes the index: `ANALYSIS_VERSION` is part of the
schema hash of every index and has to be counted up.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from search.compounds import split_compound
from search.spelling import fold, stem
from search.words import STOP_WORDS

ANALYSIS_VERSION = 1

# Longer runs of letters are no words (keys, pasted data) and would only fill the index.
TOKEN_MAX_LENGTH = 60
# Stands between repeated titles, so that the end of one and the start of the next form no phrase.
SEPARATOR = "\u2016"
# Words of one installation's texts fit; each entry is a few hundred bytes.
WORD_CACHE_SIZE = 50_000

WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011'\u2019&.][^\W_]+)*")
INNER_MARK = re.compile(r"[-\u2010\u2011'\u2019&.]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: where it stands, its main tokens, and the tokens of its parts (main tokens included)."""

    surface: str
    start: int
    end: int
    tokens: tuple[str, ...]
    parts: tuple[str, ...]


@lru_cache(maxsize=WORD_CACHE_SIZE)
def analyse_word(surface: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(main tokens, part tokens) of one word as written; both empty for a stop word.

    A hyphenated word has a main token for each of its components; its joined form is one of the parts, so that
    "E-Akte" and "eAkte" meet.
    """
    components = [fold(piece) for piece in INNER_MARK.split(surface)]
    kept = [piece[:TOKEN_MAX_LENGTH] for piece in components if piece and piece not in STOP_WORDS]
    if not kept:
        return (), ()
    tokens = tuple(stem(piece) for piece in kept)
    parts = list(tokens)
    if len(components) > 1:
        parts.append(stem("".join(components)[:TOKEN_MAX_LENGTH]))
    for piece in kept:
        parts.extend(stem(part) for part in split_compound(piece))
    return tokens, tuple(dict.fromkeys(parts))


def words(text: str) -> Iterator[Word]:
    """The words of a text that are searched for, in order, with their offsets; stop words are left out."""
    for match in WORD.finditer(unicodedata.normalize("NFC", text)):
        tokens, parts = analyse_word(match.group())
        if tokens:
            yield Word(match.group(), match.start(), match.end(), tokens, parts)


def text_tokens(text: str) -> list[str]:
    """Main tokens of a text."""
    return [token for word in words(text) for token in word.tokens]


def part_tokens(text: str) -> list[str]:
    """Main tokens and compound parts of a text."""
    return [token for word in words(text) for token in word.parts]


# Shorter words need no completion, longer runs are keys and addresses.
SURFACE_MIN_LENGTH = 4
SURFACE_MAX_LENGTH = 40


def surface_words(text: str) -> list[str]:
    """Distinct words of a text as written, without stop words and figures, for completion and correction.

    Hyphenated words are also taken apart: whoever mistypes "Hochwasser" may mean "Hochwasser-Frühwarnsystem".
    """
    found: dict[str, None] = {}
    for word in words(text):
        for surface in (word.surface, *INNER_MARK.split(word.surface)):
            if SURFACE_MIN_LENGTH <= len(surface) <= SURFACE_MAX_LENGTH and surface.isprintable():
                found.setdefault(surface)
    return [surface for surface in found if not surface[0].isdigit() and fold(surface) not in STOP_WORDS]
