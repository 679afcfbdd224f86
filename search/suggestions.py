"""Type-ahead: completed words and matching titles, from what the public may read only.

Completions are words as people wrote them; the index itself holds stems, which nobody wants to read.
"""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from search.analysis import part_tokens, text_tokens, words
from search.engines import Engine
from search.facets import KIND_NAMES_OF_ONE
from search.queries import Clause, Group, Query, group_of
from search.results import join
from search.spelling import fold

MIN_LENGTH = 2
WORDS_SHOWN = 5
TITLES_SHOWN = 4
# A page is suggested only if its title shows why: hits through the text alone are left to the results.
TITLES_ASKED = 20
# One word in several spellings (Sensor, SENSOR, sensor) is one suggestion: look at more than are shown.
WORDS_ASKED = 20

Suggestion = dict[str, str]


def suggest(q: str, engine: Engine, request: HttpRequest | None = None) -> list[Suggestion]:
    """Completions of the last word typed, then titles that match. Raises EngineError."""
    head, _space, last = q.rpartition(" ")
    if len(fold(last)) < MIN_LENGTH:
        return []
    completions = _distinct(engine.words(fold(last), audience="public", limit=WORDS_ASKED))[:WORDS_SHOWN]
    return [*_word_suggestions(head, last, completions), *_title_suggestions(head, last, completions, engine, request)]


def _distinct(found: list[str]) -> list[str]:
    kept: dict[str, str] = {}
    for word in found:
        kept.setdefault(fold(word), word)
    return list(kept.values())


def _word_suggestions(head: str, last: str, completions: list[str]) -> list[Suggestion]:
    texts = [f"{head} {word}".strip() for word in completions if fold(word) != fold(last) or len(completions) > 1]
    return [{"text": text, "kind": "", "url": f"{reverse('search')}?{urlencode({'q': text})}"} for text in texts]


def _title_suggestions(
    head: str, last: str, completions: list[str], engine: Engine, request: HttpRequest | None
) -> list[Suggestion]:
    groups = [group_of(word) for word in words(head)]
    # The whole completions only: their parts ("…daten") were never typed.
    readings = dict.fromkeys(token for text in (last, *completions) for token in text_tokens(text))
    if readings:
        groups.append(Group(tuple(Clause("parts", (token,)) for token in readings)))
    if not groups:
        return []
    tokens = frozenset(token for group in groups for token in group.tokens)
    query = Query(tuple(groups), minimum=len(groups), limit=TITLES_ASKED)
    found = engine.search(query, audience="public").hits
    named = [hit for hit in found if tokens & set(part_tokens(hit.title))]
    hits = join(named[:TITLES_SHOWN], (), request)
    return [{"text": hit.title, "kind": str(KIND_NAMES_OF_ONE[hit.kind]), "url": hit.url} for hit in hits]
