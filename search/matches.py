"""Projects like a draft, with reasons, and which of them are so much alike that it has to be said loudly.

    similar projects (by meaning and words) → the same service or field lifts a little → reasons → strong or not

The limits of “strong” were measured with drafts whose match is known, each once with it and once with it taken out:
see docs/search.md. Must not know requests, mails or decisions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import structlog

from search import encoder, vectors
from search.embeddings import text_of
from search.engines import Audience, Engine, EngineError
from search.engines.guard import ask
from search.reasons import Explained, Facts, facts_of
from search.similar import Draft, Match, SimilarHit, similar

log = structlog.get_logger(__name__)

# As many as somebody compares who has a decision to make.
SHOWN = 3
# So many of the nearest may change places because of what they have exactly in common.
RANKED = 20
# What exact matches add, in standard deviations of the scores: enough to tell apart what is alike anyway.
SERVICE_LIFT = 0.5
FIELD_LIFT = 0.1

# How much nearer to one another than to their surroundings a draft and a project are if they mean the same.
STRONG_NEARNESS = 0.0112
# Among fewer pages than these everything lies further apart: the limit rises with the logarithm of their share.
MANY_PAGES = 60
NEARNESS_AMONG_FEW = 0.02
# Longer drafts come nearer to everything of their kind: it rises for each further word, up to a most.
MANY_WORDS = 22
NEARNESS_PER_WORD = 0.005
MOST_STRONG_NEARNESS = 0.06
# The share of the draft's words that the project uses as well: also without the model, but not against it, as a few
# words such as “book online” are a large share of a short draft.
STRONG_SHARE = 0.35
# Who applies the same service with a text about the same needs less of both. (No collection to measure this with.)
STRONG_NEARNESS_SAME_SERVICE = 0.0
STRONG_SHARE_SAME_SERVICE = 0.2


@dataclass(frozen=True)
class Matches:
    """What was found. `is_outage`: the search did not answer, so that nothing found says nothing; with
    `is_meaning_late` the model did not, so that other words were not found."""

    items: tuple[Match, ...] = ()
    is_by_meaning: bool = False  # else the words alone were compared
    is_outage: bool = False
    is_meaning_late: bool = False


def prepare(title: str, summary: str) -> None:
    """Begin to compute what a draft means, for a caller who has other work before the search."""
    encoder.begin_draft_vector(text_of(title, summary))


def find(draft: Draft, *, audience: Audience, limit: int = SHOWN) -> Matches:
    """Projects like the draft, best first, for a page; the pages themselves are read by the caller. Never raises."""
    try:
        return ask(lambda engine: compare(draft, engine=engine, audience=audience, limit=limit)).value
    except EngineError as error:
        log.warning("similar_unanswered", error=str(error))
        return Matches(is_outage=True)


def compare(draft: Draft, *, engine: Engine, audience: Audience, limit: int = SHOWN) -> Matches:
    """The same for commands and tests. Raises EngineError."""
    among, explained = vectors.table(), Explained(draft)
    explained.read_draft()
    hits = similar(
        draft.title,
        draft.summary,
        engine=engine,
        audience=audience,
        # Nothing changes places where the draft says nothing exact; some may be gone since they were indexed.
        limit=max(limit, RANKED) if draft.is_exact else 2 * limit,
        without_page=draft.page_id,
        among=among,
    )
    facts = facts_of([hit.hit.page_id for hit in hits], draft)
    there = [(hit, facts[hit.hit.page_id]) for hit in hits if hit.hit.page_id in facts]
    ranked = _lifted(there, explained)[:limit]
    text = text_of(draft.title, draft.summary)
    vector = encoder.draft_vector(text)  # kept from the search a moment ago
    nearness = _nearness(among, draft, vector, [facts.page.pk for _score, _hit, facts in ranked])
    reasons = explained.reasons([(hit, facts) for _score, hit, facts in ranked])
    items = tuple(
        Match(facts.page.pk, score, _is_strong(explained, facts, near, len(among)), why, facts.page)
        for (score, _hit, facts), near, why in zip(ranked, nearness, reasons, strict=True)
    )
    is_late = vector is None and encoder.is_available()
    return Matches(items, any(hit.is_by_meaning for hit in hits), is_meaning_late=is_late)


def _lifted(found: Sequence[tuple[SimilarHit, Facts]], explained: Explained) -> list[tuple[float, SimilarHit, Facts]]:
    """Scores with what is exactly the same added, best first; equal ones stay in their order."""
    spread = float(np.std([hit.hit.score for hit, _facts in found])) if found else 0.0
    lifted = []
    for hit, facts in found:
        lift = SERVICE_LIFT * explained.has_same_service(facts)
        lift += FIELD_LIFT * bool(explained.draft.fields_of_action & facts.fields_of_action)
        lifted.append((hit.hit.score + lift * spread, hit, facts))
    return sorted(lifted, key=lambda one: -one[0])


def _nearness(
    among: vectors.Table, draft: Draft, vector: encoder.Vector | None, page_ids: Sequence[int]
) -> list[float]:
    """How near each is by meaning; not a number where that is not known."""
    if vector is None:
        return [math.nan] * len(page_ids)
    return [float(value) for value in among.nearness(page_ids, vector, draft.page_id)]


def least_nearness(words: int, pages: int) -> float:
    """How near a project has to be to a draft of so many words, among so many pages, to be strong by meaning alone."""
    by_length = STRONG_NEARNESS + NEARNESS_PER_WORD * max(words - MANY_WORDS, 0)
    return min(by_length, MOST_STRONG_NEARNESS) + _among_few(pages)


def _among_few(pages: int) -> float:
    return NEARNESS_AMONG_FEW * math.log(MANY_PAGES / min(max(pages, 1), MANY_PAGES))


def _is_strong(explained: Explained, facts: Facts, nearness: float, pages: int) -> bool:
    share = 0.0 if nearness < 0 else explained.shared(facts)
    if explained.has_same_service(facts):
        return nearness > STRONG_NEARNESS_SAME_SERVICE + _among_few(pages) or share >= STRONG_SHARE_SAME_SERVICE
    return nearness > least_nearness(len(explained.draft.text.split()), pages) or share >= STRONG_SHARE
