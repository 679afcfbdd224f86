"""How near a text is to each line of a vocabulary, by meaning and by words, and so to each of its terms.

In the memory of this process: 3.6 kB a line, about 20 MB for the catalogue of the OZG. Must not know what a term is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from search.semantic.encoder import DIMENSIONS, Vector
from search.semantic.lines import Line, digest_of_line
from search.text.analysis import Word, words
from search.text.synonyms import SynonymTable

# A term is as near as so many of its nearest lines on average: one alone may be near by accident.
NEAREST_LINES = 3
# Part of a compound, or another word for what was written: less sure than the word itself.
PART_WEIGHT, SYNONYM_WEIGHT = 0.6, 0.8
# What a line shares with the text has to be so much of both to be said as a reason.
SAID_FROM = 0.2
SAID_WORDS = 2

Bag = dict[str, float]


@dataclass(frozen=True)
class Scored:
    """A term with its score and why: words of the text that its nearest lines have as well, or its nearest line."""

    term: int
    score: float
    shared: tuple[str, ...]
    nearest: str


class LineTable:
    """All lines of one vocabulary; the vectors of some may be missing."""

    def __init__(self, lines: Sequence[Line], vectors: Mapping[str, bytes]) -> None:
        self.lines = tuple(lines)
        self.terms = tuple(dict.fromkeys(line.term for line in lines))
        row_of = {term: row for row, term in enumerate(self.terms)}
        self._owners = np.array([row_of[line.term] for line in lines], dtype=np.int64)
        found = [vectors.get(digest_of_line(line.text), b"") for line in lines]
        self._has_vector = np.array([bool(vector) for vector in found], dtype=bool)
        joined = np.frombuffer(b"".join(found), dtype="<f2").reshape(-1, DIMENSIONS)
        self._matrix: Vector = np.zeros((len(lines), DIMENSIONS), dtype=np.float32)
        self._matrix[self._has_vector] = joined
        self._read_words()

    @property
    def has_meaning(self) -> bool:
        """True if a text can be compared by meaning as well."""
        return bool(self._has_vector.any())

    def nearest(self, text: "ReadText", vector: Vector | None, word_weight: float, limit: int) -> list[Scored]:
        """The nearest terms, best first, at most so many. The score is the likeness of the meanings, and that of the
        words times their weight; without a vector the words alone count, and terms that share none are left out."""
        if not self.lines:
            return []
        shares = self._shares(text)
        scores = word_weight * shares
        if vector is not None and self.has_meaning:
            scores += np.where(self._has_vector, self._matrix @ vector, -1.0).astype(np.float32)
        by_term, rows = self._of_terms(scores)
        order = np.argsort(-by_term, kind="stable")[:limit].tolist()
        return [self._scored(row, rows[row], by_term, shares, text) for row in order if by_term[row] > 0]

    # --- words --------------------------------------------------------------------------------------------------------

    def _read_words(self) -> None:
        """Which lines have which token, weighed so that the weights of a line have length 1."""
        read = [list(words(line.text)) for line in self.lines]
        tokens_of: dict[int, set[str]] = defaultdict(set)
        for line, found in zip(self.lines, read, strict=True):
            tokens_of[line.term].update(part for word in found for part in word.parts)
        self._terms_with = Counter(token for tokens in tokens_of.values() for token in tokens)
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, found in enumerate(read):
            for token, weight in of_length_1(self._bag((word, ()) for word in found)).items():
                postings[token].append((row, weight))
        self._postings = {
            token: (
                np.array([row for row, _weight in entries], dtype=np.int64),
                np.array([weight for _row, weight in entries], dtype=np.float32),
            )
            for token, entries in postings.items()
        }

    def _rarity(self, token: str) -> float:
        return log((len(self.terms) + 1) / (self._terms_with.get(token, 0) + 0.5))

    def _bag(self, read: Iterable[tuple[Word, Iterable[tuple[str, ...]]]]) -> Bag:
        """The tokens of words with their weights; each word with the expressions that mean the same."""
        bag: Bag = {}
        for word, expressions in read:
            for token in word.parts:
                weight = 1.0 if token in word.tokens else PART_WEIGHT
                bag[token] = max(bag.get(token, 0.0), weight * self._rarity(token))
            for expression in expressions:
                for token in expression:
                    weight = SYNONYM_WEIGHT / len(expression)
                    bag[token] = max(bag.get(token, 0.0), weight * self._rarity(token))
        return bag

    def _weights(self, text: "ReadText") -> Bag:
        return of_length_1(self._bag(text.read))

    def _shares(self, text: "ReadText") -> NDArray[np.float32]:
        """The cosine of the words of the text and those of each line, from 0 to 1."""
        shares = np.zeros(len(self.lines), dtype=np.float32)
        for token, weight in self._weights(text).items():
            if token in self._postings:
                rows, weights = self._postings[token]
                shares[rows] += weight * weights
        return shares

    # --- terms --------------------------------------------------------------------------------------------------------

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """Where the lines of each term begin; they stand together."""
        return np.searchsorted(self._owners, np.arange(len(self.terms)))

    def _of_terms(self, scores: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The score of each term, and its nearest lines, best first; the last is repeated where there are fewer."""
        order = np.lexsort((-scores, self._owners))
        last = np.append(self._starts[1:], len(scores)) - 1
        counts = np.minimum(last - self._starts + 1, NEAREST_LINES)
        places = np.minimum(self._starts[:, None] + np.arange(NEAREST_LINES), (self._starts + counts - 1)[:, None])
        rows = order[places]
        counted = np.arange(NEAREST_LINES) < counts[:, None]
        means: NDArray[np.float32] = (scores[rows] * counted).sum(axis=1) / counts
        return means, rows

    def _scored(
        self,
        row: int,
        nearest: NDArray[np.int64],
        by_term: NDArray[np.float32],
        shares: NDArray[np.float32],
        text: "ReadText",
    ) -> Scored:
        shared = self._shared(text, nearest) if shares[nearest].max() >= SAID_FROM else ()
        return Scored(self.terms[row], float(by_term[row]), shared, self.lines[int(nearest[0])].text)

    def _shared(self, text: "ReadText", rows: NDArray[np.int64]) -> tuple[str, ...]:
        """The words of the text, as written, that these lines have as well, most telling first."""
        told: list[tuple[float, Word]] = []
        for word, expressions in text.read:
            value = 0.0
            for token, weight in self._bag([(word, expressions)]).items():
                if token in self._postings:
                    held, weights = self._postings[token]
                    value = max(value, weight * float(weights[np.isin(held, rows)].sum()))
            if value > 0:
                told.append((value, word))
        said: list[Word] = []
        for _value, word in sorted(told, key=lambda pair: -pair[0]):
            # “Online-Wohngeld” has said “Wohngeld” already.
            if not any(set(word.tokens) & set(other.parts) for other in said):
                said.append(word)
        return tuple(word.surface for word in said[:SAID_WORDS])


class ReadText:
    """A text as it is compared: its words, each with the expressions that mean the same."""

    def __init__(self, text: str, synonyms: SynonymTable) -> None:
        found = list(words(text))
        readings = zip(found, synonyms.readings(found), strict=True)
        self.read = list({word.tokens: (word, expressions) for word, expressions in readings}.values())


def of_length_1(bag: Bag) -> Bag:
    length = sqrt(sum(weight * weight for weight in bag.values())) or 1.0
    return {token: weight / length for token, weight in bag.items()}
