"""The analyser: German text becomes tokens, once and in Python, so that every engine ranks alike.

Must not know documents, queries or engines. A change here changes the index: `ANALYSIS_VERSION` is part of the
schema hash of every index and has to be counted up.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from search.text.compounds import split_compound
from search.text.spelling import fold, stem
from search.text.word_lists import PROTECTED, STOP_WORDS

ANALYSIS_VERSION = 2

# Longer runs of letters are no words (keys, pasted data) and would only fill the index.
TOKEN_MAX_LENGTH = 60
# Stands between repeated titles, so that the end of one and the start of the next form no phrase.
SEPARATOR = "\u2016"
# Words of one installation's texts fit; each entry is a few hundred bytes.
WORD_CACHE_SIZE = 50_000

# "Bürger*innen", "Bürger:innen", "Bürger/-innen": the word before the mark says what is meant.
GENDER_ENDING = re.compile(r"[*:_/]-?in(?:nen)?\Z")
# In this order: a section (§ 5, Paragraf 5a), an official key with spaces (05 3 15 000, 99 107 023 017 000), an
# abbreviation with dots (u. a., z.B., e. V.), any other word. The first line only says where one can begin, and takes
# at once what is none of the first three: most words, and a third less time.
WORD = re.compile(
    r"""
    (?=[§\w]) (?:
      [^\W\d_](?![.])(?<![Pp](?=aragra))[^\W_]*(?:[-\u2010\u2011'\u2019&.][^\W_]+)*(?:[*:_/]-?in(?:nen)?(?![^\W_]))?
    | (?P<section>(?:§{1,2}|\b[Pp]aragra(?:f|ph))[ \u00a0]?(?P<number>\d+[a-z]?)\b)
    | (?P<key>(?<!\d)\d{2}[ \u00a0](?:\d[ \u00a0]\d{2}|\d{3})(?:[ \u00a0]\d{3,4}){1,3}(?!\d))
    | (?P<short>(?<![^\W_])[^\W\d_]\.(?:[ \u00a0]?[^\W\d_]\.){1,3})
    | [^\W_]+(?:[-\u2010\u2011'\u2019&.][^\W_]+)*(?:[*:_/]-?in(?:nen)?(?![^\W_]))?
    )
    """,
    re.VERBOSE,
)
INNER_MARK = re.compile(r"[-\u2010\u2011'\u2019&.]")
# "OpenData", "eAkte": two words run together, told by the capital.
CAPITAL_INSIDE = re.compile(r"([^\W\d_]*[a-zäöüß])([A-ZÄÖÜ][a-zäöüß]{2,})")
NO_HALVES = STOP_WORDS | {"innen"}  # BürgerInnen
NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


class Word(NamedTuple):
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
    written = INNER_MARK.split(GENDER_ENDING.sub("", surface))
    components = [fold(piece) for piece in written]
    joined = "".join(components)
    kept = [piece[:TOKEN_MAX_LENGTH] for piece in components if piece and piece not in STOP_WORDS]
    if not kept or joined in STOP_WORDS:
        return (), ()
    tokens = tuple(stem(piece) for piece in kept)
    parts = list(tokens)
    if len(components) > 1:
        parts.append(stem(joined[:TOKEN_MAX_LENGTH]))
    for piece in kept:
        if piece not in PROTECTED:
            parts.extend(stem(part) for part in split_compound(piece))
    for piece in written:
        if glued := CAPITAL_INSIDE.fullmatch(piece):
            parts.extend(stem(half) for half in map(fold, glued.groups()) if half not in NO_HALVES)
    return tokens, tuple(dict.fromkeys(parts))


def _analyse_match(match: re.Match[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tokens and parts of whatever WORD found."""
    kind = match.lastgroup
    if kind is None:
        return analyse_word(match.group())
    if kind == "key":
        token = NOT_ALPHANUMERIC.sub("", match.group())
        return (token,), (token,)
    if kind == "short":
        return analyse_word(NOT_ALPHANUMERIC.sub("", match.group()))
    # A section is told from other figures: "§ 5" is not "5 Tage".
    return (f"§{match['number']}",), (f"§{match['number']}", match["number"])


def words(text: str) -> Iterator[Word]:
    """The words of a text that are searched for, in order, with their offsets; stop words are left out."""
    for match in WORD.finditer(unicodedata.normalize("NFC", text)):
        tokens, parts = _analyse_match(match)
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
    return surfaces(words(text))


def surfaces(found: Iterable[Word]) -> list[str]:
    """Like `surface_words`, for words that were already found in a text."""
    distinct = dict.fromkeys(word.surface for word in found)
    return list(dict.fromkeys(piece for surface in distinct for piece in _completions(surface)))


@lru_cache(maxsize=WORD_CACHE_SIZE)
def _completions(surface: str) -> tuple[str, ...]:
    return tuple(
        piece
        for piece in dict.fromkeys((surface, *INNER_MARK.split(surface)))
        if SURFACE_MIN_LENGTH <= len(piece) <= SURFACE_MAX_LENGTH
        and piece.isprintable()
        and piece[0].isalpha()
        and fold(piece) not in STOP_WORDS
    )
