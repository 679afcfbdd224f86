"""Two ways to answer the same queries, side by side: for `manage.py evaluate_search --compare`.

Must not ask an engine itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from search.engines import Engine, UnknownEngineError, create_engine
from search.evaluation.measures import DEPTH, first_rank

ON_OR_OFF = {"on": True, "off": False}
SWITCHES = {
    "meaning": "with_meaning",
    "factors": "with_factors",
    "places": "favour_places",
    "synonyms": "with_synonyms",
}


@dataclass(frozen=True)
class Configuration:
    """How queries are answered: by which engine, and with which of the switches of `search.query.answers.answer`."""

    name: str
    engine_url: str
    switches: Mapping[str, bool]

    @classmethod
    def in_use(cls) -> "Configuration":
        return cls("as configured", settings.SEARCH_URL, {})

    def changed_by(self, assignments: Iterable[str]) -> "Configuration":
        """This configuration with settings such as "factors=off" or "engine=elasticsearch://…". Raises ValueError."""
        changed = replace(self, name=" ".join(assignments))
        for assignment in assignments:
            name, _mark, value = assignment.partition("=")
            if name == "engine":
                changed = replace(changed, engine_url=value)
            elif name in SWITCHES and value in ON_OR_OFF:
                changed = replace(changed, switches={**changed.switches, SWITCHES[name]: ON_OR_OFF[value]})
            else:
                names = ", ".join(f"{name}=on|off" for name in SWITCHES)
                raise ValueError(f"“{assignment}” is not understood; there are engine=ADDRESS, {names}.")
        try:
            create_engine(changed.engine_url)
        except UnknownEngineError as error:
            raise ValueError(str(error)) from error
        return changed

    @property
    def engine(self) -> Engine:
        return create_engine(self.engine_url)


@dataclass(frozen=True)
class Change:
    """A query whose first relevant document moved; 0 stands for none among the first ten."""

    query: str
    before: int
    after: int

    @property
    def is_better(self) -> bool:
        return self.gain_of(self.after) > self.gain_of(self.before)

    @staticmethod
    def gain_of(rank: int) -> float:
        return 1 / rank if rank else 0.0

    def as_dict(self) -> dict[str, Any]:
        return {"query": self.query, "before": self.before, "after": self.after}


def changes(
    first: Mapping[str, Sequence[str]],
    second: Mapping[str, Sequence[str]],
    relevant: Mapping[str, Mapping[str, float]],
) -> list[Change]:
    """The judged queries that two rankings answer differently well, largest differences first.

    `first`, `second`: query → documents, best first. `relevant`: query → document → degree above 0.
    """
    judged = (query for query in first if relevant.get(query))
    moved = [
        Change(query, *(first_rank(ranked[query][:DEPTH], relevant[query]) for ranked in (first, second)))
        for query in judged
    ]
    return sorted(
        (change for change in moved if change.before != change.after),
        key=lambda change: -abs(change.gain_of(change.after) - change.gain_of(change.before)),
    )
