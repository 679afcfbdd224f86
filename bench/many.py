"""Step of the bench: what waits by the thousand – plans for a look, letters to owners, kept searches – next to few.

Each is made in a transaction that is taken back, so that the sandbox stays what it was. Statements are counted, since
they do not depend on what else the machine does; letters and searches are also timed one by one.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from itertools import islice
from typing import Any
from unittest import mock

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from matching.alerts import saved
from matching.alerts.letters import deliver
from matching.models import Alert, AlertKind, AlertSettings, DecisionKind, OverlapDecision, Rhythm, SavedSearch
from people.models import QueuedMail, Team, User
from people.rights import STAFF_GROUP, create_team
from projects.models import BodyPage, OzgService, Plan, ProjectPage
from search.query.parameters import SearchParameters

# The page of the queue shows 50 plans: more than that must cost no more.
PLANS = (10, 50, 1_000)
OWNERS = (10, 100, 1_000)
SEARCHES = (10, 100, 1_000)
ALERTS_FOR_EACH = 3
ROUNDS = 5
WORDS = ("Antrag", "Termin", "Sensor", "Karte", "Schule", "Verkehr", "Wasser", "Bürger")

Counted = dict[str, float]
Measure = Callable[[int], Counted]


def main() -> dict[str, list[Counted]]:
    """For each part a row for every size: `size`, and what was measured of it. Needs 2,000 projects."""
    settings.SECOND_FACTOR_REQUIRED = False  # nobody here has one to show
    measures: dict[str, tuple[Measure, tuple[int, ...]]] = {
        "plans": (plans, PLANS),
        "letters": (letters, OWNERS),
        "letters not due": (letters_not_due, OWNERS),
        "searches": (searches, SEARCHES),
        "searches without news": (searches_without_news, SEARCHES),
    }
    found = {}
    for name, (measure, sizes) in measures.items():
        taken_back(measure, sizes[0])  # loads what is loaded once
        found[name] = [{"size": size, **taken_back(measure, size)} for size in sizes]
    return found


def taken_back(measure: Measure, size: int) -> Counted:
    with transaction.atomic():
        result = measure(size)
        transaction.set_rollback(True)
    return result


@contextmanager
def counted() -> Iterator[Counted]:
    """Statements, and milliseconds of processor time and on the clock, of what happens inside."""
    found: Counted = {"statements": 0.0}

    def count(execute: Any, *arguments: Any) -> Any:
        found["statements"] += 1
        return execute(*arguments)

    began, used = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        yield found
    found["ms"] = (time.perf_counter() - began) * 1_000
    found["processor"] = (time.process_time() - used) * 1_000


def projects(count: int) -> list[ProjectPage]:
    return list(ProjectPage.objects.live().order_by("pk")[:count])


def bodies(count: int) -> list[BodyPage]:
    """So many that have projects, a hundred at most."""
    return list(BodyPage.objects.filter(numchild__gt=0).order_by("pk")[: min(count, 100)])


def people(count: int) -> list[User]:
    """Members of those bodies, in their order, one each as far as there are enough."""
    teams = [Team.objects.filter(body=body).first() or create_team(body) for body in bodies(count)]
    users = User.objects.bulk_create(User(email=f"many{number}@example.org") for number in range(count))
    through = User.groups.through
    through.objects.bulk_create(
        through(user_id=user.pk, group_id=teams[number % len(teams)].group_id) for number, user in enumerate(users)
    )
    return users


# --- plans that wait for a look ---------------------------------------------------------------------------------------


def plans(count: int) -> Counted:
    """The page of the queue, with one decision about each plan; the mean of some calls."""
    pages = projects(count + 1)
    others, staff = pages[1:] + pages[:1], User.objects.create(email="staff@example.org")
    staff.groups.add(Group.objects.get(name=STAFF_GROUP))
    Plan.objects.bulk_create(Plan(project=page, reported_by=staff) for page in pages[:count])
    login = PageViewRestriction.LOGIN
    PageViewRestriction.objects.bulk_create(
        PageViewRestriction(page=page, restriction_type=login) for page in pages[:count]
    )
    OverlapDecision.objects.bulk_create(
        OverlapDecision(project=page, other=other, kind=DecisionKind.ANYWAY, reason="Anderes Verfahren")
        for page, other in islice(zip(pages, others, strict=True), count)
    )
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0], raise_request_exception=True)
    client.force_login(staff)

    def look() -> None:
        answer = client.get(reverse("plan_queue"), secure=True)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"The queue answered {answer.status_code}.")

    look()
    with counted() as found:
        for _round in range(ROUNDS):
            look()
    return {name: value / ROUNDS for name, value in found.items()}


# --- letters to owners ------------------------------------------------------------------------------------------------


def letters(count: int) -> Counted:
    """One run of the worker with a letter for each of so many owners, about three similar projects each."""
    note_alerts(count, Rhythm.AT_ONCE)
    with counted() as found:
        written = deliver()
    if written != count or QueuedMail.objects.count() < count:
        raise RuntimeError(f"{written} of {count} letters were written.")
    return {name: value / count for name, value in found.items()}


def letters_not_due(count: int) -> Counted:
    """One run of the worker while all of them had a letter this week and want the next one in a week."""
    note_alerts(count, Rhythm.WEEKLY, timezone.now() - timedelta(hours=1))
    with counted() as found:
        written = deliver()
    if written:
        raise RuntimeError(f"{written} letters were written too early.")
    return found


def note_alerts(count: int, rhythm: Rhythm, sent_at: Any = None) -> None:
    service = OzgService.objects.order_by("pk").first()
    owners, pages = people(count), projects(count + ALERTS_FOR_EACH)
    # Only about what is theirs people are told.
    theirs = [ProjectPage.objects.child_of(body).live().order_by("pk").first() for body in bodies(count)]
    own = [theirs[number % len(theirs)] for number in range(count)]
    if service:
        through = ProjectPage.ozg_services.through
        through.objects.bulk_create(
            [through(projectpage_id=page.pk, ozgservice_id=service.pk) for page in pages], ignore_conflicts=True
        )
    AlertSettings.objects.bulk_create(
        AlertSettings(user=owner, similar=rhythm, similar_sent_at=sent_at) for owner in owners
    )
    Alert.objects.bulk_create(
        Alert(
            user=owner, kind=AlertKind.SIMILAR, about=f"project:{own[number].pk}", own=own[number], page=page,
            reasons=[{"kind": "words", "text": "Gemeinsame Wörter: Antrag"}],
        )
        for number, owner in enumerate(owners)
        for page in pages[number + 1 : number + 1 + ALERTS_FOR_EACH]
    )  # fmt: skip


# --- kept searches ----------------------------------------------------------------------------------------------------


def searches(count: int) -> Counted:
    """One run that looks at all of them, without a limit of time; beside it the engine's own answer alone."""
    keep(count)
    with counted() as found, mock.patch.object(saved, "RUN_SECONDS", float("inf")):
        looked_at = saved.run()
    if looked_at != count:
        raise RuntimeError(f"{looked_at} of {count} searches were looked at.")
    with counted() as alone:
        for number in range(count):
            saved.newest(asked(number), "members", saved.MOST_KNOWN)
    return {
        **{name: value / count for name, value in found.items()},
        "engine": alone["processor"] / count,
        "engine statements": alone["statements"] / count,
    }


def searches_without_news(count: int) -> Counted:
    """A run when nothing has changed in the index since."""
    keep(count, checked_at=timezone.now() + timedelta(days=1), known=[])
    with counted() as found:
        saved.run()
    return found


def keep(count: int, **fields: Any) -> None:
    SavedSearch.objects.bulk_create(
        SavedSearch(user=owner, name="Suche", parameters=asked(number).query_string(), **fields)
        for number, owner in enumerate(people(count))
    )


def asked(number: int) -> SearchParameters:
    """Different words, so that nothing is answered from what was asked before."""
    first, second = WORDS[number % len(WORDS)], WORDS[number // len(WORDS) % len(WORDS)]
    return saved.parameters_of(f"?q={first}+{second}")
