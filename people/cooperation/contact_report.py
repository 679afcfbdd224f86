"""How long the people of projects take to answer, for the staff: times and numbers, no names and no words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from pages.tree import parent_path
from people.rights import is_staff
from projects.models import BodyPage, ContactRequest

# Long enough for medians to mean something, short enough for a body that has become better to see it.
PERIOD = timedelta(days=365)
DAY = timedelta(days=1)
OPEN_SHOWN = 50


@dataclass
class Times:
    """Questions of one body, or of all: how many, how many are open, and how long the others took."""

    body: BodyPage | None = None
    asked: int = 0
    waiting: int = 0
    oldest: datetime | None = None
    waits: list[timedelta] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return len(self.waits)

    @property
    def median_days(self) -> float | None:
        """None while nothing was answered."""
        return round(median(wait / DAY for wait in self.waits), 1) if self.waits else None

    def count(self, sent_at: datetime, answered_at: datetime | None) -> None:
        self.asked += 1
        if answered_at is not None:
            self.waits.append(answered_at - sent_at)
            return
        self.waiting += 1
        self.oldest = min(self.oldest or sent_at, sent_at)


def reply_times(now: datetime) -> tuple[Times, list[Times]]:
    """All questions of the period together, and by body, those with the oldest open question first."""
    rows = ContactRequest.objects.filter(sent_at__gte=now - PERIOD).values_list(
        "project__path", "sent_at", "answered_at"
    )
    total, by_path = Times(), defaultdict[str, Times](Times)
    for path, sent_at, answered_at in rows:
        for times in (total, by_path[parent_path(path)]):
            times.count(sent_at, answered_at)
    return total, _named(by_path, now)


def _named(by_path: dict[str, Times], now: datetime) -> list[Times]:
    bodies = {body.path: body for body in BodyPage.objects.with_places().filter(path__in=by_path)}
    for path, times in by_path.items():
        times.body = bodies.get(path)
    return _sorted((times for times in by_path.values() if times.body), now)


def _sorted(found: Iterable[Times], now: datetime) -> list[Times]:
    return sorted(found, key=lambda times: (times.oldest or now, -times.asked, str(times.body)))


@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """Medians by body, and the questions that wait longest."""
    if not is_staff(request.user):
        raise PermissionDenied
    now = timezone.now()
    total, bodies = reply_times(now)
    waiting = ContactRequest.objects.filter(answered_at=None, sent_at__gte=now - PERIOD).select_related("project")
    context = {"total": total, "bodies": bodies, "waiting": waiting.order_by("sent_at", "pk")[:OPEN_SHOWN]}
    return render(request, "people/admin/contact_report.html", context)
