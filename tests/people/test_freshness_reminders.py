"""People are asked in time, not too often, and what nobody answers is orphaned rather than removed."""

import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from people.freshness.reminders import BETWEEN_REMINDERS, MOST_IN_A_LETTER, MOST_REMINDERS, run
from people.mail.queue import send_due
from projects.models import Freshness, FreshnessState, ProjectPage, ReviewInterval
from tests.factories import ArticlePageFactory, BodyPageFactory, ProjectPageFactory, editor_of
from tests.people.ageing import overdue
from tests.people.mail_server import Sink, mail_server

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


def entry_of(project: ProjectPage) -> Freshness:
    return Freshness.objects.get(page_id=project.pk)


def ask_until_given_up(start: datetime) -> datetime:
    """Run the days from then on, until an entry is orphaned at the latest."""
    now = start
    for _day in range(MOST_REMINDERS * BETWEEN_REMINDERS.days + 2):
        run(now)
        now += A_DAY
    return now


def test_nobody_is_asked_before_the_time() -> None:
    project = ProjectPageFactory(contact_email="kontakt@example.org")
    due = entry_of(project).review_due
    assert due is not None
    noon = datetime.combine(due, time(12), timezone.get_current_timezone())
    run(noon - A_DAY)
    assert not mail.outbox
    assert entry_of(project).state == FreshnessState.CURRENT
    run(noon)
    assert [letter.to for letter in mail.outbox] == [["kontakt@example.org"]]
    assert entry_of(project).state == FreshnessState.DUE


def test_contact_and_team_get_one_letter_each_and_the_contact_among_them_no_second() -> None:
    body = BodyPageFactory()
    editor = editor_of(body, email="auch.kontakt@example.org")
    for number in range(3):
        overdue(ProjectPageFactory(parent=body, contact_email=f"k{number}@example.org"))
    overdue(ProjectPageFactory(parent=body, contact_email="Auch.Kontakt@example.org"))
    run()
    letters = {letter.to[0]: str(letter.body) for letter in mail.outbox}
    assert set(letters) == {editor.email, "k0@example.org", "k1@example.org", "k2@example.org"}
    assert letters[editor.email].count("/stimmt/") == 4
    assert letters["k1@example.org"].count("/stimmt/") == 1


def test_run_again_on_the_same_day_writes_nothing() -> None:
    overdue(ProjectPageFactory(contact_email="kontakt@example.org"))
    assert run().letters == 1
    assert (run().letters, run().reminded) == (0, 0)


def test_three_letters_then_orphaned_and_still_public(client: Client) -> None:
    project = ProjectPageFactory(contact_email="kontakt@example.org")
    overdue(project)
    ask_until_given_up(timezone.now())
    entry = entry_of(project)
    assert (entry.state, entry.reminders) == (FreshnessState.ORPHANED, MOST_REMINDERS)
    assert len(mail.outbox) == MOST_REMINDERS + 1, "and one that says it is orphaned"
    assert client.get(project.url).status_code == 200


def test_answer_ends_the_reminders_and_brings_an_orphan_back(client: Client) -> None:
    project = ProjectPageFactory(contact_email="kontakt@example.org")
    overdue(project)
    now = ask_until_given_up(timezone.now())
    address = re.search(r"/aktuell/\S+/stimmt/", str(mail.outbox[-1].body))
    assert address
    client.post(address[0])
    assert entry_of(project).state == FreshnessState.CURRENT
    sent = len(mail.outbox)
    run(now)
    assert len(mail.outbox) == sent


def test_entry_without_anybody_to_ask_is_orphaned_all_the_same() -> None:
    project = ProjectPageFactory()
    overdue(project)
    ask_until_given_up(timezone.now())
    assert not mail.outbox
    assert entry_of(project).state == FreshnessState.ORPHANED


def test_people_with_many_entries_get_a_letter_a_week_that_can_be_read() -> None:
    body = BodyPageFactory()
    editor_of(body)
    for _number in range(MOST_IN_A_LETTER + 5):
        overdue(ProjectPageFactory(parent=body))
    now = timezone.now()
    for day in range(6):
        run(now + day * A_DAY)
    assert len(mail.outbox) == 1
    run(now + 7 * A_DAY)
    assert [str(letter.body).count("/stimmt/") for letter in mail.outbox] == [MOST_IN_A_LETTER, 5]


def test_bodies_are_written_to_apart() -> None:
    editors = []
    for _number in range(2):
        project = ProjectPageFactory()
        overdue(project)
        editors.append((editor_of(project.public_body), project))
    run()
    for editor, project in editors:
        (letter,) = [letter for letter in mail.outbox if letter.to == [editor.email]]
        assert project.title in str(letter.body)
        assert str(letter.body).count("/stimmt/") == 1


def test_unpublished_entries_are_left_alone() -> None:
    project = ProjectPageFactory(contact_email="kontakt@example.org")
    overdue(project)
    project.unpublish()
    run()
    assert not mail.outbox


def test_longer_interval_makes_entries_current_again() -> None:
    project = ProjectPageFactory()
    entry = overdue(project, reminders=3)
    entry.confirmed_at = timezone.now() - timedelta(days=200)
    entry.save()
    interval = ReviewInterval.objects.get(subject=project.phase)
    interval.months = 24
    interval.save()
    run()
    assert (entry_of(project).state, entry_of(project).reminders) == (FreshnessState.CURRENT, 0)


def test_article_becomes_due_without_a_letter() -> None:
    article = ArticlePageFactory()
    overdue(article, state=FreshnessState.CURRENT)
    ask_until_given_up(timezone.now())
    assert Freshness.objects.get(page_id=article.pk).state == FreshnessState.DUE
    assert not mail.outbox


def test_letter_arrives_with_the_three_answers(settings: Any, client: Client) -> None:
    settings.EMAIL_BACKEND = "people.mail.queue.QueueBackend"
    project = ProjectPageFactory(title="Ampel & Schranke", contact_email="kontakt@example.org")
    overdue(project)
    run()
    with mail_server(Sink(), settings) as sink:
        assert send_due() == 1
    ((to, message),) = sink.letters
    assert to == ["kontakt@example.org"]
    assert "Ampel & Schranke" in str(message["Subject"])
    plain, html = (part.get_content() for part in message.iter_parts())  # type: ignore[attr-defined]
    for word in ("stimmt", "aendern", "beendet"):
        found = re.search(rf"{settings.BASE_URL}(/aktuell/\S+/{word}/)", plain)
        assert found
        assert f'href="{found[0]}"' in html
        assert client.get(found[1]).status_code == 200
    assert "Ampel &amp; Schranke" in html
