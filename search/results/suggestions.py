"""Type-ahead: completed words and matching titles, from what the public may read only.

Completions are words as people wrote them; the index itself holds stems, which nobody wants to read. Asked with every
letter typed, so it reads of a page what a suggestion shows and nothing else.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from pages.models import ReadablePageQuerySet
from search.engines import Engine, EngineHit
from search.engines.queries import Clause, Group, Query, group_of
from search.kinds.base import PageKind
from search.kinds.registry import kinds
from search.results.found import address_of
from search.text.analysis import part_tokens, text_tokens, words
from search.text.spelling import fold

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
    titled = _titled(head, last, completions, engine)[:TITLES_SHOWN]
    return [*_word_suggestions(head, last, completions), *_page_suggestions(titled, request)]


def _distinct(found: list[str]) -> list[str]:
    kept: dict[str, str] = {}
    for word in found:
        kept.setdefault(fold(word), word)
    return list(kept.values())


def _word_suggestions(head: str, last: str, completions: list[str]) -> list[Suggestion]:
    texts = [f"{head} {word}".strip() for word in completions if fold(word) != fold(last) or len(completions) > 1]
    return [{"text": text, "kind": "", "url": f"{reverse('search')}?{urlencode({'q': text})}"} for text in texts]


def _titled(head: str, last: str, completions: list[str], engine: Engine) -> list[EngineHit]:
    """Hits with a word of the query in their title."""
    groups = [group_of(word) for word in words(head)]
    # The whole completions only: their parts ("…daten") were never typed.
    readings = dict.fromkeys(token for text in (last, *completions) for token in text_tokens(text))
    if readings:
        groups.append(Group(tuple(Clause("parts", (token,)) for token in readings)))
    if not groups:
        return []
    tokens = frozenset(token for group in groups for token in group.tokens)
    query = Query(tuple(groups), minimum=len(groups), limit=TITLES_ASKED, with_content=False)
    found = engine.search(query, audience="public").hits
    return [hit for hit in found if not tokens.isdisjoint(part_tokens(hit.title))]


def _page_suggestions(hits: Sequence[EngineHit], request: HttpRequest | None) -> list[Suggestion]:
    """Titles and addresses from the database of this moment; a hit that is no longer readable is left out."""
    pages = ReadablePageQuerySet(Page).readable().in_bulk({hit.page_id for hit in hits}) if hits else {}
    things: dict[str, Any] = {}
    for part in kinds.parts:
        things |= part.by_document((hit.key for hit in hits), pages)
    found = []
    for hit in hits:
        kind = kinds.of(hit.key)
        thing = pages.get(hit.page_id) if isinstance(kind, PageKind) else things.get(hit.key)
        if kind and thing:
            found.append((kind, thing))
    address = address_of(request)
    return [{"text": thing.title, "kind": str(kind.name), "url": kind.url(thing, address)} for kind, thing in found]
