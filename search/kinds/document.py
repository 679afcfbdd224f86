"""What an index is given: one thing that can be found, as plain text and identifiers."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from pages.access import Audience
from search.text.analysis import SEPARATOR, surfaces, words

# A match in the title counts this often; measured against field boosts, see docs/decisions.
TITLE_REPEATS = 3

Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Document:
    """One thing that can be found, as plain text and identifiers; names and addresses are read from the database."""

    key: str  # "projekt-12", "artefakt-<uuid>": unique in the index
    page_id: int  # the page that brings it in; all documents of a page are replaced together
    title: str
    content: str  # all other text, without markup
    audience: Audience
    newest: int  # milliseconds since 1970 of the first publication, for sorting
    extra: str = ""  # words that lead to the document without being its text, such as the name of its Kreis
    facets: Values = field(default_factory=dict)  # values of any keyword field of the registry

    @cached_property
    def digest(self) -> str:
        """Changes whenever anything about the document changes; tells whether an index is up to date."""
        state = [
            self.title,
            self.content,
            self.extra,
            self.audience,
            self.newest,
            sorted(self.facets.items()),
        ]
        return hashlib.sha256(json.dumps(state).encode()).hexdigest()[:32]

    @cached_property
    def tokens(self) -> "Tokens":
        """What engines look for in it, from one pass over its texts; most of the work of indexing."""
        title, rest = list(words(self.title)), list(words(f"{self.content}\n{self.extra}"))
        return Tokens(
            text=_weighted([word.tokens for word in title], [word.tokens for word in rest]),
            parts=_weighted([word.parts for word in title], [word.parts for word in rest]),
            vocabulary=tuple(surfaces([*title, *rest])),
        )


class Tokens(NamedTuple):
    """The analysed texts of a document; tokens contain no space."""

    text: str  # main tokens with a space between: the title's repeated, then those of the rest
    parts: str  # the same with the parts of compounds
    vocabulary: tuple[str, ...]  # its words as people write them, for type-ahead and corrections


def _weighted(title: Iterable[Iterable[str]], rest: Iterable[Iterable[str]]) -> str:
    repeated = [*chain.from_iterable(title), SEPARATOR] * TITLE_REPEATS
    return " ".join([*repeated, *chain.from_iterable(rest)])


def kind_of(key: str) -> str:
    """The key of the kind that a document's key names."""
    return key.partition("-")[0]


def id_of(key: str) -> str:
    """What a document's key names within its kind: the id of a page, the UUID of an artefact."""
    return key.partition("-")[2]


def published(first_published_at: datetime.datetime | None) -> int:
    """When visitors could first read the page, in milliseconds since 1970; 0 if it never was."""
    return int(first_published_at.timestamp() * 1000) if first_published_at else 0
