"""The figures of avoided duplicate work: only what is public, nothing twice, nothing estimated."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNotContains
from wagtail.models import PageViewRestriction

from matching.figures.counted import QUARTERS, SHOWN_FROM, figures
from matching.models import DecisionKind, OverlapDecision
from projects.models import Partnership, PartnerState, ProjectPage, Reuse, ReuseState
from projects.models.reuse import REUSE_VALID
from tests.factories import BodyPageFactory, MunicipalityFactory, ProjectPageFactory

pytestmark = pytest.mark.django_db


def hide(project: ProjectPage) -> None:
    PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.LOGIN)


def decide(kind: str = DecisionKind.JOIN, **fields: Any) -> OverlapDecision:
    pair = {"project": ProjectPageFactory(phase="P1"), "other": ProjectPageFactory(), **fields}
    return OverlapDecision.objects.create(kind=kind, **pair)


def reuse(**fields: Any) -> Reuse:
    given = {
        "project": ProjectPageFactory(effort_from=20),
        "stage": ReuseState.PRODUCTIVE,
        "confirmed_at": timezone.now(),
        "municipality": MunicipalityFactory(),
        **fields,
    }
    return Reuse.objects.create(**given)


def test_decisions_are_counted_by_kind() -> None:
    decide()
    decide()
    decide(DecisionKind.ANYWAY, reason="Anderes Fachverfahren")
    counted = figures()
    by_kind = dict(counted.decisions)
    assert [by_kind[str(kind.label)] for kind in DecisionKind] == [2, 0, 0, 1]
    assert counted.decided == 3


@pytest.mark.parametrize("side", ["project", "other"])
def test_a_decision_about_what_only_members_read_is_not_counted(side: str) -> None:
    decide()
    hide(getattr(decide(), side))
    assert figures().decided == 1


def test_who_only_examines_uses_nothing_yet() -> None:
    reuse(stage=ReuseState.EXAMINING, person_days=1)
    counted = figures()
    assert (counted.reuses, counted.confirmed) == (0, 0)


def test_interest_is_no_participation() -> None:
    project, body = ProjectPageFactory(), BodyPageFactory()
    partnership = Partnership.objects.create(project=project, body=body)
    assert figures().joins == 0
    partnership.state, partnership.decided_at = PartnerState.ASSURED, timezone.now()
    partnership.save()
    assert figures().joins == 1
    hide(project)
    assert figures().joins == 0


def test_a_reuse_counts_as_confirmed_for_a_year_and_not_once_it_is_replaced() -> None:
    reuse()
    reuse(confirmed_at=timezone.now() - REUSE_VALID - datetime.timedelta(days=1))
    reuse(confirmed_at=None)
    reuse(stage=ReuseState.REPLACED)
    hide(reuse().project)
    counted = figures()
    assert (counted.confirmed, counted.reuses) == (1, 3)


def test_person_days_need_both_sides_and_some_reuses() -> None:
    for _number in range(SHOWN_FROM - 1):
        reuse(person_days=5)
    reuse(person_days=None)
    reuse(person_days=5, project=ProjectPageFactory())
    assert figures().saved.days is None
    reuse(person_days=5)
    assert figures().saved.days == SHOWN_FROM * 15


def test_a_reuse_that_took_longer_than_building_saves_nothing_and_costs_no_other() -> None:
    reuse(person_days=500)
    for _number in range(SHOWN_FROM):
        reuse(person_days=10)
    assert figures().saved.days == SHOWN_FROM * 10


def test_quarters_hold_what_happened_in_them() -> None:
    now = timezone.localtime()
    decide()
    decide(DecisionKind.WATCH)
    reuse(declared_at=now - datetime.timedelta(days=3 * 366), confirmed_at=now)
    quarters = figures().quarters
    assert [quarter.begins for quarter in quarters] == sorted(quarter.begins for quarter in quarters)
    assert len(quarters) == QUARTERS
    assert quarters[-1].begins <= now.date() < quarters[-1].begins + datetime.timedelta(days=93)
    assert (quarters[-1].decisions, sum(quarter.reuses for quarter in quarters)) == (1, 0)


def test_the_last_hour_of_a_quarter_belongs_to_it() -> None:
    begins = figures().quarters[-1].begins
    midnight = timezone.make_aware(datetime.datetime.combine(begins, datetime.time.min))
    decide(decided_at=midnight - datetime.timedelta(minutes=30))
    decide(decided_at=midnight)
    assert [quarter.decisions for quarter in figures().quarters[-2:]] == [1, 1]


def test_the_page_shows_the_figures_as_text_and_table(client: Client) -> None:
    assertNotContains(client.get("/vermiedene-doppelarbeit/"), "<table")
    decide()
    reuse()
    text = client.get("/vermiedene-doppelarbeit/").content.decode()
    assert text.count("<table") == 2
    assert 'class="dsr-figures__bar' in text


def test_example_content_is_named(client: Client) -> None:
    decide()
    assert not client.get("/vermiedene-doppelarbeit/").context["figures"].has_examples
    reuse(is_example=True)
    assert client.get("/vermiedene-doppelarbeit/").context["figures"].has_examples
