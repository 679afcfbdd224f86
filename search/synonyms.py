"""Expressions that mean the same, expanded at query time so that staff see the effect at once.

Pure data; the table itself is `search.models.Synonym`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search.analysis import Word, text_tokens

# "Internet der Dinge" has two words that count, "Einheitlicher Ansprechpartner Unternehmen" three.
EXPRESSION_MAX_WORDS = 4

Expression = tuple[str, ...]


@dataclass(frozen=True)
class SynonymTable:
    """For each expression (as main tokens) the other expressions of its row."""

    others: dict[Expression, tuple[Expression, ...]] = field(default_factory=dict)

    @classmethod
    def from_rows(cls, rows: Iterable[Sequence[str]]) -> "SynonymTable":
        """One row is a list of expressions that all mean the same, such as ["Kita", "Kindertagesstätte"]."""
        others: dict[Expression, tuple[Expression, ...]] = {}
        for row in rows:
            expressions = list(dict.fromkeys(filter(None, (expression_of(text) for text in row))))
            for expression in expressions:
                rest = [other for other in expressions if other != expression]
                others[expression] = tuple(dict.fromkeys((*others.get(expression, ()), *rest)))
        return cls(others)

    def readings(self, words: Sequence[Word]) -> list[tuple[Expression, ...]]:
        """For each word the expressions that mean the same as an expression it is the first word of."""
        found: list[tuple[Expression, ...]] = []
        for start in range(len(words)):
            tokens: tuple[str, ...] = ()
            meant: list[Expression] = []
            for word in words[start : start + EXPRESSION_MAX_WORDS]:
                tokens += word.tokens
                meant.extend(self.others.get(tokens, ()))
            if len(words[start].parts) > 1:
                for part in words[start].parts:
                    meant.extend(self.others.get((part,), ()))
            found.append(tuple(dict.fromkeys(meant)))
        return found


def expression_of(text: str) -> Expression:
    """The main tokens an expression is recognised by."""
    return tuple(text_tokens(text))
