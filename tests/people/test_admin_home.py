"""After log-in an editor finds the own body: what waits for whom, the entries with state and age, one big button."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertNotContains
from wagtail.log_actions import log

from pages.access import restrict_to_members
from people.admin_site.to_do import tasks_for
from people.dashboard.content import PROJECTS_SHOWN, QUESTIONS_SHOWN, Room, State, waiting_in
from people.freshness import takeover
from people.freshness.entries import Answer, answer
from people.models import User
from people.teams.teams import bodies_of
from projects.models import Freshness, FreshnessState, ProjectPage
from tests.factories import BodyPageFactory, ProjectPageFactory, coordinator_of, editor_of, publisher_of, staff_member
from tests.people.ageing import orphaned, overdue

pytestmark = pytest.mark.django_db


def home_of(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    answer = client.get(f"/admin/{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def state_of(project: ProjectPage, user: User) -> State:
    lines = Room(project.public_body, user).lines
    return next(line.state for line in lines if line.project.pk == project.pk)


def submit(project: ProjectPage, user: User) -> Any:
    """Hand the newest version in, by the workflow that holds for the page."""
    return project.get_workflow().start(project, user)


def test_editor_finds_the_own_body_and_no_other(client: Client) -> None:
    own = BodyPageFactory(title="Auental")
    ProjectPageFactory(title="Fremdes Projekt", parent=BodyPageFactory(title="Fremdstadt"))
    html = home_of(client, editor_of(own))
    assert f"/admin/pages/add/projects/projectpage/{own.pk}/" in html
    assert "Auental" in html
    assert "Fremd" not in html


def test_body_that_is_not_ones_own_cannot_be_chosen(client: Client) -> None:
    own, foreign = BodyPageFactory(title="Auental"), BodyPageFactory(title="Fremdstadt")
    editor = editor_of(own)
    for number in (str(foreign.pk), "0", "x", "9" * 30):
        assert "Fremdstadt" not in home_of(client, editor, f"?stelle={number}&zuletzt={number}")


def test_person_of_several_bodies_chooses_between_them(client: Client) -> None:
    first, second = BodyPageFactory(title="Auental"), BodyPageFactory(title="Bergstadt")
    editor = editor_of(first)
    editor.groups.add(second.team.group)
    ProjectPageFactory(title="Ampel", parent=first)
    ProjectPageFactory(title="Brücke", parent=second)
    assert "Ampel" in home_of(client, editor)
    chosen = home_of(client, editor, f"?stelle={second.pk}")
    assert "Brücke" in chosen
    assert "Ampel" not in chosen


def test_person_without_a_body_sees_no_empty_panel(client: Client) -> None:
    assert 'id="own-bodies"' not in home_of(client, staff_member())


def test_body_without_projects_says_how_to_begin(client: Client) -> None:
    body = BodyPageFactory()
    assert "noch nichts beschrieben" in home_of(client, editor_of(body))
    ProjectPageFactory(parent=body, live=False)
    assert "noch nichts beschrieben" not in home_of(client, editor_of(body))


# --- states -----------------------------------------------------------------------------------------------------------


def test_each_entry_has_its_state() -> None:
    body = BodyPageFactory()
    editor = editor_of(body)
    published, changed, draft, withdrawn = (
        ProjectPageFactory(parent=body, live=is_live) for is_live in (True, True, False, True)
    )
    changed.save_revision()
    withdrawn.unpublish()
    found = [state_of(project, editor) for project in (published, changed, draft, withdrawn)]
    assert found == [State.PUBLISHED, State.CHANGED, State.DRAFT, State.WITHDRAWN]


def test_submitted_entry_waits_for_the_staff_and_a_returned_one_for_its_people() -> None:
    body = BodyPageFactory()
    editor, bodies = editor_of(body), [body]
    project = ProjectPageFactory(parent=body, live=False)
    state = submit(project, editor)
    waiting = waiting_in(bodies, editor)
    assert ([line.project.pk for line in waiting.in_check], waiting.sent_back) == ([project.pk], [])
    state.current_task_state.reject(user=staff_member(), comment="Bitte die Lizenz nennen.")
    waiting = waiting_in(bodies, editor)
    assert waiting.in_check == []
    assert [(line.project.pk, line.comment) for line in waiting.sent_back] == [(project.pk, "Bitte die Lizenz nennen.")]
    assert state_of(project, editor) == State.SENT_BACK


def test_only_the_newest_entries_are_shown_and_the_rest_is_counted(client: Client) -> None:
    body = BodyPageFactory()
    for _number in range(PROJECTS_SHOWN + 3):
        ProjectPageFactory(parent=body)
    room = Room(body, editor_of(body))
    assert (len(room.lines), room.further) == (PROJECTS_SHOWN, 3)


def test_entry_somebody_worked_on_last_comes_first() -> None:
    body = BodyPageFactory()
    older, newer = (ProjectPageFactory(parent=body, live=False) for _number in range(2))
    editor = editor_of(body)
    assert [line.project for line in Room(body, editor).lines] == [newer, older]
    older.save_revision()
    assert [line.project for line in Room(body, editor).lines] == [older, newer]


def test_first_page_asks_the_database_little_for_each_entry(client: Client, django_assert_max_num_queries: Any) -> None:
    body = BodyPageFactory()
    editor = editor_of(body)
    for _number in range(2):
        overdue(ProjectPageFactory(parent=body))
    client.force_login(editor)
    client.get("/admin/")
    with django_assert_max_num_queries(200) as few:
        client.get("/admin/")
    for _number in range(6):
        overdue(ProjectPageFactory(parent=body))
    # Addresses, and what an entry lacks, are looked up one by one; the entries themselves are not.
    with django_assert_max_num_queries(len(few) + 6 * 6):
        client.get("/admin/")


# --- confirming -------------------------------------------------------------------------------------------------------


def test_overdue_entries_are_answered_with_one_button(client: Client) -> None:
    project = ProjectPageFactory(title="Ampel")
    overdue(project)
    editor = editor_of(project.public_body)
    assert f"/admin/aktualitaet/{project.pk}/stimmt/" in home_of(client, editor)
    client.post(f"/admin/aktualitaet/{project.pk}/stimmt/")
    assert Freshness.objects.get(page_id=project.pk).state == FreshnessState.CURRENT
    assert f"/admin/aktualitaet/{project.pk}/stimmt/" not in home_of(client, editor)


def test_answer_can_be_taken_back_at_once(client: Client) -> None:
    project = ProjectPageFactory(phase="P4")
    overdue(project)
    client.force_login(editor_of(project.public_body))
    answered = client.post(f"/admin/aktualitaet/{project.pk}/beendet/", follow=True).content.decode()
    assert ProjectPage.objects.get(pk=project.pk).phase == "abgeschlossen"
    assert f"/admin/aktualitaet/{project.pk}/zurueck/" in answered
    assertNotContains(client.get("/admin/"), f"/admin/aktualitaet/{project.pk}/zurueck/")
    client.post(f"/admin/aktualitaet/{project.pk}/zurueck/")
    assert ProjectPage.objects.get(pk=project.pk).phase == "P4"
    assert Freshness.objects.get(page_id=project.pk).state == FreshnessState.DUE


def test_staff_answer_in_their_list_and_stay_there(client: Client) -> None:
    project = ProjectPageFactory()
    overdue(project)
    client.force_login(staff_member())
    address, back = f"/admin/aktualitaet/{project.pk}/stimmt/", "/admin/aktualitaet/?state=faellig"
    assert client.post(address, {"next": back})["Location"] == back
    assert client.post(address, {"next": "https://example.org/"})["Location"].startswith("/admin/?")


def test_nobody_takes_back_what_others_answered(client: Client) -> None:
    project = ProjectPageFactory()
    answer(overdue(project), Answer.HOLDS, editor_of(project.public_body))
    client.force_login(editor_of(BodyPageFactory()))
    client.post(f"/admin/aktualitaet/{project.pk}/zurueck/")
    foreign = home_of(client, editor_of(BodyPageFactory()), f"?zuletzt={project.pk}")
    assert 'id="zuletzt"' not in foreign
    assert Freshness.objects.get(page_id=project.pk).state == FreshnessState.CURRENT


@pytest.mark.parametrize("word", ["stimmt", "beendet", "zurueck"])
def test_nobody_answers_for_others_nor_by_opening_an_address(client: Client, word: str) -> None:
    project = ProjectPageFactory()
    overdue(project)
    address = f"/admin/aktualitaet/{project.pk}/{word}/"
    client.force_login(editor_of(BodyPageFactory()))
    client.post(address)
    client.force_login(editor_of(project.public_body))
    assert client.get(address).status_code == 405
    assert Freshness.objects.get(page_id=project.pk).state == FreshnessState.DUE


def test_many_questions_are_cut_and_counted() -> None:
    body = BodyPageFactory()
    for _number in range(QUESTIONS_SHOWN + 2):
        overdue(ProjectPageFactory(parent=body))
    waiting = waiting_in([body], editor_of(body))
    assert (len(waiting.questions), waiting.further_questions) == (QUESTIONS_SHOWN, 2)


# --- colleagues -------------------------------------------------------------------------------------------------------


def test_what_colleagues_did_is_shown_once_and_ones_own_is_not() -> None:
    body = BodyPageFactory()
    me, colleague = editor_of(body), editor_of(body)
    project, foreign = ProjectPageFactory(parent=body), ProjectPageFactory()
    for person in (me, colleague, colleague):
        log(instance=project, action="wagtail.edit", user=person)
    log(instance=foreign, action="wagtail.edit", user=colleague)
    events = [event for event in Room(body, me).events if event.user_id]
    assert [(event.page_id, event.user, event.action) for event in events] == [(project.pk, colleague, "wagtail.edit")]


# --- tasks ------------------------------------------------------------------------------------------------------------


def test_staff_see_what_only_they_see_to(client: Client) -> None:
    orphaned(ProjectPageFactory())
    assert "/admin/aktualitaet/?state=verwaist" in home_of(client, staff_member())


def test_staff_tasks_are_no_business_of_editors() -> None:
    project = ProjectPageFactory()
    orphaned(project)
    assert tasks_for(editor_of(project.public_body)) == []


def test_coordinator_decides_about_offers_for_the_own_entries_only() -> None:
    project, taker = ProjectPageFactory(), editor_of(BodyPageFactory())
    orphaned(project)
    takeover.offer(project, bodies_of(taker).get(), taker, "")
    assert [task.since is not None for task in tasks_for(coordinator_of(project.public_body))] == [True]
    assert tasks_for(coordinator_of(BodyPageFactory())) == []
    assert tasks_for(taker) == []
    assert len(waiting_in([bodies_of(taker).get()], taker).offers) == 1


def test_entry_says_what_its_newest_version_lacks(client: Client) -> None:
    project = ProjectPageFactory(contact_email="kontakt@example.org")
    editor = editor_of(project.public_body)
    (line,) = Room(project.public_body, editor).lines
    before = line.completeness.percent
    project.problem, project.change_for_citizens = "Meldungen gehen verloren.", "Sie gehen nicht mehr verloren."
    project.save_revision()
    (line,) = Room(project.public_body, editor).lines
    assert line.completeness.percent > before
    assert f"zu {line.completeness.percent} % vollständig" in home_of(client, editor)


def test_numbers_count_the_own_body(client: Client) -> None:
    body = BodyPageFactory()
    ProjectPageFactory(parent=body)
    overdue(ProjectPageFactory(parent=body))
    ProjectPageFactory(parent=body, live=False)
    ProjectPageFactory()
    numbers = Room(body, publisher_of(body)).numbers
    assert numbers == {"total": 3, "published": 2, "confirmed": 1, "unpublished": 1, "artefacts": 0}


def test_help_leads_nobody_to_pages_about_wagtail(client: Client) -> None:
    for user in (editor_of(BodyPageFactory()), staff_member()):
        client.force_login(user)
        html = client.get("/admin/").content.decode()
        assert "wagtail.org" not in html
        assert "keyboard-shortcuts-trigger" in html


def test_entries_of_a_closed_body_are_not_counted_as_public() -> None:
    body = ProjectPageFactory().public_body
    user = editor_of(body)
    assert Room(body, user).numbers["published"] == 1
    restrict_to_members(body, user)
    assert Room(body, user).numbers["published"] == 0
