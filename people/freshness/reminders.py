"""Who is asked when: once a day the worker looks what is due, writes to contact and team, and notes what was in vain.

A body gets one letter a person and week, however many entries are due. What was asked for three times in vain is
orphaned: visible to everybody, found last, offered to others. Nothing is removed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from pages.tree import parent_path
from people.freshness.entries import Answer, note_what_is_missing
from people.freshness.links import LINKS, Link, link_to
from people.mail.letters import write
from people.teams.membership import absolute
from people.teams.teams import owners_of
from projects.models import BodyPage, Freshness, FreshnessState, ProjectPage

# An absence lasts two weeks; whoever was away answers the second letter.
BETWEEN_REMINDERS = timedelta(days=14)
MOST_REMINDERS = 3
# People with many entries get letters with many entries, not many letters.
BETWEEN_LETTERS = timedelta(days=7)
# So many can be read in one go; the rest follows a week later.
MOST_IN_A_LETTER = 20


@dataclass
class Applied:
    """What one run did."""

    became_due: int = 0
    reminded: int = 0
    letters: int = 0
    orphaned: int = 0


@dataclass(frozen=True)
class Item:
    """One entry in a letter, with its addresses."""

    project: ProjectPage
    freshness: Freshness
    link: Link

    @property
    def holds_url(self) -> str:
        return LINKS.url(self.link, "freshness_answer", Answer.HOLDS)

    @property
    def ended_url(self) -> str:
        return LINKS.url(self.link, "freshness_answer", Answer.ENDED)

    @property
    def change_url(self) -> str:
        return LINKS.url(self.link, "freshness_change")


def run(now: datetime | None = None) -> Applied:
    """Do what is due now; run again, it does nothing more."""
    now = now or timezone.now()
    note_what_is_missing()
    applied = Applied(became_due=_settle_states(now))
    due = Freshness.objects.public().of_projects().filter(state=FreshnessState.DUE).order_by("review_due", "pk")
    for body, entries in _by_body(due):
        with transaction.atomic():
            _orphan(body, [entry for entry in entries if _is_given_up(entry, now)], now, applied)
            _remind(body, [entry for entry in entries if not _is_given_up(entry, now)], now, applied)
    return applied


def _settle_states(now: datetime) -> int:
    """Bring states in line with dates; returns how many entries became due. An interval may have grown meanwhile."""
    today, live = timezone.localdate(now), Freshness.objects.public()
    fallen_due = list(live.overdue(today).filter(state=FreshnessState.CURRENT))
    for entry in fallen_due:
        entry.note_due()
    overdue = live.overdue(today).values("pk")
    for entry in live.exclude(state=FreshnessState.CURRENT).exclude(pk__in=overdue):
        entry.state, entry.reminders, entry.reminded_at, entry.orphaned_at = FreshnessState.CURRENT, 0, None, None
        entry.save(update_fields=["state", "reminders", "reminded_at", "orphaned_at"])
    return len(fallen_due)


def _by_body(due: Iterable[Freshness]) -> list[tuple[BodyPage, list[Freshness]]]:
    """The entries of each body, longest due first."""
    found: dict[str, list[Freshness]] = defaultdict(list)
    for entry in due:
        found[parent_path(entry.page.path)].append(entry)
    bodies = BodyPage.objects.filter(path__in=found).order_by("path")
    return [(body, found[body.path]) for body in bodies]


def _is_given_up(entry: Freshness, now: datetime) -> bool:
    return (
        entry.reminders >= MOST_REMINDERS
        and entry.reminded_at is not None
        and entry.reminded_at <= now - BETWEEN_REMINDERS
    )


def _remind(body: BodyPage, entries: Sequence[Freshness], now: datetime, applied: Applied) -> None:
    """Ask for what it is time to ask for. An entry nobody can be asked about is counted as if somebody had been."""
    last = max((entry.reminded_at for entry in entries if entry.reminded_at), default=None)
    if last is not None and last > now - BETWEEN_LETTERS:
        return
    waiting = [entry for entry in entries if entry.reminders < MOST_REMINDERS and _may_be_asked(entry, now)]
    pages = [entry.page_id for entry in waiting]
    answerable = set(pages)
    if not owners_of(body):
        answerable = set(
            ProjectPage.objects.filter(pk__in=pages).exclude(contact_email="").values_list("pk", flat=True)
        )
    asked = [entry for entry in waiting if entry.page_id in answerable][:MOST_IN_A_LETTER]
    applied.letters += _write("review", body, asked)
    applied.reminded += len(asked)
    for entry in [*asked, *(entry for entry in waiting if entry.page_id not in answerable)]:
        entry.note_reminder(now)


def _may_be_asked(entry: Freshness, now: datetime) -> bool:
    return entry.reminded_at is None or entry.reminded_at <= now - BETWEEN_REMINDERS


def _orphan(body: BodyPage, entries: Sequence[Freshness], now: datetime, applied: Applied) -> None:
    applied.letters += _write("orphaned", body, entries[:MOST_IN_A_LETTER])
    for entry in entries:
        entry.orphan(now)
        log(instance=entry.page.specific, action="dsr.orphan")
    applied.orphaned += len(entries)


def _write(name: str, body: BodyPage, entries: Sequence[Freshness]) -> int:
    """One letter to everybody concerned, with the entries that concern them; returns how many were written."""
    team = {user.email.lower(): user for user in owners_of(body)}
    projects = ProjectPage.objects.in_bulk([entry.page_id for entry in entries])
    of_address: dict[str, list[Item]] = defaultdict(list)
    for entry in entries:
        project = projects[entry.page_id]
        for email in sorted({*team, project.contact_email.lower()} - {""}):
            of_address[email].append(Item(project, entry, link_to(entry, team.get(email))))
    admin_url = absolute(reverse("wagtailadmin_home"))
    return sum(
        write(name, [email], {"body": body, "items": items, "is_team": email in team, "admin_url": admin_url})
        for email, items in of_address.items()
    )
