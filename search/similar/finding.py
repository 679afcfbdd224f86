"""Projects like a draft: whoever plans something should meet those who already did it.

Found by meaning, so also in other words; words tell apart what means the same, and are reasons a reader can check.
Without the models, by words alone: then only rewritten texts are found.
"""

import datetime
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self

import numpy as np

from projects.models import BodyPage, ProjectPage
from search.engines import Audience, Engine, EngineHit
from search.engines.queries import Query, group_of
from search.kinds.base import KIND
from search.kinds.projects import Projects
from search.query.interpretation import MAX_WORDS
from search.semantic import encoder, vectors
from search.semantic.embeddings import described, text_of
from search.semantic.encoder import Vector
from search.semantic.reranking import WORDS_WEIGHT, standardised
from search.text.analysis import Word, words
from search.text.spelling import fold

SHOWN = 10
# So many of the best by words and by meaning are weighed against each other.
CANDIDATES = 50
# A reason names a few words a reader can check; more would be a list of everything.
REASON_WORDS = 6

ReasonKind = Literal["service", "words", "sentence", "meaning", "field", "place", "start"]


@dataclass(frozen=True)
class Draft:
    """What somebody writes, stored or not; numbers are those of database rows."""

    title: str
    summary: str
    page_id: int | None = None  # the page it belongs to, which is not compared with itself
    service_keys: frozenset[int] = frozenset()
    services: frozenset[int] = frozenset()  # of the OZG
    fields_of_action: frozenset[int] = frozenset()
    body: BodyPage | None = None
    starts_on: datetime.date | None = None

    @classmethod
    def of_page(cls, page: ProjectPage) -> Self:
        """A stored page as a draft."""
        return cls(
            title=page.title,
            summary=described(page.summary, page.problem),
            page_id=page.pk,
            service_keys=frozenset(key.pk for key in page.service_keys.all()),
            services=frozenset(service.pk for service in page.ozg_services.all()),
            fields_of_action=frozenset(field.pk for field in page.fields_of_action.all()),
            body=page.public_body,
            starts_on=page.starts_on,
        )

    @property
    def is_exact(self) -> bool:
        """True if it says something that a project has as well or has not."""
        return bool(self.service_keys or self.services or self.fields_of_action)

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.summary}"


@dataclass(frozen=True)
class Reason:
    """Why a project is like a draft, as plain text that a reader can check against both."""

    kind: ReasonKind
    text: str


@dataclass(frozen=True)
class Match:
    """A project like a draft. `is_strong`: so much alike that whoever writes the draft has to look at it."""

    page_id: int
    score: float
    is_strong: bool
    reasons: tuple[Reason, ...] = ()
    page: ProjectPage | None = None  # with its body, and as much as is shown beside a draft


@dataclass(frozen=True)
class SimilarHit:
    """A project found for a draft."""

    hit: EngineHit
    words: tuple[Word, ...]  # of the draft
    likeness: float = math.nan  # of the meanings, from -1 to 1; not a number where they are not known

    @property
    def is_by_meaning(self) -> bool:
        """True if the models know both texts."""
        return not math.isnan(self.likeness)

    @cached_property
    def common_words(self) -> tuple[str, ...]:
        """The words both texts use, most telling first."""
        present = {token for word in words(f"{self.hit.title}\n{self.hit.content}") for token in word.tokens}
        shared = [word.surface for word in self.words if present.issuperset(word.tokens)]
        # Long words say more about what a project is than short ones.
        return tuple(sorted(shared, key=lambda surface: -len(fold(surface)))[:REASON_WORDS])


def meaning_of(title: str, summary: str, *, is_first_look: bool = False) -> Vector | None:
    """The vector of a draft; None without the models. The first look asks only the fast one of them."""
    return encoder.draft_vector(text_of(title, summary), is_first_look=is_first_look) if title or summary else None


def similar(
    title: str,
    summary: str,
    *,
    engine: Engine,
    audience: Audience,
    limit: int = SHOWN,
    without_page: int | None = None,
    vector: Vector | None,
) -> list[SimilarHit]:
    """Projects with the same idea, best first; empty without words. Raises EngineError.

    The score is in standard deviations among the candidates, or that of the words where the models are missing.
    `vector` is what `meaning_of` gave; `without_page` leaves out the page the text comes from.
    """
    chosen = tuple(_telling_words(f"{title}\n{title}\n{summary}"))
    projects = {KIND: (Projects.key,)}
    base = Query(filters=projects, without_page=without_page, limit=max(limit, CANDIDATES), with_unfiltered=False)
    by_words = replace(base, groups=tuple(group_of(word) for word in chosen))
    hits = list(engine.search(by_words, audience=audience).hits) if chosen else []
    if vector is None:
        return [SimilarHit(hit, chosen) for hit in hits[:limit]]
    known, unread = vectors.table(), replace(base, with_content=False)
    near = vectors.nearest_hits(vector, unread, engine=engine, audience=audience, among=known)
    unscored = [replace(hit, score=0.0) for hit in near if hit.key not in {found.key for found in hits}]
    hits += _scored(unscored, by_words, engine, audience) if chosen else unscored
    likeness = known.cosines([hit.page_id for hit in hits], vector)
    ranked = sorted(_weighed(hits, likeness), key=lambda pair: (-pair[0].score, pair[0].key))
    return [SimilarHit(hit, chosen, alike) for hit, alike in ranked[:limit]]


def _scored(hits: Sequence[EngineHit], by_words: Query, engine: Engine, audience: Audience) -> list[EngineHit]:
    """These hits with their text and the score of their words, where they have some of the words asked for."""
    if not hits:
        return []
    pages = tuple(hit.page_id for hit in hits)
    query = replace(by_words, only_pages=pages, limit=len(pages))
    found = {hit.key: hit for hit in engine.search(query, audience=audience).hits}
    return [found.get(hit.key, hit) for hit in hits]


def _weighed(hits: Sequence[EngineHit], likeness: Vector) -> list[tuple[EngineHit, float]]:
    """The hits with meaning and words in one score, and the likeness of the meanings."""
    words_count = standardised(np.array([hit.score for hit in hits], dtype=np.float64))
    scores = standardised(likeness.astype(np.float64)) + WORDS_WEIGHT * words_count
    return [
        (replace(hit, score=score), alike)
        for hit, score, alike in zip(hits, scores.tolist(), likeness.tolist(), strict=True)
    ]


def _telling_words(text: str) -> list[Word]:
    """One word of each stem, those said more than once first, the rest in their order."""
    first: dict[tuple[str, ...], Word] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    for word in words(text):
        first.setdefault(word.tokens, word)
        counts[word.tokens] += 1
    ranked = sorted(first, key=lambda tokens: -counts[tokens])
    return [first[tokens] for tokens in ranked[:MAX_WORDS]]
