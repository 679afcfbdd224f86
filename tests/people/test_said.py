"""What people read after an action is what happened: a letter is named if one was written, and nobody if none was."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.utils import timezone

from matching.models import AlertSettings, Demand, DemandSupport, Rhythm
from matching.plans import lifecycle as plans
from matching.plans.lifecycle import PlanValues
from people.cooperation import partners
from people.cooperation.contact_forms import LEAST_TIME, new_stamp
from people.mail.letters import write
from people.models import CheckItem, RepresentationRequest, ReviewState, Team, User
from projects.models import BodyPage, Partnership, PartnerState, Plan, ProjectPage, Reuse
from tests.factories import (
    BodyPageFactory,
    ProjectPageFactory,
    editor_of,
    staff_member,
    submit,
)
from tests.people.ageing import orphaned, signed_for

pytestmark = pytest.mark.django_db

NOBODY = "Niemand erhält eine E-Mail"
VALUES = PlanValues("Termine online", "Wer einen Ausweis braucht, wartet lange.", "gesucht")


def said(answer: Any) -> str:
    """The messages of the answer, which leads on."""
    assert answer.status_code == 302
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def gone(user: User) -> None:
    """No account any more, and no team either: a body without people."""
    User.objects.filter(pk=user.pk).update(is_active=False)


def outbox_of(address: str) -> int:
    return sum(address in letter.to for letter in mail.outbox)


@pytest.fixture
def staff(client: Client) -> User:
    person = staff_member(email="zentrum@example.org")
    client.force_login(person)
    return person


@pytest.fixture
def editor() -> User:
    return editor_of(BodyPageFactory(title="Auental"), email="anna@auental.example")


def body_of(person: User) -> BodyPage:
    return BodyPage.objects.get(team__group__user=person)


@pytest.mark.parametrize("has_people", [True, False])
def test_a_withdrawn_plan_names_the_letter_that_was_written(
    client: Client, staff: User, editor: User, has_people: bool
) -> None:
    plan = plans.report(body_of(editor), VALUES, editor).plan
    if not has_people:
        gone(editor)
    mail.outbox.clear()
    text = said(client.post(f"/admin/vorhaben/{plan.pk}/zurueckziehen/", {"reason": "Doppelt gemeldet"}))
    assert "ist zurückgezogen" in text
    assert ("erhalten eine E-Mail mit Ihrer Begründung" in text) is has_people
    assert (NOBODY in text) is not has_people
    assert len(mail.outbox) == int(has_people)


@pytest.mark.parametrize("has_people", [True, False])
def test_a_plan_that_becomes_public_names_the_letter(
    client: Client, staff: User, editor: User, has_people: bool
) -> None:
    project = plans.report(body_of(editor), VALUES, editor)
    Plan.objects.update(is_public_wanted=True)
    if not has_people:
        gone(editor)
    mail.outbox.clear()
    text = said(client.post(f"/admin/vorhaben/{project.plan.pk}/in-ordnung/"))
    assert "in Ordnung" in text
    assert (NOBODY in text) is not has_people
    assert len(mail.outbox) == int(has_people)


@pytest.mark.parametrize("has_people", [True, False])
@pytest.mark.parametrize("choice", ["publish", "send_back"])
def test_a_check_names_the_letter_that_was_written(
    client: Client, staff: User, editor: User, choice: str, has_people: bool
) -> None:
    page = ProjectPageFactory(parent=body_of(editor), live=False)
    state = submit(page, editor)
    if not has_people:
        gone(editor)
    mail.outbox.clear()
    text = said(client.post(f"/admin/pruefung/{state.pk}/", decision(page, choice)))
    assert ("ist veröffentlicht" in text) is (choice == "publish")
    assert (NOBODY in text) is not has_people
    assert outbox_of(editor.email) == int(has_people)
    assert len(mail.outbox) == int(has_people)


def decision(page: ProjectPage, choice: str) -> dict[str, Any]:
    checks = {f"check_{item.pk}": "on" for item in CheckItem.objects.all()}
    version = ProjectPage.objects.get(pk=page.pk).latest_revision_id
    return {"decision": choice, "version": version, "summary": "Bitte ergänzen.", **checks}


def test_a_check_whose_page_goes_public_later_does_not_say_that_it_is_public(
    client: Client, staff: User, editor: User
) -> None:
    page = ProjectPageFactory(parent=body_of(editor), live=False)
    page.go_live_at = timezone.now() + timedelta(days=3)
    page.save_revision()
    state = submit(page, editor)
    text = said(client.post(f"/admin/pruefung/{state.pk}/", decision(page, "publish")))
    assert not ProjectPage.objects.get(pk=page.pk).live
    assert "wird zum gewählten Zeitpunkt veröffentlicht" in text
    assert ReviewState.objects.get(pk=state.pk).status == "approved"


@pytest.mark.parametrize("has_people", [True, False])
def test_direct_publishing_names_the_letter_and_the_second_click_changes_nothing(
    client: Client, staff: User, editor: User, has_people: bool
) -> None:
    team = Team.objects.get(body=body_of(editor))
    if not has_people:
        gone(editor)
    text = said(client.post(f"/admin/pruefung/stellen/{team.pk}/", {"allow": "1"}))
    assert "veröffentlicht ab jetzt direkt" in text
    assert (NOBODY in text) is not has_people
    assert len(mail.outbox) == int(has_people)
    again = client.post(f"/admin/pruefung/stellen/{team.pk}/", {"allow": "1"}, follow=True)
    assert "Nichts wurde geändert: Es war schon so." in again.content.decode()
    assert len(mail.outbox) == int(has_people)


@pytest.mark.parametrize("has_people", [True, False])
@pytest.mark.parametrize("button", ["assure", "decline"])
def test_a_decision_about_a_partner_names_the_letter(
    client: Client, staff: User, editor: User, button: str, has_people: bool
) -> None:
    asker = editor_of(BodyPageFactory(title="Bergheim"), email="bert@bergheim.example")
    project = ProjectPageFactory(parent=body_of(editor))
    found = partners.express_interest(project, body_of(asker), asker)
    if not has_people:
        gone(asker)
    mail.outbox.clear()
    text = said(client.post(f"/admin/mitarbeit/{found.pk}/", {button: "1", "reason": ""}))
    assert "Bergheim" in text
    assert ("Das Team dort erhält eine E-Mail" in text) is has_people
    assert (NOBODY in text) is not has_people
    assert len(mail.outbox) == int(has_people)
    states = {"assure": PartnerState.ASSURED, "decline": PartnerState.DECLINED}
    assert Partnership.objects.get().state == states[button]


@pytest.mark.parametrize(
    ("left", "sentence", "letters"),
    [
        ("team", "Das Projektteam erhält eine E-Mail", 1),
        ("contact", "Das Projektteam erhält eine E-Mail", 1),
        ("staff", "Das Kompetenzzentrum erhält eine E-Mail", 1),
        ("nobody", NOBODY, 0),
    ],
)
def test_an_offer_to_take_part_says_who_is_told(
    client: Client, editor: User, left: str, sentence: str, letters: int
) -> None:
    project = ProjectPageFactory(
        parent=body_of(editor), contact_email="amt@auental.example" if left == "contact" else ""
    )
    if left == "staff":
        staff_member()
    if left != "team":
        gone(editor)
    asker = editor_of(BodyPageFactory(title="Bergheim"))
    client.force_login(asker)
    path = f"/projekte/{project.pk}/mitarbeit/"
    text = said(client.post(path, {"body": body_of(asker).pk, "message": ""}))
    assert "Ihr Angebot ist vermerkt" in text
    assert sentence in text
    assert len(mail.outbox) == letters
    mail.outbox.clear()
    text = said(client.post(path, {"withdraw": Partnership.objects.get().pk}))
    assert "arbeitet nicht mehr mit" in text
    assert sentence in text
    assert len(mail.outbox) == letters


@pytest.mark.parametrize("has_people", [True, False])
def test_an_answer_to_a_request_to_act_for_a_member_names_the_letter(
    client: Client, staff: User, editor: User, has_people: bool
) -> None:
    municipality = BodyPageFactory().municipality
    wanted = RepresentationRequest.objects.create(
        team=body_of(editor).team, municipality=municipality, waiting_since=timezone.now(), asked_by=editor
    )
    if not has_people:
        gone(editor)
    text = said(client.post(f"/admin/anfragen/vertretung/{wanted.pk}/", {"refuse": "1", "reason": "Nein."}))
    assert "Die Anfrage ist abgelehnt." in text
    assert (NOBODY in text) is not has_people
    assert len(mail.outbox) == int(has_people)


@pytest.mark.parametrize("has_people", [True, False])
def test_a_claimed_reuse_says_whether_somebody_is_asked(client: Client, editor: User, has_people: bool) -> None:
    project, other = ProjectPageFactory(parent=body_of(editor)), BodyPageFactory(title="Bergheim")
    if has_people:
        editor_of(other, email="bert@bergheim.example")
    client.force_login(editor)
    path = f"/projekte/{project.pk}/nutzer-melden/gemeinde/{other.municipality.ars}/"
    text = said(client.post(path, {"stage": "prueft"}))
    assert Reuse.objects.exists()
    assert ("Das Team dort erhält eine E-Mail" in text) is has_people
    assert len(mail.outbox) == int(has_people)


@pytest.mark.parametrize("wants_letters", [True, False])
def test_who_wants_no_letters_is_promised_none(client: Client, editor: User, wants_letters: bool) -> None:
    project = ProjectPageFactory()
    if not wants_letters:
        AlertSettings.objects.create(user=editor, watched=Rhythm.NEVER)
    client.force_login(editor)
    assert ("abgestellt" in said(client.post(f"/merkliste/projekt/{project.pk}/"))) is not wants_letters
    demand = Demand.objects.create(title="Hundesteuer", query="hundesteuer")
    text = said(client.post(f"/bedarf/{demand.pk}/mitmachen/", {"body": body_of(editor).pk}))
    assert DemandSupport.objects.filter(demand=demand).exists()
    assert ("abgestellt" in text) is not wants_letters


@pytest.mark.parametrize(
    ("left", "sentence"),
    [("team", "Projektteam"), ("staff", "Das Kompetenzzentrum erhält Ihre Frage"), ("nobody", "zurzeit niemanden")],
)
def test_the_page_after_a_question_says_who_gets_it(client: Client, editor: User, left: str, sentence: str) -> None:
    project = ProjectPageFactory(parent=body_of(editor))
    if left == "staff":
        staff_member()
    if left != "team":
        gone(editor)
    sent = {"name": "Erika", "email": "erika@example.org", "message": "Läuft das noch?", "opened": new_stamp()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.signing.time.time", (timezone.now() + 2 * LEAST_TIME).timestamp)
        answer = client.post(f"/projekte/{project.pk}/kontakt/", sent, follow=True)
    assert answer.status_code == 200
    assert len(mail.outbox) == (left != "nobody")
    assert (sentence in answer.content.decode()) is (left != "team")


@pytest.mark.parametrize("left", ["staff", "nobody"])
def test_a_note_about_an_entry_without_people_says_who_gets_it(client: Client, editor: User, left: str) -> None:
    project = ProjectPageFactory(parent=body_of(editor), contact_email="frueher@example.org")
    link = signed_for(orphaned(project), None)
    gone(editor)
    if left == "staff":
        staff_member()
    answer = client.post(f"/aktuell/{link}/aendern/", {"text": "Die Ansprechperson hat gewechselt."})
    assert answer.status_code == 200
    assert len(mail.outbox) == (left == "staff")
    assert ("Das Kompetenzzentrum erhält Ihren Hinweis" in answer.content.decode()) is (left == "staff")
    assert ("Ihr Hinweis wurde nicht gesendet" in answer.content.decode()) is (left == "nobody")


def test_no_letter_is_written_to_an_empty_address() -> None:
    assert write("barrier_answered", ["", "a@example.org"], {"report": None}) == 1
    assert mail.outbox[0].to == ["a@example.org"]
