"""Searches that were kept: what they find now and did not find before is told to their owners.

As strict as the search page before it gives up words: a page with one of three words is no news. Must not know a
request.
"""

import time
from collections.abc import Sequence

import structlog
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from wagtail.models import Page

from matching.models import Alert, AlertKind, Rhythm, SavedSearch
from matching.telling import tell
from people.teams.teams import is_member
from search.engines import Audience, Engine, EngineError, EngineHit
from search.engines.guard import ask
from search.engines.queries import Query, Sort
from search.models import OutboxEntry
from search.query.parameters import LAST_PAGE, PAGE_SIZE, SearchParameters, parse
from search.query.understanding import understand

log = structlog.get_logger(__name__)

# As many as the search page shows of one search; of a wider one only the newest are compared.
MOST_KNOWN = LAST_PAGE * PAGE_SIZE
# Seconds of one run, as for `matching.alerts.events`.
RUN_SECONDS = 5.0


def parameters_of(address: str) -> SearchParameters:
    """What the stored address of a search asks for."""
    return parse(QueryDict(address.removeprefix("?"))).parameters


def newest(parameters: SearchParameters, audience: Audience, limit: int) -> Sequence[EngineHit]:
    """What the search finds, newest first, without its text. Raises EngineError."""
    filters = {facet: values for facet, values in parameters.filters.items() if values}
    query = Query(filters=filters, sort=Sort.NEWEST, limit=limit, with_content=False)

    def question(engine: Engine) -> Sequence[EngineHit]:
        if not parameters.q:
            return engine.search(query, audience=audience).hits
        understood = understand(parameters.q, engine=engine, audience=audience, favour_places=False)
        return () if understood.is_empty else engine.search(understood.applied_to(query), audience=audience).hits

    return ask(question).value


def run() -> int:
    """Look what the kept searches find now, those that waited longest first; returns how many were looked at."""
    end, looked_at = time.monotonic() + RUN_SECONDS, 0
    for search in _that_may_find_more():
        try:
            look(search)
        except EngineError as error:
            log.warning("saved_searches_wait", error=str(error))
            break
        looked_at += 1
        if time.monotonic() > end:
            break
    return looked_at


def _that_may_find_more() -> QuerySet[SavedSearch]:
    """Searches that have never run, and those since whose last run anything has changed in the index."""
    newest_change = OutboxEntry.objects.aggregate(found=Max("synced_at"))["found"]
    may = Q(checked_at=None)
    if newest_change is not None:
        may |= Q(checked_at__lte=newest_change)
    kept = SavedSearch.objects.filter(may).exclude(rhythm=Rhythm.NEVER).select_related("user")
    # What each has found is thousands of numbers, and is read again under its lock.
    return kept.defer("known").order_by(F("checked_at").asc(nulls_first=True), "pk")


def look(search: SavedSearch) -> None:
    """Compare what the search finds with what it found before; the first time only note it. Raises EngineError."""
    now = timezone.now()
    audience: Audience = "members" if is_member(search.user) else "public"
    hits = newest(parameters_of(search.parameters), audience, MOST_KNOWN)
    found = list(dict.fromkeys(hit.page_id for hit in hits))
    with transaction.atomic():
        kept = SavedSearch.objects.select_for_update(of=("self",)).select_related("user").filter(pk=search.pk).first()
        if kept is None:
            return
        if kept.known is not None:
            tell(_alerts(kept, found))
        kept.known, kept.checked_at = found, now
        kept.save(update_fields=["known", "checked_at"])


def _alerts(search: SavedSearch, found: list[int]) -> list[Alert]:
    fresh = Page.objects.live().filter(pk__in=set(found) - set(search.known or ()))
    if len(found) >= MOST_KNOWN:
        # An old page that moved up because a newer one is gone is no news.
        fresh = fresh.filter(last_published_at__gt=search.checked_at)
    return [
        Alert(user=search.user, kind=AlertKind.FOUND, about=f"search:{search.pk}", search=search, page=page)
        for page in fresh
    ]
