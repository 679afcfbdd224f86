"""What is known about a person is handed out and erased on request; projects stay, with the body as their contact."""

import json

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry, PageLogEntry, Revision

from people.models import AccessRequest, Invitation, QueuedMail, User
from people.privacy.personal_data import erase, export
from projects.models import ProjectPage
from search.engines import Engine
from tests.factories import BodyPageFactory, ProjectPageFactory, UserFactory, administrator, editor_of
from tests.people.accounts import log_in, with_app

pytestmark = pytest.mark.django_db

DELETE = "/konto/loeschen/"


@pytest.fixture
def person() -> User:
    return editor_of(BodyPageFactory(title="Auental"), email="erika@auental.example", first_name="Erika")


@pytest.fixture
def project(person: User) -> ProjectPage:
    page: ProjectPage = ProjectPageFactory(
        parent=person.groups.get().team.body,
        contact_name="Erika Muster",
        contact_role="Amtsleitung",
        contact_email="Erika@Auental.example",
        contact_phone="0123 456",
        contact_promise="mentoring",
    )
    page.summary = "Noch nicht veröffentlicht"
    page.save_revision(user=person, log_action=True)
    return page


def test_export_holds_what_is_stored(client: Client, person: User, project: ProjectPage) -> None:
    with_app(person)
    client.force_login(person)
    data = export(person)
    assert data["account"]["e_mail"] == "erika@auental.example"
    assert data["bodies"] == ["Auental"]
    assert data["contact_of_projects"][0]["contact_phone"] == "0123 456"
    assert data["second_factors"][0]["kind"] == "totp"
    assert data["actions"]
    assert "secret" not in json.dumps(data)


def test_export_is_a_file_of_ones_own(client: Client, person: User) -> None:
    log_in(client, person)
    answer = client.get("/konto/daten/")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.json()["addresses"][0]["email"] == person.email
    assert Client().get("/konto/daten/").status_code == 302


def test_account_is_erased_by_its_owner_and_the_project_stays(
    client: Client, person: User, project: ProjectPage, engine: Engine
) -> None:
    log_in(client, person)
    assert project.title in client.get(DELETE).content.decode()
    client.post(DELETE)
    assert User.objects.filter(pk=person.pk).exists(), "one button is not enough"
    assert client.post(DELETE, {"is_sure": "on"}).headers["Location"] == "/konto/geloescht/"
    assert not User.objects.filter(pk=person.pk).exists()
    assert client.get("/konto/").status_code == 302
    page = ProjectPage.objects.get(pk=project.pk)
    assert page.live
    assert page.contact_name == "Auental"
    assert page.contact_role == "Die hier genannte Person ist nicht mehr auf der Plattform."
    assert (page.contact_email, page.contact_phone, page.contact_promise) == ("", "", "")


def test_no_stored_version_names_the_person_any_more(person: User, project: ProjectPage) -> None:
    erase(person)
    stored = json.dumps(list(Revision.objects.values_list("content", flat=True)), ensure_ascii=False)
    assert "auental.example" not in stored.lower()
    assert "0123 456" not in stored
    draft = ProjectPage.objects.get(pk=project.pk).get_latest_revision_as_object()
    assert draft.summary == "Noch nicht veröffentlicht", "the draft is otherwise as it was"


def test_history_stays_without_the_name(person: User, project: ProjectPage) -> None:
    ModelLogEntry.objects.log_action(instance=person, action="wagtail.create")
    erase(person)
    assert PageLogEntry.objects.filter(page=project.pk).exists()
    assert "erika" not in json.dumps(list(ModelLogEntry.objects.values_list("label", flat=True))).lower()


def test_letters_on_their_way_are_told_without_their_text_and_go_with_the_account(person: User) -> None:
    common = {"sender": "noreply@example.org", "subject": "Neues Passwort", "text": "https://example.org/geheim"}
    QueuedMail.objects.create(recipients=["Erika@Auental.example"], is_dead=True, **common)
    QueuedMail.objects.create(recipients=["andere@auental.example"], **common)
    data = export(person)
    assert [mail["subject"] for mail in data["mails_not_sent_yet"]] == ["Neues Passwort"]
    assert "geheim" not in json.dumps(data)
    erase(person)
    assert [mail.recipients for mail in QueuedMail.objects.all()] == [["andere@auental.example"]]


def test_other_contacts_are_left_alone(person: User) -> None:
    other = ProjectPageFactory(contact_name="Erika Muster", contact_email="erika@anderswo.example")
    erase(person)
    assert ProjectPage.objects.get(pk=other.pk).contact_email == "erika@anderswo.example"


def test_last_administrator_stays(client: Client) -> None:
    last = administrator()
    log_in(client, last)
    assert "letzte" in client.get(DELETE).content.decode()
    client.post(DELETE, {"is_sure": "on"})
    assert User.objects.filter(pk=last.pk).exists()
    with pytest.raises(ValueError, match="last administrator"):
        erase(last)
    second = administrator(email="zweite@example.org")
    erase(last)
    assert list(User.objects.all()) == [second]


def test_requests_and_invitations_are_handed_out_and_erased() -> None:
    person, team = UserFactory(email="vera@stadt.example"), BodyPageFactory().team
    AccessRequest.objects.create(
        first_name="Vera", last_name="Amt", function="Hauptamt", body_name="Zweckverband", email="Vera@stadt.example"
    )
    Invitation.objects.create(team=team, email=person.email)
    data = export(person)
    assert [(entry["body"], entry["function"]) for entry in data["requests_for_access"]] == [
        ("Zweckverband", "Hauptamt")
    ]
    assert [entry["body"] for entry in data["invitations"]] == [team.body.title]
    erase(person)
    assert not AccessRequest.objects.exists()
    assert not Invitation.objects.exists()
