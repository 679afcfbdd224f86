"""Who is asked when about reuse: claims nobody has answered, and what was confirmed almost a year ago.

What nobody confirms anew counts as unconfirmed after a year; nothing is removed. A person gets one letter a body for
all that is due.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from people.mail.letters import write
from people.reuse import notify as reuse_telling
from people.reuse.links import LINKS, link_to
from projects.models import ProjectPage, Reuse
from projects.models.reuse import ReuseQuerySet, is_confirmed
from projects.reuse import unit_key

# A month before the year is over, then every two weeks: whoever was away answers the second letter.
ASKED_BEFORE = timedelta(days=30)
BETWEEN_LETTERS = timedelta(days=14)
# So many can be read in one go; the rest follows with the next run.
MOST_IN_A_LETTER = 20


@dataclass
class Applied:
    """What one run did."""

    asked: int = 0
    letters: int = 0
    lapsed: int = 0


@dataclass(frozen=True)
class Item:
    """One reuse in a letter, with the address of its question."""

    reuse: Reuse
    url: str


def run(now: datetime | None = None) -> Applied:
    """Do what is due now; run again, it does nothing more."""
    now = now or timezone.now()
    applied = Applied(lapsed=_note_lapsed(now))
    for claim in _claims(now):
        with transaction.atomic():
            if letters := reuse_telling.ask(claim):
                applied.asked, applied.letters = applied.asked + 1, applied.letters + letters
    for reuses in _by_unit(_due(now)):
        with transaction.atomic():
            _ask_again(reuses[:MOST_IN_A_LETTER], now, applied)
    return applied


def _note_lapsed(now: datetime) -> int:
    """Saved one by one, so that the search hears of each."""
    lapsed = Reuse.objects.told().lapsed(now).filter(lapsed_at=None)
    for found in list(lapsed):
        found.lapsed_at = now
        found.save(update_fields=["lapsed_at"])
    return len(lapsed)


def _claims(now: datetime) -> list[Reuse]:
    """Claims whose unit has people now and was never asked, and those to be asked a second time, two weeks later."""
    once_more = Q(asked_at__lte=now - BETWEEN_LETTERS, asked_at__lt=F("declared_at") + BETWEEN_LETTERS)
    open_claims = Reuse.objects.unanswered().filter(Q(asked_at=None) | once_more)
    return list(_readable(open_claims))


def _due(now: datetime) -> list[Reuse]:
    """What was confirmed almost a year ago and is not over, and was not asked about lately."""
    ending = Reuse.objects.current().filter(is_confirmed(now)).lapsed(now + ASKED_BEFORE)
    return list(_readable(ending.filter(Q(asked_at=None) | Q(asked_at__lte=now - BETWEEN_LETTERS))))


def _readable(reuses: ReuseQuerySet) -> ReuseQuerySet:
    projects = ProjectPage.objects.readable_by_members().order_by().values("pk")
    told = reuses.readable_by_members().filter(project__in=projects)
    return told.with_units().select_related("project").order_by("pk")


def _by_unit(reuses: Iterable[Reuse]) -> list[list[Reuse]]:
    found: dict[tuple[str, int] | None, list[Reuse]] = defaultdict(list)
    for one in reuses:
        found[unit_key(one)].append(one)
    return list(found.values())


def _ask_again(reuses: list[Reuse], now: datetime, applied: Applied) -> None:
    """One letter to everybody of the unit, about all of them; without people nothing is noted."""
    people = reuse_telling.people_of_unit(reuses[0].unit)
    for person in people:
        items = [Item(one, LINKS.url(link_to(one, person))) for one in reuses]
        applied.letters += write("reuse_due", [person.email], {"name": reuses[0].name, "items": items})
    if people:
        Reuse.objects.filter(pk__in=[one.pk for one in reuses]).update(asked_at=now)
        applied.asked += len(reuses)
