"""What every search engine does for the platform, and what it is given; nothing here knows a particular engine.

An engine receives finished tokens and a finished query, so two engines with the same documents give the same hits.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from pages.access import Audience
from search.engines.queries import Query
from search.kinds.document import Document

# Who may find a document of which audience: members find everything.
VISIBLE_TO: Mapping[Audience, tuple[Audience, ...]] = {
    "public": ("public",),
    "members": ("public", "members"),
}


class EngineError(Exception):
    """The search cannot answer or cannot be written to now; the message is for operators."""


class IndexMissingError(EngineError):
    """There is no index, or it was made by an analysis or schema of another version: it has to be rebuilt."""


class EngineUnavailableError(EngineError):
    """The engine does not answer, is overloaded or takes no writes now; no document is to blame."""


class TimeSpentError(EngineError):
    """The questions of one page took all its time, though each was answered: no reason to give the engine up."""


class UnknownEngineError(EngineError):
    """SEARCH_URL is not understood, or cannot be followed on this machine."""


class RebuildRunningError(EngineError):
    """Another process is building the index anew; the second waits for it or gives up."""


class RejectedError(EngineError):
    """The engine wrote everything but the documents of these pages, which it will not take as they are."""

    def __init__(self, pages: Mapping[int, str]) -> None:
        super().__init__(f"{len(pages)} pages were refused: {next(iter(pages.values()), '')}")
        self.pages = pages  # page id → reason, for operators


@dataclass(frozen=True)
class PageDocuments:
    """Everything the index shall hold of one page from now on; no documents means none.

    A server cannot lock out a write that is late. So each carries the version of the page, of which an older one never
    replaces a newer, and the keys of all documents the page ever sent, whose removal is then versioned as well.
    """

    page_id: int
    documents: tuple[Document, ...] = ()
    version: int = 0  # grows with every change of the page
    former: tuple[str, ...] = ()  # keys of documents that may be in the index; those no longer in `documents` go


@dataclass(frozen=True)
class EngineHit:
    """A document found; `title` and `content` are what was indexed, for the excerpt and for tests."""

    key: str
    page_id: int
    score: float
    title: str
    content: str


@dataclass(frozen=True)
class EngineResult:
    total: int
    hits: tuple[EngineHit, ...]
    facets: Mapping[str, Mapping[str, int]]  # facet → value → number of documents
    before_filters: int  # how many there would be without the filters


class Rebuild(Protocol):
    """An index being built beside the one in use: filled first, then compared and corrected."""

    def write(self, changes: Sequence[PageDocuments]) -> None:
        """Replace all documents of the pages; while filling, pages that are refused may be named later."""
        ...

    def finish_filling(self) -> None:
        """Return when all that was written is in; from now on at the latest, writes of others go into it as well.

        So a page that changed since it was read for filling has to be compared with the database after this. Raises
        RejectedError with pages not named before; once is enough, later calls do nothing.
        """
        ...

    def digests(self, *, audience: Audience) -> Iterator[tuple[str, int, str]]:
        """(key, page id, digest) of every document written so far, by whomever."""
        ...


class Engine(Protocol):
    """A search engine. Every call may raise EngineError; every reading call names its audience."""

    is_embedded: bool  # True: written by this process at once; False: a worker does it

    def ping(self) -> None:
        """Return if the engine can answer searches now."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold off other writers, so that what is read from the database now is still true when written."""
        ...

    def write(self, changes: Sequence[PageDocuments]) -> None:
        """Replace all documents of the pages named; visible to searches when the call returns."""
        ...

    def rebuild(self) -> AbstractContextManager[Rebuild]:
        """Build a new index beside the old one and swap them on leaving without an error.

        Writes of others go into the new one as well, with an embedded engine from when it is filled. The old one is
        kept for `rollback` until the next rebuild.
        """
        ...

    def rollback(self) -> None:
        """Go back to the index before the last rebuild; the two change places. It lacks what was written since."""
        ...

    def search(self, query: Query, *, audience: Audience) -> EngineResult: ...

    def count(self, *, audience: Audience) -> int: ...

    def known(self, tokens: Collection[str], *, audience: Audience) -> frozenset[str]:
        """Those of the tokens that occur in any document."""
        ...

    def words(self, prefix: str, *, audience: Audience, limit: int) -> list[str]:
        """Words as people write them whose folded spelling starts with the folded prefix, most frequent first."""
        ...

    def nearest_words(self, folded: str, *, audience: Audience, distance: int, limit: int) -> list[str]:
        """Words as people write them within so many typing errors (OSA distance), nearest first."""
        ...

    def digests(self, *, audience: Audience) -> Iterator[tuple[str, int, str]]:
        """(key, page id, digest) of every document."""
        ...
