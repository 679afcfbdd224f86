"""How good a ranking is: the figures of `manage.py evaluate_search`, from ranked lists and judgements.

Pure arithmetic; must not know engine or database.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

DEPTH = 10


@dataclass(frozen=True)
class Measures:
    """Shares from 0 to 1, times in milliseconds; None where undefined."""

    queries: int
    r1: float | None  # share of queries with a relevant document first
    hit3: float | None
    r5: float | None
    r10: float | None
    mrr10: float | None  # mean of 1/rank of the first relevant document
    ndcg10: float | None
    empty: float | None  # share of queries without any hit
    warned: float | None  # share with a loud warning of a duplicate
    p50_ms: float | None
    p95_ms: float | None

    def as_dict(self) -> dict[str, float | int | None]:
        return asdict(self)


def measure(
    ranked: Mapping[str, Sequence[str]],
    relevant: Mapping[str, Mapping[str, float]],
    milliseconds: Sequence[float],
    warned: Sequence[bool] | None = None,
) -> Measures:
    """Figures over all queries of `ranked`; those about relevance only over queries somebody judged.

    `ranked`: query → documents, best first. `relevant`: query → document → degree above 0.
    """
    judged = [query for query in ranked if relevant.get(query)]
    ranks = [first_rank(ranked[query][:DEPTH], relevant[query]) for query in judged]
    times = sorted(milliseconds)
    return Measures(
        queries=len(ranked),
        r1=_share([0 < rank <= 1 for rank in ranks]),
        hit3=_share([0 < rank <= 3 for rank in ranks]),
        r5=_share([0 < rank <= 5 for rank in ranks]),
        r10=_share([0 < rank <= DEPTH for rank in ranks]),
        mrr10=_mean([1 / rank if rank else 0.0 for rank in ranks]),
        ndcg10=_mean([_ndcg(ranked[query][:DEPTH], relevant[query]) for query in judged]),
        empty=_share([not hits for hits in ranked.values()]),
        warned=_share(warned) if warned is not None else None,
        p50_ms=round(statistics.median(times), 3) if times else None,
        p95_ms=round(times[math.ceil(0.95 * len(times)) - 1], 3) if times else None,
    )


def first_rank(hits: Sequence[str], relevant: Mapping[str, float]) -> int:
    """Place of the first relevant document, from 1; 0 if there is none."""
    return next((place for place, hit in enumerate(hits, 1) if hit in relevant), 0)


def _ndcg(hits: Sequence[str], relevant: Mapping[str, float]) -> float:
    gained = sum(relevant.get(hit, 0.0) / math.log2(place + 1) for place, hit in enumerate(hits, 1))
    ideal = sorted(relevant.values(), reverse=True)[:DEPTH]
    return gained / sum(degree / math.log2(place + 1) for place, degree in enumerate(ideal, 1))


def _share(values: Sequence[bool]) -> float | None:
    return _mean([float(value) for value in values])


def _mean(values: Sequence[float]) -> float | None:
    return round(statistics.fmean(values), 4) if values else None
