"""Spellings of compounds: Smart-City, smart city and smartcity are asked for alike.

A hyphenated word becomes its components, two words that somebody wrote as one are looked for as one as well, and one
word that documents write as two becomes two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.engines.contract import Audience, Engine
from search.engines.queries import Clause, Query
from search.text.analysis import Word, words
from search.text.compounds import lexicon, split_compound
from search.text.spelling import fold, stem
from search.text.word_lists import OTHER_PARTS

HYPHENS = str.maketrans("-\u2010\u2011", "   ")
# What some write as one word and others as two has about this length; longer words are German compounds.
TOGETHER_FROM = 5
TOGETHER_UP_TO = 24
HALF_FROM = 3
# The one short word that others are built with: eAkte, E-Mobilität.
SHORT_HALF = "e"


@dataclass(frozen=True)
class Piece:
    """A word to look for; `joined` are tokens of it spelled as one word with a neighbour."""

    word: Word
    joined: tuple[str, ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()  # the same spellings as tokens of several words


def pieces_of(typed: Sequence[Word]) -> list[Piece]:
    """The words typed, hyphenated ones in their components, each with its spellings as one word with a neighbour."""
    found: list[Piece] = []
    previous_end = -1
    for word in typed:
        components = [Piece(component) for component in _components(word)]
        is_adjacent = bool(found) and word.start == previous_end + 1
        found += components
        first = len(found) - len(components)
        for start in range(first - is_adjacent, len(found) - 1):
            found[start : start + 2] = _spelled_as_one(found[start : start + 2])
        if len(components) > 2:
            found[first:] = _spelled_as_one(found[first:])
        previous_end = word.end
    return found


def _spelled_as_one(pieces: Sequence[Piece]) -> list[Piece]:
    token = stem("".join(fold(piece.word.surface) for piece in pieces))
    apart = tuple(token for piece in pieces for token in piece.word.tokens)
    return [replace(piece, joined=(*piece.joined, token), apart=(*piece.apart, apart)) for piece in pieces]


def _components(word: Word) -> list[Word]:
    """The components of a hyphenated word; the word itself if it is none, or only one component counts."""
    apart = word.surface.translate(HYPHENS)
    found = list(words(apart)) if apart != word.surface else []
    return found if len(found) > 1 else [word]


def is_odd(folded: str) -> bool:
    """Whether a word is neither a German noun nor made of German nouns, so that it may be two words run together."""
    if not TOGETHER_FROM <= len(folded) <= TOGETHER_UP_TO or not folded.isalpha() or folded in lexicon():
        return False
    parts = split_compound(folded)
    return not parts or not OTHER_PARTS.isdisjoint(parts)


def halves(word: Word) -> Iterator[tuple[str, str]]:
    """The ways to read an odd word as two."""
    folded = fold(word.surface)
    if is_odd(folded):
        for end in range(1, len(folded) - HALF_FROM + 1):
            first, second = folded[:end], folded[end:]
            if end >= HALF_FROM or first == SHORT_HALF:
                yield first, second


def written_apart(pieces: Sequence[Piece], known: frozenset[str], engine: Engine, audience: Audience) -> list[Piece]:
    """The pieces, with a word that documents write as two words replaced by those two. Raises EngineError.

    `known` tells which tokens exist, those of the halves among them.
    """
    found: list[Piece] = []
    for piece in pieces:
        readings = [pair for pair in halves(piece.word) if {stem(pair[0]), stem(pair[1])} <= known]
        apart = next((pair for pair in readings if _stand_together(pair, engine, audience)), None)
        if apart is None:
            found.append(piece)
            continue
        token = stem(fold(piece.word.surface))
        tokens = (stem(apart[0]), stem(apart[1]))
        for (half,) in map(list, map(words, apart)):
            found.append(Piece(half, (token, *piece.joined), (tokens, *piece.apart)))
    return found


def _stand_together(pair: tuple[str, str], engine: Engine, audience: Audience) -> bool:
    phrase = Clause("text", (stem(pair[0]), stem(pair[1])), is_phrase=True)
    return engine.search(Query(required=(phrase,), limit=0), audience=audience).total > 0
