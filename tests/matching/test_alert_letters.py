"""Letters go out at the rhythm people chose, never twice, never with what they may not read, and can be ended."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext
from wagtail.models import PageViewRestriction

from matching.alerts.letters import MOST_IN_A_LETTER, deliver
from matching.models import Alert, AlertKind, AlertSettings, Event, Rhythm, Watch
from people.mail.queue import send_due
from people.models import QueuedMail, User
from projects.models import BodyPage, ProjectPage
from tests.factories import BodyPageFactory, ProjectPageFactory, UserFactory, editor_of
from tests.people.mail_server import Sink, mail_server

pytestmark = pytest.mark.django_db

LINK = re.compile(r"http://127\.0\.0\.1:8000(/abo/\S+)")
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def own() -> ProjectPage:
    page: ProjectPage = ProjectPageFactory(title="Hundesteuer Auental")
    return page


@pytest.fixture
def owner(own: ProjectPage) -> User:
    return editor_of(own.public_body)


def note(owner: User, own: ProjectPage, *, body: BodyPage | None = None, **fields: Any) -> ProjectPage:
    """What the worker has noted for the owner: a new project much like the own one."""
    new: ProjectPage = ProjectPageFactory(parent=body or BodyPageFactory(), **fields)
    reasons = [{"kind": "field", "text": "Gleiches Handlungsfeld: Verwaltung"}]
    Alert.objects.create(
        user=owner, kind=AlertKind.SIMILAR, about=f"project:{own.pk}", own=own, page=new, reasons=reasons
    )
    return new


def wants(user: User, rhythm: Rhythm) -> None:
    AlertSettings.objects.update_or_create(user=user, defaults={"similar": rhythm, "watched": rhythm})


def link_in(letter: Any) -> str:
    found = LINK.search(letter.body)
    assert found
    return found[1]


def test_letter_names_the_new_project_its_body_reasons_and_way_to_its_people(owner: User, own: ProjectPage) -> None:
    new = note(owner, own, title="Hundesteuer & <Halter>", contact_email="geheim@example.org")
    assert deliver() == 1
    letter = mail.outbox[0]
    assert letter.to == [owner.email]
    assert "Hundesteuer & <Halter>" in letter.subject
    text = str(letter.body)
    for expected in (new.title, new.public_body.title, own.title, "Gleiches Handlungsfeld", str(new.url), "/kontakt/"):
        assert expected in text
    assert "geheim@example.org" not in text


def test_letter_can_be_ended_by_one_click_as_rfc_8058_says(owner: User, own: ProjectPage) -> None:
    note(owner, own)
    deliver()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"] == f"<http://127.0.0.1:8000{link_in(mail.outbox[0])}>"


def test_nobody_is_written_to_twice(owner: User, own: ProjectPage) -> None:
    wants(owner, Rhythm.AT_ONCE)
    note(owner, own)
    assert (deliver(), deliver()) == (1, 0)


@pytest.mark.parametrize(
    ("rhythm", "pause"), [(Rhythm.AT_ONCE, timedelta(0)), (Rhythm.DAILY, timedelta(1)), (Rhythm.WEEKLY, timedelta(7))]
)
def test_next_letter_waits_as_long_as_was_chosen(
    owner: User, own: ProjectPage, rhythm: Rhythm, pause: timedelta
) -> None:
    wants(owner, rhythm)
    now = timezone.now()
    note(owner, own)
    deliver(now)
    note(owner, own)
    note(owner, own)
    if pause:
        assert deliver(now + pause - timedelta(minutes=1)) == 0
    assert deliver(now + pause) == 1
    assert len(mail.outbox) == 2, "the two that came meanwhile are in one letter"


def test_long_list_is_told_in_parts_and_nothing_of_it_is_lost(owner: User, own: ProjectPage) -> None:
    wants(owner, Rhythm.AT_ONCE)
    body = BodyPageFactory()
    for number in range(MOST_IN_A_LETTER + 1):
        note(owner, own, body=body, title=f"Ein Projekt mit der Nummer {number}.")
    assert (deliver(), deliver(), deliver()) == (1, 1, 0)
    assert all(
        any(f"Nummer {number}." in str(letter.body) for letter in mail.outbox) for number in range(MOST_IN_A_LETTER + 1)
    )


def test_plan_is_not_told_to_who_is_no_member_any_more(owner: User, own: ProjectPage) -> None:
    plan = note(owner, own)
    PageViewRestriction.objects.create(page=plan, restriction_type=PageViewRestriction.LOGIN)
    owner.groups.clear()
    assert deliver() == 0
    assert not Alert.objects.exists()


def test_who_has_left_the_body_is_told_nothing_more_about_its_projects(owner: User, own: ProjectPage) -> None:
    elsewhere: BodyPage = BodyPageFactory()
    note(owner, own)
    owner.groups.set([elsewhere.team.group])
    assert deliver() == 0
    assert not Alert.objects.exists()


def test_who_acts_for_the_body_is_told(own: ProjectPage) -> None:
    association: BodyPage = BodyPageFactory()
    association.team.acts_for.add(own.public_body)
    note(editor_of(association), own)
    assert deliver() == 1


def test_plan_for_members_says_that_one_has_to_log_in(owner: User, own: ProjectPage) -> None:
    plan = note(owner, own)
    PageViewRestriction.objects.create(page=plan, restriction_type=PageViewRestriction.LOGIN)
    deliver()
    assert gettext("For members only so far: please log in to read it.") in str(mail.outbox[0].body)


def test_project_that_is_gone_by_then_is_not_told(owner: User, own: ProjectPage) -> None:
    note(owner, own).unpublish()
    assert deliver() == 0
    assert not Alert.objects.exists()


def test_letter_arrives_once_although_the_mail_server_was_down(owner: User, own: ProjectPage, settings: Any) -> None:
    settings.EMAIL_BACKEND = "people.mail.queue.QueueBackend"
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    note(owner, own)
    deliver()
    assert send_due() == 0
    assert deliver() == 0
    QueuedMail.objects.update(next_try_at=timezone.now())
    with mail_server(Sink(), settings) as sink:
        send_due()
        send_due()
    assert [to for to, _letter in sink.letters] == [[owner.email]]
    assert sink.letters[0][1]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("step", ["write", "_note_sent"])
def test_letter_and_its_note_are_stored_together_or_not_at_all(
    owner: User, own: ProjectPage, monkeypatch: pytest.MonkeyPatch, settings: Any, step: str
) -> None:
    settings.EMAIL_BACKEND = "people.mail.queue.QueueBackend"
    note(owner, own)
    with monkeypatch.context() as patch:
        patch.setattr(f"matching.alerts.letters.{step}", _die)
        with pytest.raises(KeyboardInterrupt):
            deliver()
    assert (Alert.objects.waiting().count(), QueuedMail.objects.count()) == (1, 0)
    assert deliver() == 1
    assert (Alert.objects.waiting().count(), QueuedMail.objects.count()) == (0, 1)


def _die(*args: Any, **kwargs: Any) -> None:
    raise KeyboardInterrupt


def test_news_of_watched_projects_come_in_a_letter_of_their_own(owner: User, own: ProjectPage) -> None:
    note(owner, own)
    watched = ProjectPageFactory(title="Mängelmelder", phase="P4")
    Watch.objects.create(user=owner, project=watched)
    Alert.objects.create(user=owner, kind=AlertKind.WATCHED, event=Event.PHASE, about="watch:1", page=watched)
    assert deliver() == 2
    assert watched.get_phase_display() in str(mail.outbox[1].body)
    assert link_in(mail.outbox[0]) != link_in(mail.outbox[1])


def test_opening_the_link_changes_nothing_and_sending_it_ends_this_kind_of_letter_alone(
    owner: User, own: ProjectPage
) -> None:
    note(owner, own)
    deliver()
    note(owner, own)
    link, visitor = link_in(mail.outbox[0]), Client(enforce_csrf_checks=True)
    assert visitor.get(link).status_code == 200
    assert Alert.objects.waiting().exists()
    assert visitor.post(link, ONE_CLICK).status_code == 200
    settings = AlertSettings.objects.get(user=owner)
    assert (settings.similar, settings.watched) == (Rhythm.NEVER, Rhythm.DAILY)
    assert not Alert.objects.waiting().exists()
    visitor.post(link, {"back": "1"})
    assert AlertSettings.objects.get(user=owner).similar == Rhythm.DAILY


def test_link_that_was_changed_opens_nothing() -> None:
    answer = Client().post("/abo/gefaelscht/", ONE_CLICK)
    assert answer.status_code == 410
    assert not AlertSettings.objects.exists()


def test_rhythm_is_chosen_in_the_account(client: Client) -> None:
    person = UserFactory()
    assert client.get("/konto/benachrichtigungen/").status_code == 302
    client.force_login(person)
    client.post("/konto/benachrichtigungen/", {"similar": Rhythm.WEEKLY, "watched": Rhythm.NEVER})
    settings = AlertSettings.objects.get(user=person)
    assert (settings.similar, settings.watched) == (Rhythm.WEEKLY, Rhythm.NEVER)


def test_the_choice_of_no_letters_is_a_choice_in_german() -> None:
    with translation.override("de"):
        assert str(Rhythm.NEVER.label) == "nie"


def test_letters_that_are_not_due_cost_no_more_questions_the_more_there_are(own: ProjectPage) -> None:
    def waits(count: int) -> None:
        for _number in range(count):
            person = editor_of(BodyPageFactory())
            note(person, own)
            AlertSettings.objects.create(user=person, similar=Rhythm.WEEKLY, similar_sent_at=timezone.now())

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert deliver() == 0
        return len(queries)

    waits(1)
    few = asked()
    waits(5)
    assert asked() == few


def test_letter_of_many_items_costs_no_more_questions_than_one_of_few(owner: User, own: ProjectPage) -> None:
    wants(owner, Rhythm.AT_ONCE)

    def asked(count: int) -> int:
        for _number in range(count):
            note(owner, own)
        with CaptureQueriesContext(connection) as queries:
            assert deliver() == 1
        return len(queries)

    asked(1)
    assert asked(2) == asked(8)


def test_who_may_not_log_in_any_more_gets_no_letter_until_that_changes(owner: User, own: ProjectPage) -> None:
    note(owner, own)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert deliver() == 0
    assert not mail.outbox
    User.objects.filter(pk=owner.pk).update(is_active=True)
    assert deliver() == 1
