"""Vermiedene Doppelarbeit in figures: counted when asked, from what everybody can read on the pages themselves.

Nothing is estimated, and nothing is added up that could be the same thing twice.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncQuarter
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.models import Alert, AlertKind, DecisionKind, OverlapDecision
from projects.models import BodyPage, Partnership, PartnerState, ProjectPage, Reuse

# Below it a sum says more about single bodies than about all of them.
SHOWN_FROM = 3
QUARTERS = 8
MONTHS_OF_A_QUARTER = 3
# Decisions by which something was not built a second time.
TOGETHER = (DecisionKind.JOIN, DecisionKind.REUSE)


@dataclass(frozen=True)
class Saved:
    """Person-days, by reuses of which both sides told theirs; `days` is None if too few did."""

    days: int | None
    reuses: int


@dataclass(frozen=True)
class Quarter:
    """Three months, by what happened in them."""

    begins: datetime.date
    decisions: int
    joins: int
    reuses: int

    @property
    def number(self) -> int:
        return (self.begins.month - 1) // MONTHS_OF_A_QUARTER + 1

    @property
    def label(self) -> str:
        return _("quarter %(number)d of %(year)d") % {"number": self.number, "year": self.begins.year}

    @property
    def short_label(self) -> str:
        """For the drawing, where eight stand beside each other."""
        return f"{self.number}/{self.begins.year}"


@dataclass(frozen=True)
class Figures:
    """All figures of the page. `hints` is None if there are too few to show."""

    hints: int | None
    decisions: list[tuple[str, int]]
    joins: int
    reuses: int
    confirmed: int
    saved: Saved
    quarters: list[Quarter]
    has_examples: bool

    @property
    def decided(self) -> int:
        return sum(count for _label, count in self.decisions)

    @property
    def is_empty(self) -> bool:
        return not (self.decided or self.joins or self.reuses)


def figures() -> Figures:
    """The figures of this moment; a fixed number of queries."""
    readable = ProjectPage.objects.readable().order_by().values("pk")
    decisions = OverlapDecision.objects.filter(project__in=readable).order_by()
    decisions = decisions.filter(Q(other__in=readable) | Q(other__isnull=True))
    bodies = BodyPage.objects.readable().order_by().values("pk")
    joins = (
        Partnership.objects.readable()
        .filter(state=PartnerState.ASSURED, project__in=readable, body__in=bodies)
        .order_by()
    )
    reuses = Reuse.objects.in_use().filter(project__in=readable).order_by()
    by_kind = dict(decisions.values_list("kind").annotate(count=Count("pk")))
    return Figures(
        hints=_hints(readable),
        decisions=[(str(kind.label), by_kind.get(kind, 0)) for kind in DecisionKind],
        joins=joins.count(),
        reuses=reuses.count(),
        confirmed=reuses.confirmed().count(),
        saved=_saved(reuses.confirmed()),
        quarters=_trend(decisions.filter(kind__in=TOGETHER), joins, reuses.confirmed()),
        has_examples=_has_examples(reuses, joins, decisions),
    )


def _hints(readable: QuerySet[ProjectPage, dict[str, Any]]) -> int | None:
    """Pairs of public projects whose people were told of each other."""
    told = Alert.objects.filter(kind=AlertKind.SIMILAR, sent_at__isnull=False, page__in=readable, own__in=readable)
    count = told.order_by().values("own", "page").distinct().count()
    return count if count >= SHOWN_FROM else None


def _saved(confirmed: QuerySet[Reuse]) -> Saved:
    """What building it cost at least, less what taking it over cost; never below zero for one reuse."""
    known = confirmed.filter(person_days__isnull=False, project__effort_from__isnull=False)
    pairs: list[Any] = list(known.values_list("project__effort_from", "person_days"))
    days = sum(max(0, built - reused) for built, reused in pairs)
    return Saved(days if len(pairs) >= SHOWN_FROM else None, len(pairs))


def _trend(
    decisions: QuerySet[OverlapDecision], joins: QuerySet[Partnership], reuses: QuerySet[Reuse]
) -> list[Quarter]:
    """The last quarters, oldest first, the present one last."""
    begins = list(_quarters(timezone.localdate()))
    # A reuse counts when it was declared: it is confirmed anew each year.
    counted = [
        _by_quarter(decisions, "decided_at", begins[0]),
        _by_quarter(joins, "decided_at", begins[0]),
        _by_quarter(reuses, "declared_at", begins[0]),
    ]
    return [Quarter(day, *(counts.get(day, 0) for counts in counted)) for day in begins]


def _quarters(today: datetime.date) -> Iterable[datetime.date]:
    """The first days of the last quarters, oldest first."""
    present = today.year * 4 + (today.month - 1) // MONTHS_OF_A_QUARTER
    for number in range(present - QUARTERS + 1, present + 1):
        yield datetime.date(number // 4, number % 4 * MONTHS_OF_A_QUARTER + 1, 1)


def _by_quarter(rows: QuerySet[Any], moment: str, since: datetime.date) -> dict[datetime.date, int]:
    first = timezone.make_aware(datetime.datetime.combine(since, datetime.time.min))
    quarters = rows.filter(**{f"{moment}__gte": first}).annotate(quarter=TruncQuarter(moment)).values_list("quarter")
    return {quarter.date(): count for quarter, count in quarters.annotate(count=Count("pk"))}


def _has_examples(reuses: QuerySet[Reuse], joins: QuerySet[Partnership], decisions: QuerySet[OverlapDecision]) -> bool:
    """Whether example content is among what was counted."""
    return (
        reuses.filter(is_example=True).exists()
        or joins.filter(is_example=True).exists()
        or decisions.filter(project__is_example=True).exists()
    )
