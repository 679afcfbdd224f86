"""Step 5 of the flow, continued: what a visitor typed becomes groups of a query, with synonyms and corrections.

Asks the engine only which words exist. Must not know the database, facets or a request.
"""

import re
from dataclasses import dataclass, replace

from search.analysis import Word, words
from search.engines.contract import Audience, Engine
from search.queries import (
    CORRECTION_WEIGHT,
    Clause,
    Group,
    Query,
    group_of,
    phrase_of,
    synonym_clause,
    usual_minimum,
)
from search.spelling import fold
from search.synonyms import SynonymTable

QUOTED = re.compile(r'["„“”»«]([^"„“”»«]+)["“”«»]')
# More words than this is a pasted paragraph: the first ones say what it is about, the rest costs time.
MAX_WORDS = 60
# Shorter words are so close to one another that any of them could be meant.
GUESSED_FROM = 4
TWO_ERRORS_FROM = 7
CORRECTIONS_TRIED = 1
# A word nobody wrote may be the beginning of words somebody did ("Bürgerbeteil").
COMPLETIONS_TRIED = 5


@dataclass(frozen=True)
class Correction:
    typed: str
    meant: str


@dataclass(frozen=True)
class Interpretation:
    """The words of a query, ready for an engine."""

    groups: tuple[Group, ...]
    minimum: int
    required: tuple[Clause, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.groups

    @property
    def tokens(self) -> frozenset[str]:
        """Every token looked for, for marking them in the excerpts."""
        return frozenset(token for group in self.groups for token in group.tokens)

    def applied_to(self, query: Query) -> Query:
        return replace(query, groups=self.groups, minimum=self.minimum, required=self.required)

    def relaxed(self) -> "Interpretation":
        """The same, but any of the words suffices."""
        return replace(self, minimum=1)


def interpret(text: str, *, engine: Engine, synonyms: SynonymTable, audience: Audience) -> Interpretation:
    """Read a query. Raises EngineError if the engine cannot say which words exist.

    Quoted words have to stand side by side. A word that no document contains is completed to words that some do, or
    corrected to the nearest one.
    """
    typed = list(words(text))[:MAX_WORDS]
    required = tuple(filter(None, (phrase_of(words(quoted)) for quoted in QUOTED.findall(text))))
    groups = [
        group_of(word).with_clauses(synonym_clause(expression) for expression in expressions)
        for word, expressions in zip(typed, synonyms.readings(typed), strict=True)
    ]
    tokens = {token for group in groups for token in group.tokens}
    known = engine.known(tokens, audience=audience) if tokens else frozenset()
    corrections = []
    for position, (word, group) in enumerate(zip(typed, groups, strict=True)):
        if group.tokens & known:
            continue
        completed = _completions(word, engine, audience)
        corrected = [] if completed else _corrections(word, engine, audience)
        corrections += [Correction(word.surface, other) for other in corrected]
        meant = [found for other in (*completed, *corrected) for found in words(other)]
        groups[position] = group.with_clauses(
            clause for found in meant for clause in group_of(found, CORRECTION_WEIGHT).clauses
        )
    return Interpretation(tuple(groups), usual_minimum(len(groups)), required, tuple(corrections))


def _completions(word: Word, engine: Engine, audience: Audience) -> list[str]:
    """Existing words that an unknown word is the beginning of, most frequent first."""
    folded = fold(word.surface)
    if len(folded) < GUESSED_FROM:
        return []
    return engine.words(folded, audience=audience, limit=COMPLETIONS_TRIED)


def _corrections(word: Word, engine: Engine, audience: Audience) -> list[str]:
    """Existing words an unknown word is a typing error of, nearest first."""
    folded = fold(word.surface)
    if len(folded) < GUESSED_FROM:
        return []
    distance = 2 if len(folded) >= TWO_ERRORS_FROM else 1
    return engine.nearest_words(folded, audience=audience, distance=distance, limit=CORRECTIONS_TRIED)
