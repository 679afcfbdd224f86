"""Questions reach the people of a project by a form: no address is shown, answers are timed, little is kept."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNotContains

from people.admin_site.to_do import tasks_for
from people.cooperation import contact, partners
from people.cooperation.contact_forms import LEAST_TIME, LONGEST_TIME
from people.cooperation.contact_report import reply_times
from people.freshness import reminders as freshness_reminders
from people.models import User
from people.privacy import retention
from people.privacy.personal_data import erase, export
from projects.models import BodyPage, ContactRequest, ProjectPage
from tests.factories import BodyPageFactory, ProjectPageFactory, UserFactory, editor_of, staff_member
from tests.people.accounts import link_in_last_mail
from tests.people.ageing import overdue

pytestmark = pytest.mark.django_db

QUESTION = {
    "message": "Dürfen wir das Lastenheft sehen?",
    "name": "Frieda Frage",
    "organisation": "Stadt Bergheim",
    "email": "frieda@bergheim.example",
}
SECRET = {"contact_email": "kontakt@auental.example", "deputy_email": "vertretung@auental.example"}


@pytest.fixture
def owner() -> User:
    return editor_of(BodyPageFactory(title="Auental"), email="olga@auental.example")


@pytest.fixture
def project(owner: User) -> ProjectPage:
    body = BodyPage.objects.get(team__group__user=owner)
    text = json.dumps([{"type": "contact", "value": {"name": "Amt", "role": "", "email": "amt@auental.example"}}])
    found: ProjectPage = ProjectPageFactory(
        parent=body, title="Parkausweis", openness="gesucht", contact_name="Olga Ohm", body=text, **SECRET
    )
    return found


def address_of(project: ProjectPage) -> str:
    return f"/projekte/{project.pk}/kontakt/"


def ask(client: Client, project: ProjectPage, *, after: timedelta = 2 * LEAST_TIME, **values: str) -> str:
    """Open the form, wait, send; returns where that led, or the page with the form."""
    html = client.get(address_of(project)).content.decode()
    stamp = re.search(r'name="opened" value="([^"]+)"', html)
    assert stamp
    data = {**QUESTION, "opened": stamp[1], **values}
    now = timezone.now() + after
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.signing.time.time", now.timestamp)
        answer = client.post(address_of(project), data)
    return str(answer.headers.get("Location") or answer.content.decode())


def stored(project: ProjectPage, **values: object) -> ContactRequest:
    found: ContactRequest = ContactRequest.objects.create(project=project, **(QUESTION | values))
    return found


def test_question_reaches_contact_and_deputy_who_answer_the_asker(client: Client, project: ProjectPage) -> None:
    assert ask(client, project) == f"/projekte/{project.pk}/kontakt/gesendet/"
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(SECRET.values())
    for letter in mail.outbox:
        assert letter.extra_headers["Reply-To"] == QUESTION["email"]
        assert QUESTION["message"] in letter.body
    assert "Ihre Frage ist unterwegs" in client.get(f"/projekte/{project.pk}/kontakt/gesendet/").content.decode()


def test_no_page_of_a_project_holds_a_mail_address(client: Client, project: ProjectPage) -> None:
    for address in (project.url, address_of(project), f"{address_of(project)}gesendet/"):
        answer = client.get(address)
        html = answer.content.decode()
        assertNotContains(answer, "@auental.example")
        assert not re.search(r"mailto:[^?]", html), "the link to share by e-mail names no address"
    assert address_of(project) in client.get(project.url).content.decode()


def test_question_about_a_project_without_contact_reaches_the_team_or_the_staff(project: ProjectPage) -> None:
    staff_member(email="zentrum@example.org")
    nobody = ProjectPageFactory()
    assert contact.addressees(nobody) == ["zentrum@example.org"]
    project.contact_email = project.deputy_email = ""
    assert contact.addressees(project) == ["olga@auental.example"]


def test_who_acts_for_a_body_without_people_is_written_to() -> None:
    project, association = ProjectPageFactory(), BodyPageFactory()
    association.team.acts_for.add(project.public_body)
    actor = editor_of(association)
    overdue(project)
    freshness_reminders.run()
    assert contact.addressees(project) == [actor.email]
    assert partners.owner_addresses(project) == [actor.email]
    assert [letter.to for letter in mail.outbox] == [[actor.email]]


def test_what_fills_the_hidden_field_sends_nothing_and_is_told_nothing(client: Client, project: ProjectPage) -> None:
    assert ask(client, project, website="https://spam.example").endswith("/gesendet/")
    assert mail.outbox == []
    assert not ContactRequest.objects.exists()


@pytest.mark.parametrize("after", [LEAST_TIME / 10, 2 * LONGEST_TIME])
def test_form_sent_at_once_or_days_later_is_shown_again_with_its_text(
    client: Client, project: ProjectPage, after: timedelta
) -> None:
    html = ask(client, project, after=after)
    assert "senden Sie sie erneut ab" in html
    assert QUESTION["message"] in html
    assert mail.outbox == []


def test_form_sent_at_once_with_a_gap_is_asked_for_what_is_missing_only(client: Client, project: ProjectPage) -> None:
    html = ask(client, project, after=LEAST_TIME / 10, message="")
    assert "id_message_error" in html
    assert "senden Sie sie erneut ab" not in html
    assert mail.outbox == []


def test_machine_that_never_opened_the_form_sends_nothing(client: Client, project: ProjectPage) -> None:
    answer = client.post(address_of(project), {**QUESTION, "opened": "erfunden"})
    assert answer.status_code == 200
    assert mail.outbox == []


def test_one_address_asks_only_so_often(client: Client, project: ProjectPage) -> None:
    cache.clear()
    limit = int(re.match(r".*,(\d+)/h/key", settings.ACCOUNT_RATE_LIMITS["contact"])[1])  # type: ignore[index]
    for _ in range(limit):
        assert ask(client, project).endswith("/gesendet/")
    refused = ask(client, project, email=QUESTION["email"].replace("@", "+x@"))
    assert QUESTION["message"] in refused, "nothing typed is lost"
    assert ContactRequest.objects.count() == limit
    assert ask(client, project, email="andere@bergheim.example").endswith("/gesendet/")


def test_name_brings_no_lines_of_its_own_into_the_letter(client: Client, project: ProjectPage) -> None:
    ask(client, project, name="Frieda\nBcc: alle@example.org")
    assert ContactRequest.objects.get().name == "Frieda Bcc: alle@example.org"


def test_copy_goes_to_ones_own_address_and_visitors_get_none(client: Client, project: ProjectPage) -> None:
    ask(client, project, copy="on")
    assert QUESTION["email"] not in [letter.to[0] for letter in mail.outbox]
    mail.outbox.clear()
    client.force_login(UserFactory(email="selbst@example.org"))
    ask(client, project, copy="on", email="fremd@example.org")
    assert "selbst@example.org" in [letter.to[0] for letter in mail.outbox]
    assert "fremd@example.org" not in [letter.to[0] for letter in mail.outbox]


def test_opening_the_link_answers_nothing_and_the_button_does(client: Client, project: ProjectPage) -> None:
    ask(client, project)
    link = re.search(r"https?://\S+(/projekte/frage/\S+)", str(mail.outbox[0].body))
    assert link
    html = client.get(link[1]).content.decode()
    assert "Haben Sie die Frage beantwortet?" in html
    assert QUESTION["name"] not in html, "whoever gets hold of the link reads no names"
    assert ContactRequest.objects.get().answered_at is None
    client.post(link[1])
    first = ContactRequest.objects.get().answered_at
    client.post(link[1])
    assert first is not None
    assert ContactRequest.objects.get().answered_at == first
    assert client.get("/projekte/frage/erfunden/").status_code == 410


def test_people_of_the_body_read_the_question_and_others_do_not(
    client: Client, project: ProjectPage, owner: User
) -> None:
    found = stored(project)
    address = f"/admin/fragen/{found.pk}/"
    assert address in [task.url for task in tasks_for(owner)]
    for other in (staff_member(), editor_of(BodyPageFactory())):
        client.force_login(other)
        assert address not in [task.url for task in tasks_for(other)]
        assert client.get(address).status_code == 302
    client.force_login(owner)
    assert QUESTION["message"] in client.get(address).content.decode()
    client.post(address)
    assert tasks_for(owner) == []


def test_late_question_is_reminded_of_once_and_an_answered_one_never(project: ProjectPage) -> None:
    old = timezone.now() - timedelta(days=settings.CONTACT_REMINDER_DAYS + 1)
    stored(project, sent_at=old)
    stored(project, sent_at=old, answered_at=timezone.now())
    stored(project)
    assert contact.remind() == 1
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([*SECRET.values(), "olga@auental.example"])
    assert "/projekte/frage/" in link_in_last_mail()
    assert contact.remind() == 0


def test_staff_see_times_and_no_words(client: Client, project: ProjectPage) -> None:
    now = timezone.now()
    for days in (1, 2, 9):
        stored(project, sent_at=now - timedelta(days=20), answered_at=now - timedelta(days=20 - days))
    stored(project, sent_at=now - timedelta(days=4))
    stored(project, sent_at=now - timedelta(days=400))
    total, [times] = reply_times(now)
    assert (total.asked, total.answered, total.waiting, total.median_days) == (4, 3, 1, 2.0)
    assert times.body == project.public_body
    client.force_login(staff_member())
    html = client.get("/admin/fragen/").content.decode()
    assert "Parkausweis" in html
    for word in QUESTION.values():
        assert word not in html


def test_who_asked_what_is_removed_and_the_times_stay(project: ProjectPage) -> None:
    days = settings.RETENTION_DAYS["questions"]
    assert days
    old = stored(project, sent_at=timezone.now() - timedelta(days=days + 1), answered_at=timezone.now())
    new = stored(project)
    assert retention.apply(is_rehearsal=True).questions == 1
    assert retention.apply().questions == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.name, old.organisation, old.email, old.message) == ("", "", "", "")
    assert old.answered_at is not None
    assert new.email == QUESTION["email"]
    assert retention.apply().questions == 0


def test_questions_are_part_of_what_a_person_gets_and_of_what_is_erased(project: ProjectPage) -> None:
    person = UserFactory(email="Frieda@bergheim.example")
    found = stored(project)
    assert export(person)["questions_to_projects"][0]["message"] == QUESTION["message"]
    erase(person)
    found.refresh_from_db()
    assert (found.name, found.email, found.message) == ("", "", "")


def test_deputy_is_told_of_and_erased_like_the_contact(project: ProjectPage) -> None:
    person = UserFactory(email="vertretung@auental.example")
    project.deputy_name = "Vera Vertretung"
    project.save_revision().publish()
    [named] = export(person)["contact_of_projects"]
    assert named["deputy_name"] == "Vera Vertretung"
    assert "contact_email" not in named, "the contact is somebody else"
    erase(person)
    page = ProjectPage.objects.get(pk=project.pk)
    assert (page.deputy_name, page.deputy_email, page.contact_email) == ("", "", SECRET["contact_email"])
    draft = page.get_latest_revision_as_object()
    assert (draft.deputy_email, draft.contact_name) == ("", "Olga Ohm")
