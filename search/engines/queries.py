"""A query: what is looked for, as plain data that any engine can translate.

Must not know an engine, the database or a request. Weights were measured with `manage.py evaluate_search`.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from search.text.analysis import SEPARATOR, Word

# "vocabulary" holds words as written in their folded spelling; only beginnings of words are looked for in it.
TextField = Literal["text", "parts", "vocabulary"]

WORD_WEIGHT = 1.0
# A document about the part of a compound is good, one about the compound itself is better.
PART_WEIGHT = 0.8
# What staff declared to mean the same is nearly as good as the word itself.
SYNONYM_WEIGHT = 0.8
# A corrected word is a guess.
CORRECTION_WEIGHT = 0.7
# A title that is the query is what was looked for.
TITLE_WEIGHT = 1.0
TITLE_BEGINNING_WEIGHT = 0.8
TITLE_BEGINNING_MOST = 2
# Counts on top of the words themselves. In longer queries hardly any document has all of them.
ALL_WORDS_WEIGHT = 0.4
ALL_WORDS_MOST = 4
# Up to two words all have to match, of longer queries half; a query that finds too little is relaxed to any word.
ALL_WORDS_UP_TO = 2


class Role(StrEnum):
    """What a clause stands for, as the explanation of a ranking says it."""

    WORD = "word"
    PART = "part"
    JOINED = "joined"
    SYNONYM = "synonym"
    GUESS = "guess"
    BEGINNING = "beginning"
    PHRASE = "phrase"
    ALL_WORDS = "all_words"
    TITLE = "title"
    TITLE_BEGINNING = "title_beginning"


class Sort(StrEnum):
    RELEVANCE = "relevanz"
    NEWEST = "neueste"
    TITLE = "titel"


# Ends what is to be marked as the beginning of any word; no token contains it.
ANY_ENDING = "*"


@dataclass(frozen=True)
class Clause:
    """Tokens that a document contains all of in one field; with `is_phrase` side by side.

    With `is_prefix` the only token is the beginning of a word; every document with such a word scores the weight.
    """

    field: TextField
    tokens: tuple[str, ...]
    weight: float = 1.0
    is_phrase: bool = False
    is_prefix: bool = False
    role: Role = dataclasses.field(default=Role.WORD, compare=False)


@dataclass(frozen=True)
class Group:
    """One word of the query in all its readings: a document matches through any, the scores add up."""

    clauses: tuple[Clause, ...]

    def with_clauses(self, clauses: Iterable[Clause]) -> "Group":
        return Group(tuple(dict.fromkeys((*self.clauses, *clauses))))

    @property
    def tokens(self) -> frozenset[str]:
        return frozenset(token for clause in self.clauses for token in clause.tokens)


@dataclass(frozen=True)
class Boost:
    """Adds its weight to the score of documents with any of the values in a keyword field, or newer than `since`.

    It never makes a document match; `name` says in an explanation what it is for.
    """

    name: str
    weight: float
    field: str = ""
    values: tuple[str, ...] = ()
    since: int | None = None  # milliseconds since 1970


@dataclass(frozen=True)
class Query:
    """A search: without groups every document matches. Values of one filter are alternatives, filters add up.

    The counts of each facet ignore the filter of the same name (drill sideways).
    """

    groups: tuple[Group, ...] = ()
    minimum: int = 1  # so many groups have to match
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    boosts: tuple[Boost, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without_page: int | None = None
    only_pages: tuple[int, ...] | None = None
    only_keys: tuple[str, ...] | None = None
    facets: Mapping[str, int] = field(default_factory=dict)  # facet → how many values at most
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    with_content: bool = True  # False: hits carry no text, which is much cheaper for hundreds of them
    with_unfiltered: bool = True  # False: nobody asks how many there would be without the filters


def group_of(word: Word, weight: float = WORD_WEIGHT, role: Role = Role.WORD) -> Group:
    """A word as typed: its main tokens in `text`, everything it contains in `parts`."""
    main = [Clause("text", (token,), weight, role=role) for token in word.tokens]
    inner = Role.PART if role is Role.WORD else role
    parts = [
        Clause("parts", (token,), round(weight * PART_WEIGHT, 4), role=role if token in word.tokens else inner)
        for token in word.parts
    ]
    return Group((*main, *parts))


def phrase_of(words: Iterable[Word]) -> Clause | None:
    """Words that have to stand side by side; None if only stop words were quoted."""
    tokens = tuple(token for word in words for token in word.tokens)
    return Clause("text", tokens, WORD_WEIGHT, is_phrase=len(tokens) > 1, role=Role.PHRASE) if tokens else None


def title_clauses(tokens: tuple[str, ...]) -> tuple[Clause, ...]:
    """Documents whose title is, or begins with, these main tokens: the repeats of a title stand between separators."""
    whole, beginning = (SEPARATOR, *tokens, SEPARATOR), (SEPARATOR, *tokens)
    is_title = Clause("text", whole, TITLE_WEIGHT, is_phrase=True, role=Role.TITLE)
    if len(tokens) > TITLE_BEGINNING_MOST:
        return (is_title,)
    begins_it = Clause("text", beginning, TITLE_BEGINNING_WEIGHT, is_phrase=True, role=Role.TITLE_BEGINNING)
    return is_title, begins_it


def joined_clauses(token: str) -> tuple[Clause, ...]:
    """Two words spelled as one; each of the two groups has them, so they count half."""
    return (
        Clause("text", (token,), WORD_WEIGHT / 2, role=Role.JOINED),
        Clause("parts", (token,), PART_WEIGHT / 2, role=Role.JOINED),
    )


def all_words_clause(tokens: tuple[str, ...]) -> Clause:
    """Documents with every word typed, so that one with a single word in its title does not come before them."""
    return Clause("parts", tokens, ALL_WORDS_WEIGHT, role=Role.ALL_WORDS)


def beginning_clause(folded: str) -> Clause:
    """Words that begin so; figures stand in no vocabulary and are looked for among the tokens."""
    field_name: TextField = "parts" if folded[0].isdigit() else "vocabulary"
    return Clause(field_name, (folded,), WORD_WEIGHT, is_prefix=True, role=Role.BEGINNING)


def synonym_clause(tokens: tuple[str, ...]) -> Clause:
    """All words of an expression that means the same."""
    return Clause("parts", tokens, SYNONYM_WEIGHT, role=Role.SYNONYM)


def usual_minimum(groups: int) -> int:
    """How many of so many words a document has to contain."""
    if groups <= ALL_WORDS_UP_TO:
        return groups
    return max(ALL_WORDS_UP_TO, (groups + 1) // 2)
