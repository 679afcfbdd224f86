"""Type-ahead: completed words and matching titles, from what the public may read only.

Completions are words as people wrote them; the index itself holds stems, which nobody wants to read. Asked with every
letter typed, so it reads of a page what a suggestion shows and nothing else.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page

from pages.models import ReadablePageQuerySet
from projects.models import Artefact
from search.analysis import part_tokens, text_tokens, words
from search.engines import Engine, EngineHit
from search.facets import KIND_NAMES_OF_ONE
from search.found import kind_of
from search.queries import Clause, Group, Query, group_of
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
    readable = ReadablePageQuerySet(Page).readable().in_bulk({hit.page_id for hit in hits}) if hits else {}
    uuids = {hit.key.partition("-")[2] for hit in hits if kind_of(hit.key) == "artefakt"}
    artefacts = (
        Artefact.objects.filter(uuid__in=uuids, project__in=readable).in_bulk(field_name="uuid") if uuids else {}
    )
    by_uuid = {str(number): artefact for number, artefact in artefacts.items()}
    found = []
    for hit in hits:
        kind, _dash, number = hit.key.partition("-")
        page = readable.get(hit.page_id)
        if kind == "artefakt":
            artefact = by_uuid.get(number)
            title, url = (artefact.title, artefact.get_absolute_url()) if artefact else ("", "")
        else:
            title, url = (page.title, page.get_url(request) or "") if page else ("", "")
        if title:
            found.append({"text": title, "kind": str(KIND_NAMES_OF_ONE[kind]), "url": url})
    return found
