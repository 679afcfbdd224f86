"""Expressions that mean the same, expanded at query time so that staff see the effect at once.

Pure data; the table itself is `search.models.Synonym`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search.text.analysis import Word, text_tokens

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
        """For each word the expressions that mean the same as an expression it belongs to.

        Every word of an expression has them: whoever asks for "künstliche Intelligenz" finds both words in "KI".
        """
        found: list[dict[Expression, None]] = [{} for _word in words]
        for start, first in enumerate(words):
            tokens: tuple[str, ...] = ()
            for end, word in enumerate(words[start : start + EXPRESSION_MAX_WORDS], start + 1):
                tokens += word.tokens
                for expression in self.others.get(tokens, ()):
                    for meant in found[start:end]:
                        meant.setdefault(expression)
            if len(first.parts) > 1:
                for part in first.parts:
                    found[start].update(dict.fromkeys(self.others.get((part,), ())))
        return [tuple(meant) for meant in found]


def expression_of(text: str) -> Expression:
    """The main tokens an expression is recognised by."""
    return tuple(text_tokens(text))
