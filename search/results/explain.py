"""Why a hit stands where it stands: its score, taken apart.

Scores add up, over the clauses of a query as over the factors. So each is asked for alone, once for all hits, and what
it brings a hit is the score the engine then gives it. Works with any engine; must not know a request.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from search.engines.contract import Audience, Engine, EngineHit
from search.engines.queries import Boost, Clause, Group, Query
from search.query.answers import Answer
from search.text.analysis import SEPARATOR

# Less than this is shown as nothing.
SMALLEST = 0.005
MEANING = "meaning"


class Origin(StrEnum):
    """Where a contribution comes from."""

    WORDS = "words"
    FACTOR = "factor"
    MEANING = "meaning"


@dataclass(frozen=True)
class Contribution:
    """A part of a score. `name` is the role of a clause or the name of a factor."""

    origin: Origin
    name: str
    tokens: str  # what was looked for, as the index holds it
    score: float


@dataclass(frozen=True)
class Explanation:
    """A hit with everything that made its score, largest first."""

    hit: EngineHit
    contributions: tuple[Contribution, ...] = ()

    @property
    def explained(self) -> float:
        """The sum of all contributions: the score, but for rounding."""
        return sum(contribution.score for contribution in self.contributions)


def explain_hits(found: Answer, hits: Sequence[EngineHit], *, engine: Engine, audience: Audience) -> list[Explanation]:
    """Explain hits of an answer, in their order; one question to the engine for each clause. Raises EngineError."""
    if found.is_by_meaning or not hits:
        return [Explanation(hit) for hit in hits]
    brought: dict[str, list[Contribution]] = {hit.key: [] for hit in hits}
    for query, contribution in _questions(found):
        scores = _scores(query, tuple(brought), engine, audience)
        for key, score in scores.items():
            if score >= SMALLEST and key in brought:
                brought[key].append(replace(contribution, score=score))
    for key, gain in found.meaning.items():
        if key in brought:
            brought[key].append(Contribution(Origin.MEANING, MEANING, "", gain))
    return [Explanation(hit, tuple(sorted(brought[hit.key], key=lambda part: -abs(part.score)))) for hit in hits]


def _questions(found: Answer) -> Iterator[tuple[Query, Contribution]]:
    """Every clause and factor of the query alone. A clause of two groups counts twice, and is asked for twice."""
    interpretation = found.interpretation
    for clause in (*(clause for group in interpretation.groups for clause in group.clauses), *interpretation.required):
        yield Query(groups=(Group((clause,)),)), Contribution(Origin.WORDS, clause.role, _shown(clause), 0)
    for boost in interpretation.boosts:
        yield Query(boosts=(boost,)), Contribution(Origin.FACTOR, boost.name, _valued(boost), 0)


def _scores(query: Query, keys: tuple[str, ...], engine: Engine, audience: Audience) -> dict[str, float]:
    asked = replace(query, only_keys=keys, limit=len(keys), with_content=False)
    return {hit.key: hit.score for hit in engine.search(asked, audience=audience).hits}


def _shown(clause: Clause) -> str:
    text = " ".join(token for token in clause.tokens if token != SEPARATOR)
    return f"{text}*" if clause.is_prefix else text


def _valued(boost: Boost) -> str:
    return ", ".join(boost.values)
