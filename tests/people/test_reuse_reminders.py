"""Reuse is asked about once a year, in time, and counts as unconfirmed without an answer."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from people.models import User
from people.reuse import uses as reuse
from people.reuse.reminders import ASKED_BEFORE, BETWEEN_LETTERS, run
from projects.models import REUSE_VALID, BodyPage, ProjectPage, Reuse
from tests.factories import BodyPageFactory, ProjectPageFactory, editor_of
from tests.people.accounts import link_in_last_mail

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


@pytest.fixture
def body() -> BodyPage:
    found: BodyPage = BodyPageFactory()
    return found


@pytest.fixture
def adopter(body: BodyPage) -> User:
    return editor_of(body)


def used(body: BodyPage, adopter: User, **fields: object) -> Reuse:
    found = reuse.declare(ProjectPageFactory(), body.unit, adopter)
    Reuse.objects.filter(pk=found.pk).update(**fields)
    mail.outbox.clear()
    found.refresh_from_db()
    return found


def first_question(found: Reuse) -> datetime:
    assert found.confirmed_at
    return found.confirmed_at + REUSE_VALID - ASKED_BEFORE + timedelta(hours=1)


def test_what_was_confirmed_is_asked_about_a_month_before_the_year_is_over(body: BodyPage, adopter: User) -> None:
    found = used(body, adopter)
    due = first_question(found)
    assert run(due - A_DAY).letters == 0
    assert run(due).letters == 1
    assert mail.outbox[0].to == [adopter.email]
    assert run(due + A_DAY).letters == 0, "Nobody is asked every day"
    assert run(due + BETWEEN_LETTERS).letters == 1


def test_all_that_is_due_comes_in_one_letter(body: BodyPage, adopter: User) -> None:
    for _number in range(3):
        found = used(body, adopter)
    mail.outbox.clear()
    run(first_question(found))
    assert len(mail.outbox) == 1
    assert str(mail.outbox[0].body).count("/nachnutzung/antwort/") == 3


def test_one_click_confirms_for_another_year(body: BodyPage, adopter: User, client: Client) -> None:
    found = used(body, adopter, confirmed_at=timezone.now() - REUSE_VALID + A_DAY)
    run()
    address = link_in_last_mail()
    client.post(address, {"answer": "stimmt"})
    found.refresh_from_db()
    assert found.confirmed_at
    assert found.confirmed_at > timezone.now() - A_DAY
    assert run(timezone.now() + BETWEEN_LETTERS).letters == 0


def test_without_an_answer_it_is_unconfirmed_after_a_year_and_still_shown(
    body: BodyPage, adopter: User, client: Client
) -> None:
    found = used(body, adopter, confirmed_at=timezone.now() - REUSE_VALID - A_DAY)
    assert run().lapsed == 1
    assert run().lapsed == 0
    found.refresh_from_db()
    assert not found.is_confirmed
    assert found.name in client.get(f"/projekte/{found.project_id}/nachnutzung/").content.decode()
    reuse.confirm(found, adopter)
    found.refresh_from_db()
    assert found.lapsed_at is None


def test_what_is_over_or_refused_is_asked_about_no_more(body: BodyPage, adopter: User) -> None:
    nearly = timezone.now() - REUSE_VALID + A_DAY
    used(body, adopter, stage="abgeloest", confirmed_at=nearly)
    used(body, adopter, confirmed_at=None, refused_at=nearly)
    assert run().letters == 0
    used(body, adopter, confirmed_at=nearly)
    assert run().letters == 1


def test_a_claim_is_asked_about_twice_and_as_soon_as_there_are_people(body: BodyPage) -> None:
    project: ProjectPage = ProjectPageFactory()
    owner = editor_of(project.public_body)
    reuse.declare(project, body.unit, owner)
    assert run().letters == 0, "Nobody is there to be asked"
    editor_of(body)
    now = timezone.now()
    assert run(now).letters == 1
    Reuse.objects.update(declared_at=now - A_DAY)
    assert run(now + A_DAY).letters == 0
    assert run(now + BETWEEN_LETTERS + A_DAY).letters == 1
    Reuse.objects.update(asked_at=now + BETWEEN_LETTERS + A_DAY)
    assert run(now + 3 * BETWEEN_LETTERS).letters == 0


def test_nobody_is_asked_about_a_project_that_was_withdrawn(body: BodyPage, adopter: User) -> None:
    found = used(body, adopter)
    found.project.unpublish()
    assert run(first_question(found)).letters == 0
