"""Plans: told to members at once, changed, looked at, made public or withdrawn; each step by who may do it."""

import datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry, PageViewRestriction

from matching.plans import lifecycle as plans
from matching.plans.lifecycle import NotMembersOnlyError, PlanValues
from people.admin_site.to_do import tasks_for
from people.models import DirectPublication, User
from projects.models import BodyPage, OzgFieldLead, Plan, ProjectPage
from tests.factories import (
    PASSWORD,
    BodyPageFactory,
    OzgServiceFactory,
    ProjectPageFactory,
    ServiceKeyFactory,
    UserFactory,
    editor_of,
    field_of_action,
    publisher_of,
    staff_member,
)

pytestmark = pytest.mark.django_db

VALUES = PlanValues("Termine online", "Wer einen Ausweis braucht, wartet lange. Das ärgert viele.", "gesucht")


@pytest.fixture
def body() -> BodyPage:
    body: BodyPage = BodyPageFactory()
    return body


@pytest.fixture
def editor(body: BodyPage) -> User:
    return editor_of(body, first_name="Erika", last_name="Amt")


@pytest.fixture
def no_leads(db: None) -> None:
    """So that nothing has to be weighed whatever service is chosen."""
    OzgFieldLead.objects.all().delete()


def again(project: ProjectPage) -> ProjectPage:
    return ProjectPage.objects.get(pk=project.pk)


def filled(**changed: str) -> dict[str, str]:
    """What a person sends."""
    complete = {
        "title": "Termine online",
        "problem": "Wer einen Ausweis braucht, wartet lange.",
        "field_of_action": str(field_of_action("verwaltung").pk),
        "openness": "gesucht",
        "decision_on": (timezone.localdate() + datetime.timedelta(days=90)).isoformat(),
    }
    return {**complete, **changed}


def send(client: Client, user: User, **changed: str) -> Any:
    client.force_login(user)
    return client.post("/vorhaben/melden/", filled(**changed))


# --- telling ----------------------------------------------------------------------------------------------------------


def test_plan_is_live_for_members_and_for_nobody_else_although_its_team_may_not_publish(
    client: Client, body: BodyPage, editor: User
) -> None:
    response = send(client, editor)
    project = ProjectPage.objects.child_of(body).get()
    assert response["Location"] == f"/vorhaben/{project.pk}/"
    assert project.live
    assert project.is_planned
    assert not ProjectPage.objects.readable().filter(pk=project.pk).exists()
    assert ProjectPage.objects.readable_by_members().filter(pk=project.pk).exists()
    assert Plan.objects.get(project=project).reported_by == editor


@pytest.mark.usefixtures("no_leads")
def test_plan_carries_the_five_fields_its_contact_and_a_summary(client: Client, body: BodyPage, editor: User) -> None:
    service = OzgServiceFactory(name="Personalausweis")
    send(client, editor, service=str(service), problem="Es dauert lange, z. B. im Sommer. Das ärgert viele.")
    project = ProjectPage.objects.child_of(body).get()
    assert (project.title, project.openness) == ("Termine online", "gesucht")
    assert project.summary == "Es dauert lange, z. B. im Sommer."
    assert [field.slug for field in project.fields_of_action.all()] == ["verwaltung"]
    assert list(project.ozg_services.all()) == [service]
    assert project.decision_on == timezone.localdate() + datetime.timedelta(days=90)
    assert (project.contact_name, project.contact_email) == ("Erika Amt", editor.email)
    assert project.get_latest_revision().user == editor


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Es dauert. Das ärgert.", "Es dauert."),
        ("Kosten von ca. 300 Euro je Fall. Zu viel.", "Kosten von ca. 300 Euro je Fall."),
        ("Anträge bzw. Formulare fehlen! Immer.", "Anträge bzw. Formulare fehlen!"),
        ("Ohne Punkt am Ende", "Ohne Punkt am Ende"),
        ("x" * 301, ""),
    ],
)
def test_first_sentence_ends_at_no_abbreviation_and_is_left_out_if_it_is_too_long(text: str, sentence: str) -> None:
    assert plans.first_sentence(text) == sentence


@pytest.mark.parametrize(("title", "slug"), [("Ä" * 150, "ae" * 40), ("🚀🚀", "projekt")])
def test_a_plan_is_told_whatever_letters_its_title_has(
    client: Client, body: BodyPage, editor: User, title: str, slug: str
) -> None:
    assert send(client, editor, title=title).status_code == 302
    assert ProjectPage.objects.child_of(body).get().slug == slug


def test_two_plans_of_the_same_title_get_addresses_of_their_own(body: BodyPage, editor: User) -> None:
    slugs = [plans.report(body, VALUES, editor).slug for _number in range(3)]
    assert slugs == ["termine-online", "termine-online-2", "termine-online-3"]


def test_plan_for_one_of_several_bodies_goes_to_the_one_chosen(client: Client, body: BodyPage, editor: User) -> None:
    other = BodyPageFactory()
    editor.groups.add(other.team.group)
    send(client, editor, body=str(other.pk))
    assert ProjectPage.objects.child_of(other).count() == 1
    assert ProjectPage.objects.child_of(body).count() == 0


def test_nobody_reports_for_a_body_of_others(client: Client, editor: User) -> None:
    editor.groups.add(BodyPageFactory().team.group)
    strange = BodyPageFactory()
    response = send(client, editor, body=str(strange.pk))
    assert "body" in response.context["form"].errors
    assert not ProjectPage.objects.exists()


def test_nothing_is_stored_of_a_plan_that_is_not_complete(client: Client, editor: User) -> None:
    for missing in ("title", "problem", "openness", "field_of_action"):
        response = send(client, editor, **{missing: ""})
        assert missing in response.context["form"].errors
    response = send(client, editor, decision_on="2020-01-01")
    assert "decision_on" in response.context["form"].errors
    assert not ProjectPage.objects.exists()


# --- the service ------------------------------------------------------------------------------------------------------


def test_service_that_is_typed_is_found_without_a_suggestion(client: Client, body: BodyPage, editor: User) -> None:
    key = ServiceKeyFactory(name="Personalausweis Ausstellung", service=None)
    send(client, editor, service="ausstellung personalausweis", field_of_action="")
    assert list(ProjectPage.objects.child_of(body).get().service_keys.all()) == [key]


@pytest.mark.usefixtures("no_leads")
def test_several_services_are_offered_and_the_chosen_one_is_taken(client: Client, body: BodyPage, editor: User) -> None:
    first, second = OzgServiceFactory(name="Personalausweis"), OzgServiceFactory(name="Personalausweis sperren")
    response = send(client, editor, service="Personalausw", field_of_action="")
    assert "service_found" in response.context["form"].errors
    assert str(first) in response.content.decode()
    send(client, editor, service="Personalausw", service_found=str(second), field_of_action="")
    assert list(ProjectPage.objects.child_of(body).get().ozg_services.all()) == [second]


@pytest.mark.usefixtures("no_leads")
def test_choice_of_a_service_does_not_outlive_another_word(client: Client, editor: User) -> None:
    OzgServiceFactory(name="Wohngeld")
    old = OzgServiceFactory(name="Personalausweis")
    send(client, editor, service="Wohngeld", service_found=str(old))
    assert [service.name for service in ProjectPage.objects.get().ozg_services.all()] == ["Wohngeld"]


def test_unknown_service_is_said_to_be_unknown(client: Client, editor: User) -> None:
    response = send(client, editor, service="Quastenflosser", field_of_action="")
    assert set(response.context["form"].errors) == {"service"}


def test_suggested_services_have_every_word_typed(client: Client, editor: User) -> None:
    client.force_login(editor)
    service = OzgServiceFactory(name="Ausweis für Personen")
    OzgServiceFactory(name="Ausweis")
    asked = client.get("/vorhaben/leistungen/", {"q": "personen ausweis"})
    assert asked.json() == {"suggestions": [str(service)]}


# --- reading ----------------------------------------------------------------------------------------------------------


def test_members_read_a_plan_at_its_address_with_a_badge_and_nobody_keeps_a_copy(
    client: Client, body: BodyPage, editor: User
) -> None:
    project = plans.report(body, VALUES, editor)
    client.force_login(editor_of(BodyPageFactory()))
    response = client.get(project.url)
    assert response.status_code == 200
    assert "dsr-chip--members" in response.content.decode()
    assert {"private", "no-store"} <= set(response["Cache-Control"].replace(" ", "").split(","))


def test_a_plan_does_not_exist_for_outsiders_and_its_readers_get_there_by_the_log_in(
    client: Client, body: BodyPage, editor: User
) -> None:
    """The address is opened from a letter by people who are not logged in, and guessed by others."""
    project = plans.report(body, VALUES, editor)
    response = client.get(project.url)
    assert response.status_code == 404
    log_in = f"/konto/anmelden/?next={project.url.replace('/', '%2F')}"
    assert log_in in response.content.decode()
    assert client.get("/gibt-es-nicht/").status_code == 404
    answer = client.post(log_in, {"login": editor_of(BodyPageFactory()).email, "password": PASSWORD})
    assert answer["Location"] == project.url
    assert VALUES.title in client.get(project.url).content.decode()
    client.force_login(UserFactory())
    response = client.get(project.url)
    assert response.status_code == 404
    assert "/mitmachen/" in response.content.decode()


def test_an_address_of_before_leads_nobody_to_a_plan_who_may_not_read_it(
    client: Client, body: BodyPage, editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    """The new address has the new title in it."""
    project = plans.report(body, VALUES, editor)
    before, project.slug = project.url, "terminbuchung"
    with django_capture_on_commit_callbacks(execute=True):
        project.save_revision(user=editor).publish()
    assert client.get(before).status_code == 404
    client.force_login(editor_of(BodyPageFactory()))
    assert client.get(before)["Location"] == again(project).url
    plans.withdraw(again(project), editor)
    assert client.get(before).status_code == 404


def test_list_shows_plans_newest_first_and_by_field_and_land(client: Client, body: BodyPage, editor: User) -> None:
    public = ProjectPageFactory(parent=body, phase="P2", title="Öffentliches Vorhaben")
    ProjectPageFactory(parent=body, phase="P4")
    values = PlanValues("Termine", "Problem.", "ideen", fields_of_action=(field_of_action("verwaltung"),))
    newest = plans.report(body, values, editor)
    client.force_login(editor_of(BodyPageFactory()))

    def shown(**chosen: str) -> list[str]:
        return [project.title for project in client.get("/vorhaben/", chosen).context["projects"]]

    assert shown() == [newest.title, public.title]
    assert shown(handlungsfeld="verwaltung") == [newest.title]
    assert shown(nur="mitglieder") == [newest.title]
    assert shown(land="03") == [newest.title, public.title]
    assert shown(land="01") == []


# --- changing ---------------------------------------------------------------------------------------------------------


def test_change_by_the_team_is_looked_at_again_and_one_by_the_centre_is_not(body: BodyPage, editor: User) -> None:
    project, staff = plans.report(body, VALUES, editor), staff_member()
    plans.check(project.plan, staff)
    plans.change(project, PlanValues("Termine für alle", "Ein Problem.", "ideen"), staff)
    assert not Plan.objects.unchecked().exists()
    plans.change(project, PlanValues("Termine vor Ort", "Noch ein Problem.", "ideen"), editor)
    assert Plan.objects.unchecked().get().project_id == project.pk
    assert (again(project).title, again(project).summary) == ("Termine vor Ort", "Noch ein Problem.")


def test_summary_written_by_hand_outlives_a_change(body: BodyPage, editor: User) -> None:
    project = plans.report(body, VALUES, editor)
    project.summary = "Von Hand."
    project.save_revision(user=editor).publish()
    plans.change(again(project), PlanValues("Termine", "Ein Problem.", "ideen"), editor)
    assert again(project).summary == "Von Hand."


def test_what_the_short_form_cannot_show_is_changed_in_the_editor(client: Client, body: BodyPage, editor: User) -> None:
    project = plans.report(body, VALUES, editor)
    project.fields_of_action = [field_of_action("verwaltung"), field_of_action("it-und-kommunikation")]
    project.save_revision(user=editor).publish()
    client.force_login(editor)
    response = client.post(f"/vorhaben/{project.pk}/bearbeiten/", filled(title="Überschrieben"))
    assert response["Location"] == f"/vorhaben/{project.pk}/"
    assert again(project).title == VALUES.title
    assert again(project).fields_of_action.count() == 2


def test_nobody_overwrites_what_somebody_else_has_saved_meanwhile(client: Client, body: BodyPage, editor: User) -> None:
    project = plans.report(body, VALUES, editor)
    address, shown = f"/vorhaben/{project.pk}/bearbeiten/", str(project.latest_revision_id)
    plans.change(project, PlanValues("Von der Kollegin", "Ein Problem.", "ideen"), editor)
    client.force_login(editor)
    assert client.post(address, {**filled(title="Von mir"), "version": shown}).status_code == 200
    assert again(project).title == "Von der Kollegin"
    newest = str(again(project).latest_revision_id)
    assert client.post(address, {**filled(title="Von mir"), "version": newest}).status_code == 302
    assert again(project).title == "Von mir"


def test_plan_is_not_counted_as_a_direct_publication(body: BodyPage) -> None:
    plans.report(body, VALUES, publisher_of(body))
    assert not DirectPublication.objects.exists()
    assert Plan.objects.unchecked().count() == 1


# --- publishing -------------------------------------------------------------------------------------------------------


def publish(client: Client, project: ProjectPage, user: User) -> Any:
    client.force_login(user)
    return client.post(f"/vorhaben/{project.pk}/veroeffentlichen/")


def test_team_that_publishes_directly_makes_its_plan_public_at_once(client: Client, body: BodyPage) -> None:
    publisher = publisher_of(body)
    project = plans.report(body, VALUES, publisher)
    publish(client, project, publisher)
    assert ProjectPage.objects.readable().filter(pk=project.pk).exists()
    # Nobody has looked at it: it stays in the list of the staff.
    assert Plan.objects.unchecked().exists()


def test_other_teams_wait_for_the_check_which_makes_it_public_and_tells_them(
    client: Client, body: BodyPage, editor: User
) -> None:
    project = plans.report(body, VALUES, editor)
    publish(client, project, editor)
    assert not ProjectPage.objects.readable().filter(pk=project.pk).exists()
    client.force_login(staff_member())
    client.post(f"/admin/vorhaben/{project.plan.pk}/in-ordnung/")
    assert ProjectPage.objects.readable().filter(pk=project.pk).exists()
    letter = mail.outbox[-1]
    assert letter.to == [editor.email]
    assert project.title in letter.subject


def test_plan_that_was_looked_at_becomes_public_without_another_question(
    client: Client, body: BodyPage, editor: User
) -> None:
    project = plans.report(body, VALUES, editor)
    assert plans.check(project.plan, staff_member()) is False
    assert not ProjectPage.objects.readable().filter(pk=project.pk).exists()
    publish(client, project, editor)
    assert ProjectPage.objects.readable().filter(pk=project.pk).exists()


def test_public_plan_is_neither_changed_nor_withdrawn_by_the_short_way(body: BodyPage) -> None:
    publisher = publisher_of(body)
    project = plans.report(body, VALUES, publisher)
    plans.ask_for_publication(project, publisher)
    with pytest.raises(NotMembersOnlyError):
        plans.change(project, VALUES, publisher)
    with pytest.raises(NotMembersOnlyError):
        plans.withdraw(project, publisher)


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_withdrawn_plan_is_gone_for_members_and_comes_back_as_it_was(
    client: Client, body: BodyPage, editor: User
) -> None:
    project = plans.report(body, VALUES, editor)
    client.force_login(editor)
    client.post(f"/vorhaben/{project.pk}/zurueckziehen/")
    assert not ProjectPage.objects.readable_by_members().filter(pk=project.pk).exists()
    draft = again(project)
    draft.title = "Ein Entwurf von danach"
    draft.save_revision(user=editor)
    client.post(f"/vorhaben/{project.pk}/zurueckholen/")
    assert ProjectPage.objects.readable_by_members().get(pk=project.pk).title == VALUES.title
    assert not ProjectPage.objects.readable().filter(pk=project.pk).exists()


def test_centre_withdraws_with_a_reason_that_is_sent_and_only_the_centre_takes_it_back(
    client: Client, body: BodyPage, editor: User
) -> None:
    project, staff = plans.report(body, VALUES, editor), staff_member()
    address = f"/admin/vorhaben/{project.plan.pk}/zurueckziehen/"
    client.force_login(staff)
    client.post(address, {"reason": ""})
    assert again(project).live
    client.post(address, {"reason": "Das ist Werbung."})
    assert not again(project).live
    assert mail.outbox[-1].to == [editor.email]
    assert "Das ist Werbung." in str(mail.outbox[-1].body)
    client.force_login(editor)
    assert client.post(f"/vorhaben/{project.pk}/zurueckholen/").status_code == 403
    client.force_login(staff)
    client.post(f"/vorhaben/{project.pk}/zurueckholen/")
    assert again(project).live


def test_people_of_another_body_change_nothing(client: Client, body: BodyPage, editor: User) -> None:
    project = plans.report(body, VALUES, editor)
    client.force_login(editor_of(BodyPageFactory()))
    for step in ("", "bearbeiten/", "veroeffentlichen/", "zurueckziehen/", "zurueckholen/"):
        assert client.post(f"/vorhaben/{project.pk}/{step}", filled(title="Fremd")).status_code == 404, step
    assert again(project).title == VALUES.title
    assert again(project).live


def test_every_step_stands_in_the_history(body: BodyPage, editor: User) -> None:
    project, staff = plans.report(body, VALUES, editor), staff_member()
    plans.ask_for_publication(project, editor)
    plans.withdraw(project, editor)
    plans.restore(project, editor)
    plans.ask_for_publication(project, editor)
    plans.check(Plan.objects.get(project=project), staff)
    steps = PageLogEntry.objects.filter(page=project.pk, action__startswith="dsr.").order_by("timestamp", "pk")
    assert list(steps.values_list("action", flat=True)) == [
        plans.REPORT, plans.ASK, plans.WITHDRAW, plans.RESTORE, plans.ASK, plans.CHECK, plans.PUBLISH,
    ]  # fmt: skip


def test_staff_find_plans_to_look_at_among_their_tasks_and_others_do_not(body: BodyPage, editor: User) -> None:
    plans.report(body, VALUES, editor)
    labels = {task.url: task.count for task in tasks_for(staff_member())}
    assert labels["/admin/vorhaben/"] == 1
    assert "/admin/vorhaben/" not in {task.url for task in tasks_for(editor)}


def test_thousands_of_plans_are_left_out_by_one_condition() -> None:
    restriction = PageViewRestriction.LOGIN
    body = BodyPageFactory()
    pages = [ProjectPageFactory(parent=body) for _number in range(3)]
    one = str(ProjectPage.objects.readable().query)
    PageViewRestriction.objects.bulk_create(
        PageViewRestriction(page=page, restriction_type=restriction) for page in pages
    )
    assert str(ProjectPage.objects.readable().query) == one
    assert ProjectPage.objects.readable().count() == 0


def test_a_plan_becomes_public_in_no_way_that_asks_nothing(client: Client) -> None:
    body = BodyPageFactory()
    user = publisher_of(body)
    project = plans.report(body, PlanValues("Terminbuchung", "Wege.", "ideen"), user).plan.project
    address = f"/admin/pages/{project.pk}/privacy/"
    for person in (user, staff_member()):
        client.force_login(person)
        client.post(address, {"restriction_type": "none"})
        assert project.get_view_restrictions().exists()
    assert client.get(f"/admin/pages/{ProjectPageFactory().pk}/privacy/").status_code == 200
