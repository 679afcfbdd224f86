"""Searches that found nothing, counted without knowing whose they were.

A visitor, which is a connection to the internet, counts once a week for each query, told apart by a hash whose key is
thrown away when the week is over. What a browser says of itself does not tell visitors apart: anybody can say much.
What was typed is stored only by the visitor who makes the number of askers of one week reach DEMAND_THRESHOLD, so that
nobody reaches it alone; until then there is a keyed hash of it. What looks like personal data is not counted at all,
and neither is what exceeds what one visitor, or all in a day, may leave behind.
Everything happens after the answer has gone out, and a search never fails because of it.
"""

import hmac
import re
import secrets
import threading
from datetime import date, timedelta
from typing import Any, NamedTuple

import structlog
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.signals import request_finished
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Count, F, Sum
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from matching.models import SearchMiss, SearchMissDay
from matching.models.demand import QUERY_MAX_LENGTH
from search.indexing.signals import searched
from search.query.parameters import SearchParameters
from search.text.analysis import words

log = structlog.get_logger(__name__)

SALT = "matching.demand_misses"
# A longer query is a sentence, and a sentence tells about the person who writes it.
MOST_WORDS = 8
# Postal codes have five digits; telephone numbers, file references and dates of birth more.
DIGITS = re.compile(r"\d(?:[\s./()-]*\d){5}")
ADDRESS = re.compile(r"@|://|\bwww\.", re.IGNORECASE)
MACHINES = re.compile(r"bot|crawl|spider|slurp|curl|wget|python|java/|monitor", re.IGNORECASE)
# Different queries of one visitor in a week; a town hall is one visitor.
QUERIES_OF_A_VISITOR = 50
# Different queries of all visitors in a day: whoever asks a million words from many connections leaves no more rows.
QUERIES_OF_A_DAY = 1_000
# All that is counted in a day, known queries too: each leaves the mark of its visitor in the cache for a week.
COUNTED_A_DAY = 10_000
WEEK_SECONDS = 7 * 24 * 60 * 60
# Keys of weeks in which nobody looked whether an older one is left.
WEEKS_CLEARED = 4


class Waiting(NamedTuple):
    """What is to be counted once the answer has gone out."""

    query: str
    visitor: str


_waiting = threading.local()


@receiver(searched)
def note(
    sender: Any, request: HttpRequest, parameters: SearchParameters, total: int, is_by_meaning: bool, **kwargs: Any
) -> None:
    """Remember a search that no text answers, until the answer has gone out; asks no database."""
    is_first_page = parameters.page == 1 and not parameters.is_filtered
    agent = request.headers.get("User-Agent", "")
    if not parameters.q or not is_first_page or (total and not is_by_meaning) or MACHINES.search(agent):
        return
    if not is_worth_counting(parameters.q):
        return
    try:
        visitor = get_ip(request)
    except PermissionDenied:  # there is none to tell visitors apart by
        return
    _waiting.row = Waiting(parameters.q, visitor)


def is_worth_counting(query: str) -> bool:
    """Whether it is short enough to be a subject, has words, and names no address, number or link."""
    if len(query) > QUERY_MAX_LENGTH or len(query.split()) > MOST_WORDS:
        return False
    return not (DIGITS.search(query) or ADDRESS.search(query)) and any(words(query))


@receiver(request_finished)
def count_waiting(**kwargs: Any) -> None:
    """Count what this thread's request left; a database that is away loses one count."""
    row: Waiting | None = _waiting.__dict__.pop("row", None)
    if row is None:
        return
    try:
        count(row.query, row.visitor, timezone.localdate())
    except (DatabaseError, InterfaceError) as error:
        log.warning("search_miss_not_counted", error=str(error))


def count(query: str, visitor: str, day: date) -> bool:
    """Count the query on this day, unless the visitor asked it in this week before or a limit is reached; returns
    whether it counted."""
    tokens = " ".join(sorted({token for word in words(query) for token in word.tokens}))
    digest = salted_hmac(SALT, tokens, algorithm="sha256").hexdigest()
    week = _week_of(day)
    if _is_full(day, digest) or not _is_first(visitor, tokens, week):
        return False
    with transaction.atomic():
        miss = SearchMiss.objects.get_or_create(digest=digest)[0]
        _row, is_new = SearchMissDay.objects.get_or_create(miss=miss, day=day, defaults={"count": 1})
        if not is_new:
            SearchMissDay.objects.filter(miss=miss, day=day).update(count=F("count") + 1)
        if not miss.text and _askers(miss, week) >= settings.DEMAND_THRESHOLD:
            SearchMiss.objects.filter(pk=miss.pk).update(text=" ".join(query.split()).lower())
    return True


def _is_full(day: date, digest: str) -> bool:
    """Whether so much was counted on the day that this is not; then nothing is written."""
    today = SearchMissDay.objects.filter(day=day)
    queries, counted = today.aggregate(queries=Count("pk"), counted=Sum("count", default=0)).values()
    if counted >= COUNTED_A_DAY:
        return True
    return queries >= QUERIES_OF_A_DAY and not today.filter(miss__digest=digest).exists()


def _is_first(visitor: str, tokens: str, week: date) -> bool:
    """Whether the visitor asks it for the first time in this week, and may still leave something behind."""
    key = _key_of(week).encode()
    if not key:
        return False
    own = f"search-misses:{week}:{hmac.digest(key, visitor.encode(), 'sha256').hex()}"
    mark = f"search-miss:{week}:{hmac.digest(key, f'{visitor}|{tokens}'.encode(), 'sha256').hex()}"
    asked = cache.get(own, 0)
    if asked >= QUERIES_OF_A_VISITOR or not cache.add(mark, 1, WEEK_SECONDS):
        return False
    cache.set(own, asked + 1, WEEK_SECONDS)
    return True


def _week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


def _askers(miss: SearchMiss, week: date) -> int:
    """How many different visitors asked in the week."""
    counted = miss.days.filter(day__range=(week, week + timedelta(days=6)))
    return int(counted.aggregate(total=Sum("count"))["total"] or 0)


def _key_of(week: date) -> str:
    """The key by which visitors are told apart in this week; empty while the cache is away."""
    return str(cache.get_or_set(_name(week), lambda: secrets.token_hex(32), WEEK_SECONDS) or "")


def _name(week: date) -> str:
    return f"search-miss-key:{week}"


def forget(day: date | None = None) -> None:
    """Throw away the keys of the weeks before, and what was counted longer ago than SEARCH_MISS_DAYS."""
    today = day or timezone.localdate()
    this_week = _week_of(today)
    cache.delete_many([_name(this_week - timedelta(weeks=ago)) for ago in range(1, WEEKS_CLEARED + 1)])
    SearchMissDay.objects.filter(day__lte=today - timedelta(days=settings.SEARCH_MISS_DAYS)).delete()
    SearchMiss.objects.filter(days=None, demand=None).delete()
