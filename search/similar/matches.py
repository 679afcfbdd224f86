"""Projects like a draft, with reasons, and which of them are so much alike that it has to be said loudly.

    similar projects (by meaning and words) → the same service or field lifts a little → reasons → strong or not

The limits of “strong” were measured with drafts whose match is known, each once with it and once with it taken out:
see docs/search.md. Must not know requests, mails or decisions.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import structlog

from projects.models import BodyPage
from search.engines import Audience, Engine, EngineError
from search.engines.guard import ask
from search.semantic import encoder, vectors
from search.semantic.encoder import Vector
from search.similar.finding import Draft, Match, SimilarHit, meaning_of, similar
from search.similar.reasons import Explained, Facts, facts_of

log = structlog.get_logger(__name__)

# As many as somebody compares who has a decision to make.
SHOWN = 3
# So many of the nearest may change places because of what they have exactly in common.
RANKED = 20
# What exact matches add, in standard deviations of the scores: enough to tell apart what is alike anyway.
SERVICE_LIFT = 0.5
FIELD_LIFT = 0.1
# What runs or is reused already comes before an idea that is as much alike.
RUNNING_LIFT = 0.05
REUSED_LIFT = 0.05

# From here on a project and a draft mean the same; chosen with council papers, their titles and short drafts, whose
# right project is known, or of which none is right: see docs/search.md.
STRONG_LIKENESS = 0.748
# A longer text in the manner of projects is nearer to all of them than a council paper or two lines in everyday words:
# most pairs of projects that are not alike lie below this.
STRONG_LIKENESS_IN_MANNER = 0.79
# With so many words a text begins to be in that manner, and is wholly, unless it is official.
MANNER_WORDS = (25, 40)
OFFICIAL = re.compile(
    r"\b(?:beschließ(?:t|en)|beauftragt|wird (?:gebeten|ermächtigt|aufgefordert)|zur Kenntnis|Sachverhalt|\w*ausschuss|"
    r"Kreistag|Gemeinderat|Stadtrat)\b|\b(?:Beschluss(?:vorschlag|entwurf)?|Begründung|Rechtslage):|§",
    re.IGNORECASE,
)
# What lies so far behind the nearest is alike in its manner, not in what it is about.
STRONG_BEHIND_NEAREST = 0.05
# Who applies the same service with a text about the same needs less. (No collection to measure this with.)
STRONG_LIKENESS_SAME_SERVICE = 0.70
# Without the models: the share of the draft's words that the project uses as well.
STRONG_SHARE = 0.35
STRONG_SHARE_SAME_SERVICE = 0.2


@dataclass(frozen=True)
class Matches:
    """What was found. `is_outage`: the search did not answer, so that nothing found says nothing; with
    `is_meaning_late` not all of the models did, so that nothing is called strong."""

    items: tuple[Match, ...] = ()
    is_by_meaning: bool = False  # else the words alone were compared
    is_outage: bool = False
    is_meaning_late: bool = False


def find(
    draft: Draft, *, audience: Audience, limit: int = SHOWN, is_first_look: bool = False, is_stored: bool = False
) -> Matches:
    """Projects like the draft, best first, for a page; the pages themselves are read by the caller. Never raises."""
    looked = {"is_first_look": is_first_look, "is_stored": is_stored}
    try:
        return ask(lambda engine: compare(draft, engine=engine, audience=audience, limit=limit, **looked)).value
    except EngineError as error:
        log.warning("similar_unanswered", error=str(error))
        return Matches(is_outage=True)


def compare(
    draft: Draft,
    *,
    engine: Engine,
    audience: Audience,
    limit: int = SHOWN,
    is_first_look: bool = False,
    is_stored: bool = False,
) -> Matches:
    """`find` without the circuit breaker, for commands and tests. Raises EngineError.

    `is_stored`: the draft is a live page as it is, whose meaning is known; no model is asked.
    """
    explained = Explained(draft)
    explained.read_draft()
    vector = _known(draft) if is_stored else meaning_of(draft.title, draft.summary, is_first_look=is_first_look)
    hits = similar(
        draft.title,
        draft.summary,
        engine=engine,
        audience=audience,
        # Little changes places where the draft says nothing exact; some may be gone since they were indexed.
        limit=max(limit, RANKED) if draft.is_exact else 2 * limit,
        without_page=draft.page_id,
        vector=vector,
    )
    facts = facts_of([hit.hit.page_id for hit in hits], draft)
    there = [(hit, facts[hit.hit.page_id]) for hit in hits if hit.hit.page_id in facts]
    ranked = _lifted(there, explained)[:limit]
    nearest = _nearest_of_others(there, draft.body)
    reasons = explained.reasons([(hit, facts) for _score, hit, facts in ranked])
    items = tuple(
        Match(facts.page.pk, score, not is_first_look and _is_strong(explained, hit, facts, nearest), why, facts.page)
        for (score, hit, facts), why in zip(ranked, reasons, strict=True)
    )
    is_late = (is_first_look or vector is None) and encoder.is_available()
    return Matches(items, any(hit.is_by_meaning for hit in hits), is_meaning_late=is_late)


def _known(draft: Draft) -> Vector | None:
    vector = vectors.table().of(draft.page_id or 0)
    return None if vector is None else encoder.as_draft(vector)


def _lifted(found: Sequence[tuple[SimilarHit, Facts]], explained: Explained) -> list[tuple[float, SimilarHit, Facts]]:
    """Scores with what is exactly the same, and what there is to look at, added; equal ones stay in their order."""
    # Where all score the same, the lift alone puts them in order.
    spread = float(np.std([hit.hit.score for hit, _facts in found]) or 1.0) if found else 0.0
    lifted = []
    for hit, facts in found:
        lift = SERVICE_LIFT * explained.has_same_service(facts)
        lift += FIELD_LIFT * bool(explained.draft.fields_of_action & facts.fields_of_action)
        lift += RUNNING_LIFT * facts.page.is_running + REUSED_LIFT * facts.is_reused
        lifted.append((hit.hit.score + lift * spread, hit, facts))
    return sorted(lifted, key=lambda one: -one[0])


def _nearest_of_others(found: Sequence[tuple[SimilarHit, Facts]], body: BodyPage | None) -> float:
    """How like the draft the nearest of other bodies is: one's own plan from the same paper silences nothing."""
    return max(
        (
            hit.likeness
            for hit, facts in found
            if hit.is_by_meaning and not (body and facts.page.path.startswith(body.path))
        ),
        default=0.0,
    )


def least_likeness(text: str) -> float:
    """How like a draft a project has to be to be strong, by the manner of the draft's text."""
    if OFFICIAL.search(text):
        return STRONG_LIKENESS
    few, many = MANNER_WORDS
    share = min(max((len(text.split()) - few) / (many - few), 0.0), 1.0)
    return STRONG_LIKENESS + share * (STRONG_LIKENESS_IN_MANNER - STRONG_LIKENESS)


def _is_strong(explained: Explained, hit: SimilarHit, facts: Facts, nearest: float) -> bool:
    """Whether whoever writes the draft has to look at the project."""
    has_same_service = explained.has_same_service(facts)
    if hit.is_by_meaning:
        least = max(least_likeness(explained.draft.text), nearest - STRONG_BEHIND_NEAREST)
        return hit.likeness >= (STRONG_LIKENESS_SAME_SERVICE if has_same_service else least)
    return explained.shared(facts) >= (STRONG_SHARE_SAME_SERVICE if has_same_service else STRONG_SHARE)
