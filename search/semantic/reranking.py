"""Re-ranking by embeddings, on top of the words: hits whose meaning is nearer to the query come first.

Pure arithmetic on scores and cosines. A score stays in the unit of the words, so that what was added to it for a place
or for freshness counts as before. Must not know engine, database or model.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from search.engines.contract import EngineHit

# So many of the best hits by words are put in a new order. Further down, nobody looks for the best one.
CANDIDATES = 200
# How far one standard deviation of meaning moves a hit, in standard deviations of the words' scores.
MEANING_WEIGHT = 0.5
# Scores that differ by less are the same, but for rounding.
ALIKE = 1e-3
# Similar texts are found by meaning; words only tell apart what means the same.
WORDS_WEIGHT = 0.25

Numbers = NDArray[np.float64]


def standardised(values: Numbers) -> Numbers:
    """Distances from the mean in standard deviations; 0 where a value is not known, and if all are equal."""
    known = values[~np.isnan(values)]
    deviation = known.std() if len(known) else 0.0
    if deviation < np.finfo(np.float32).eps:
        return np.zeros_like(values)
    return np.nan_to_num((values - known.mean()) / deviation, nan=0.0)


def gains(hits: Sequence[EngineHit], cosines: Sequence[float]) -> dict[str, float]:
    """What the meaning adds to the score of each hit, by key."""
    scores = np.array([hit.score for hit in hits], dtype=np.float64)
    meanings = standardised(np.array(cosines, dtype=np.float64))
    spread = scores.std() if len(scores) else 0.0
    # Where the words cannot tell the hits apart, the meaning alone does.
    added = MEANING_WEIGHT * (spread if spread > ALIKE else 1.0) * meanings
    return {hit.key: float(gain) for hit, gain in zip(hits, added, strict=True)}


def reranked(hits: Sequence[EngineHit], added: dict[str, float]) -> list[EngineHit]:
    """The hits with what was added to their scores, best first; equal ones stay in their order."""
    risen = [replace(hit, score=hit.score + added[hit.key]) for hit in hits]
    return sorted(risen, key=lambda hit: -hit.score)
