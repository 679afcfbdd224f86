"""Projects like a draft: whoever plans something should meet those who already did it.

By words only: rewritten texts are found, the same idea in other words is not.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from search.analysis import Word, words
from search.engines import Audience, Engine, EngineHit
from search.interpretation import MAX_WORDS
from search.queries import Query, group_of
from search.spelling import fold

SHOWN = 10
# A reason names a few words a reader can check; more would be a list of everything.
REASON_WORDS = 6


@dataclass(frozen=True)
class SimilarHit:
    """A project found, and the words both texts use, most telling first."""

    hit: EngineHit
    common_words: tuple[str, ...]


def similar(
    title: str,
    summary: str,
    *,
    engine: Engine,
    audience: Audience,
    limit: int = SHOWN,
    without_page: int | None = None,
) -> list[SimilarHit]:
    """Projects with the most telling words in common, best first; empty without words. Raises EngineError.

    `without_page` leaves out the page the text comes from.
    """
    chosen = _telling_words(f"{title}\n{title}\n{summary}")
    if not chosen:
        return []
    query = Query(
        tuple(group_of(word) for word in chosen),
        filters={"typ": ("projekt",)},
        without_page=without_page,
        limit=limit,
    )
    hits = engine.search(query, audience=audience).hits
    return [SimilarHit(hit, _common(chosen, hit)) for hit in hits]


def _telling_words(text: str) -> list[Word]:
    """One word of each stem, those said more than once first, the rest in their order."""
    first: dict[tuple[str, ...], Word] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    for word in words(text):
        first.setdefault(word.tokens, word)
        counts[word.tokens] += 1
    ranked = sorted(first, key=lambda tokens: -counts[tokens])
    return [first[tokens] for tokens in ranked[:MAX_WORDS]]


def _common(chosen: Sequence[Word], hit: EngineHit) -> tuple[str, ...]:
    present = {token for word in words(f"{hit.title}\n{hit.content}") for token in word.tokens}
    shared = [word.surface for word in chosen if present.issuperset(word.tokens)]
    # Long words say more about what a project is than short ones.
    return tuple(sorted(shared, key=lambda surface: -len(fold(surface)))[:REASON_WORDS])
