"""What is very similar is weighed before others see a plan: in the short form, in the editor, before it is public."""

from typing import Any

import pytest
from django.test import Client

from matching.alike import decisions
from matching.alike.decision_views import look_at
from matching.alike.decisions import kinds_for
from matching.models import DecisionKind, OverlapDecision
from people.models import ReviewState, User
from projects.models import BodyPage, CentralSolution, OzgFieldLead, Partnership, Plan, ProjectPage
from search.indexing.outbox import drain
from tests.factories import BodyPageFactory, OzgServiceFactory, editor_of, field_of_action, publisher_of, staff_member
from tests.matching.appearing import DOG_TAX, appear, others

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]


@pytest.fixture
def twin() -> ProjectPage:
    """Somebody else's project that is very similar, among others that are not."""
    others()
    return appear(BodyPageFactory(title="Auental"))


@pytest.fixture
def body() -> BodyPage:
    found: BodyPage = BodyPageFactory(title="Unser Dorf")
    return found


@pytest.fixture
def editor(client: Client, body: BodyPage) -> User:
    user = editor_of(body)
    client.force_login(user)
    return user


def report(client: Client, **changed: Any) -> Any:
    sent = {
        "title": DOG_TAX["title"],
        "problem": DOG_TAX["summary"],
        "field_of_action": str(field_of_action("verwaltung").pk),
        "openness": "gesucht",
    }
    return client.post("/vorhaben/melden/", {**sent, **changed})


def answers(twin: ProjectPage, kind: str, reason: str = "") -> dict[str, str]:
    key = f"projekt-{twin.pk}"
    return {"gefragt": key, f"{key}-kind": kind, f"{key}-reason": reason}


def own_plan(client: Client, body: BodyPage, twin: ProjectPage) -> ProjectPage:
    """Reported before the other one appeared."""
    twin.unpublish()
    drain()
    assert report(client).status_code == 302
    twin.save_revision().publish()
    drain()
    found: ProjectPage = ProjectPage.objects.child_of(body).get()
    return found


# --- in the short form ------------------------------------------------------------------------------------------------


def test_nothing_is_stored_before_what_is_very_similar_is_weighed(
    client: Client, body: BodyPage, editor: User, twin: ProjectPage
) -> None:
    step = report(client)
    text = step.content.decode()
    assert twin.url in text
    assert "aria-invalid" not in text
    assert 'name="problem"' in text
    assert not ProjectPage.objects.child_of(body).exists()


def test_what_is_weighed_is_kept_with_the_plan_and_its_reasons(
    client: Client, body: BodyPage, editor: User, twin: ProjectPage
) -> None:
    assert report(client, **answers(twin, "mitmachen", "Wir haben eine Stelle frei")).status_code == 302
    project = ProjectPage.objects.child_of(body).get()
    row = OverlapDecision.objects.get()
    assert (row.project, row.other, row.kind) == (project, twin, DecisionKind.JOIN)
    assert row.evidence
    assert Partnership.objects.get().project == twin


def test_build_it_anyway_without_a_reason_is_asked_again(
    client: Client, body: BodyPage, editor: User, twin: ProjectPage
) -> None:
    text = report(client, **answers(twin, "trotzdem")).content.decode()
    assert "dsr-errors" in text
    assert not Plan.objects.exists()
    assert report(client, **answers(twin, "trotzdem", "Andere Satzung")).status_code == 302
    assert OverlapDecision.objects.get().reason == "Andere Satzung"


def test_one_can_go_back_to_the_form_with_all_that_was_typed(
    client: Client, body: BodyPage, editor: User, twin: ProjectPage
) -> None:
    text = report(client, zurueck="1").content.decode()
    assert DOG_TAX["title"] in text
    assert "data-plan-form" in text
    assert not Plan.objects.exists()


def test_building_what_is_built_for_all_asks_for_a_reason(client: Client, body: BodyPage, editor: User) -> None:
    service = OzgServiceFactory(name="Personalausweis")
    central = CentralSolution.objects.create(name="Ausweis für alle", service=service, actor="Berlin")
    key = f"loesung-{central.pk}"
    assert "Ausweis für alle" in report(client, service="Personalausweis").content.decode()
    sent = {"gefragt": key, f"{key}-kind": "trotzdem", f"{key}-reason": "Kann keine Termine"}
    assert report(client, service="Personalausweis", **sent).status_code == 302
    assert OverlapDecision.objects.get().solution == central


def test_building_in_a_field_that_others_lead_asks_for_a_reason_once(
    client: Client, body: BodyPage, editor: User
) -> None:
    service = OzgServiceFactory(name="Jagdschein")
    service.field.leads.all().delete()
    OzgFieldLead.objects.create(field=service.field, actor="Saarland", url="https://example.org/saar")
    key = f"themenfeld-{service.field.pk}"
    shown = report(client, service="Jagdschein").content.decode()
    assert "Saarland" in shown
    assert f'name="{key}-kind"' in shown
    assert not Plan.objects.exists()
    refused = report(client, service="Jagdschein", **{"gefragt": key, f"{key}-kind": "trotzdem"})
    assert "dsr-errors" in refused.content.decode()
    sent = {"gefragt": key, f"{key}-kind": "trotzdem", f"{key}-reason": "Das Land hat abgesagt"}
    assert report(client, service="Jagdschein", **sent).status_code == 302
    kept = OverlapDecision.objects.get()
    assert (kept.subject, kept.reason) == (service.field, "Das Land hat abgesagt")
    plan = ProjectPage.objects.get(pk=Plan.objects.get().project_id)
    assert look_at(plan).undecided == []
    assert "Das Land hat abgesagt" in client.get(plan.url).content.decode()


def test_whoever_weighs_a_central_solution_is_not_asked_about_the_lead_behind_it_as_well(
    client: Client, body: BodyPage, editor: User
) -> None:
    service = OzgServiceFactory(name="Jagdschein")
    OzgFieldLead.objects.create(field=service.field, actor="Saarland")
    central = CentralSolution.objects.create(name="Jagd für alle", service=service, actor="Berlin")
    shown = report(client, service="Jagdschein").content.decode()
    assert "Saarland" in shown
    assert f'name="loesung-{central.pk}-kind"' in shown
    assert f'name="themenfeld-{service.field.pk}-kind"' not in shown


def test_without_anything_alike_or_without_a_search_the_plan_is_reported_at_once(
    client: Client, body: BodyPage, editor: User, settings: Any, tmp_path: Any
) -> None:
    others()
    assert report(client, title="Trauzimmer im Schloss", problem="Paare buchen den Saal.").status_code == 302
    appear(BodyPageFactory())
    settings.SEARCH_URL, settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/gibt-es-nicht", ""
    assert report(client).status_code == 302
    assert Plan.objects.count() == 2


# --- before it is public ----------------------------------------------------------------------------------------------


def test_plan_with_something_alike_becomes_public_only_after_it_is_weighed_and_is_asked_once(
    client: Client, body: BodyPage, twin: ProjectPage
) -> None:
    client.force_login(publisher_of(body))
    project = own_plan(client, body, twin)
    publish = f"/vorhaben/{project.pk}/veroeffentlichen/"
    asked = client.post(publish)
    assert asked["Location"].startswith(f"/vorhaben/{project.pk}/entscheiden/?weiter=")
    assert twin.title in client.get(asked["Location"]).content.decode()
    decided = client.post(asked["Location"], answers(twin, "beobachten"))
    assert decided["Location"] == publish
    assert client.post(publish)["Location"] == f"/vorhaben/{project.pk}/"
    assert ProjectPage.objects.readable().filter(pk=project.pk).exists()
    assert OverlapDecision.objects.get().kind == DecisionKind.WATCH


def test_page_of_the_questions_is_for_those_who_edit_and_leads_nowhere_else(
    client: Client, body: BodyPage, editor: User, twin: ProjectPage
) -> None:
    project = own_plan(client, body, twin)
    address = f"/vorhaben/{project.pk}/entscheiden/"
    decided = client.post(f"{address}?weiter=https://boese.example/", answers(twin, "beobachten"))
    assert decided["Location"] == f"/vorhaben/{project.pk}/"
    client.force_login(editor_of(BodyPageFactory()))
    assert client.get(address).status_code == 404


def test_decision_can_be_changed(client: Client, body: BodyPage, editor: User, twin: ProjectPage) -> None:
    project = own_plan(client, body, twin)
    address = f"/vorhaben/{project.pk}/entscheiden/"
    client.post(address, answers(twin, "trotzdem", "Andere Satzung"))
    question = f"id_projekt-{twin.pk}-kind"
    assert f"?ueber=projekt-{twin.pk}#{question}" in client.get(address).content.decode(), "The link leads to it"
    again = client.get(f"{address}?ueber=projekt-{twin.pk}").content.decode()
    assert "Andere Satzung" in again
    assert f'id="{question}"' in again
    client.post(f"{address}?ueber=projekt-{twin.pk}", answers(twin, "nachnutzen"))
    assert OverlapDecision.objects.get().kind == DecisionKind.REUSE
    assert twin.title in client.get(f"/vorhaben/{project.pk}/").content.decode()


# --- in the editor ----------------------------------------------------------------------------------------------------


def typed(project: ProjectPage, **changed: str) -> dict[str, str]:
    """What the editor of that project sends."""
    formsets: dict[str, str] = {}
    for name in ("artefacts", "participations", "comments"):
        formsets |= {f"{name}-{key}": "0" for key in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
        formsets[f"{name}-MAX_NUM_FORMS"] = "1000"
    return {
        **formsets,
        "title": project.title,
        "slug": project.slug,
        "summary": project.summary,
        "problem": project.problem,
        "phase": project.phase,
        "conformity": "unknown",
        "body-count": "0",
        "fields_of_action": str(field_of_action("verwaltung").pk),
        **changed,
    }


@pytest.mark.parametrize("button", ["action-publish", "action-submit"])
def test_editor_keeps_the_draft_and_asks_before_others_see_it(
    client: Client, body: BodyPage, editor: User, twin: ProjectPage, button: str
) -> None:
    draft = ProjectPage(**DOG_TAX, slug="hund", phase="P1", live=False, owner=editor)
    body.add_child(instance=draft)
    if button == "action-publish":
        publisher_of(body)
    address = f"/admin/pages/{draft.pk}/edit/"
    answer = client.post(address, typed(draft, target_group="Halter", **{button: "1"}))
    assert answer["Location"].startswith(f"/vorhaben/{draft.pk}/entscheiden/")
    draft.refresh_from_db()
    assert not draft.live
    assert not ReviewState.objects.waiting().exists()
    assert draft.get_latest_revision_as_object().target_group == "Halter"

    decided = client.post(answer["Location"], answers(twin, "beobachten"))
    if button == "action-publish":
        assert decided["Location"] == address
        client.post(address, typed(draft, **{button: "1"}))
    else:
        # What a check asks for is named there, and the draft handed in all the same.
        assert decided["Location"] == f"/admin/projekte/{draft.pk}/einreichen/"
        client.post(decided["Location"])
    draft.refresh_from_db()
    assert draft.live == (button == "action-publish")
    assert ReviewState.objects.waiting().exists() == (button == "action-submit")


@pytest.mark.parametrize("is_below", [False, True], ids=["the plan itself", "all below its body"])
def test_several_at_once_are_published_only_if_all_is_weighed(
    client: Client, body: BodyPage, editor: User, twin: ProjectPage, is_below: bool
) -> None:
    draft = ProjectPage(title="Trauzimmer im Schloss", slug="hund", phase="P1", live=False, owner=editor)
    body.add_child(instance=draft)
    draft.title, draft.summary = DOG_TAX["title"], DOG_TAX["summary"]
    draft.save_revision()
    publisher_of(body)
    editor.groups.add(body.team.group)
    address = f"/admin/bulk/wagtailcore/page/publish/?id={body.pk if is_below else draft.pk}&next=/admin/"
    sent = {"include_descendants": "on"} if is_below else {}
    answer = client.post(address, sent)
    assert answer["Location"].startswith(f"/vorhaben/{draft.pk}/entscheiden/")
    assert twin.url in client.get(answer["Location"]).content.decode(), "alike is the newest version"
    draft.refresh_from_db()
    assert not draft.live
    client.post(answer["Location"], answers(twin, "beobachten"))
    client.post(address, sent)
    draft.refresh_from_db()
    assert draft.live


def test_an_error_while_decisions_are_kept_leaves_no_plan_without_them(
    client: Client, body: BodyPage, editor: User, twin: ProjectPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(decisions, "decide", fail)
    with pytest.raises(RuntimeError):
        report(client, **answers(twin, "beobachten"))
    assert not ProjectPage.objects.child_of(body).exists()


def test_own_projects_are_not_joined_and_no_number_is_an_error(
    client: Client, body: BodyPage, editor: User, twin: ProjectPage
) -> None:
    plan = own_plan(client, body, twin)
    sibling = appear(body)
    assert DecisionKind.JOIN not in kinds_for(sibling, body)
    for number in (f"projekt-{sibling.pk}", f"projekt-{'9' * 5000}"):
        assert client.get(f"/vorhaben/{plan.pk}/entscheiden/?ueber={number}").status_code == 200
    sent = {"form": "editor", "title": "Hundesteuer", "seite": "9" * 5000, "stelle": "9" * 5000}
    assert client.post("/vorhaben/aehnliche/", sent).status_code == 200


def test_new_page_is_kept_as_a_draft_as_well(client: Client, body: BodyPage, editor: User, twin: ProjectPage) -> None:
    draft = ProjectPage(**DOG_TAX, slug="hund", phase="P1")
    address = f"/admin/pages/add/projects/projectpage/{body.pk}/"
    answer = client.post(address, typed(draft, **{"action-submit": "1"}))
    stored = ProjectPage.objects.child_of(body).get()
    assert answer["Location"].startswith(f"/vorhaben/{stored.pk}/entscheiden/")
    assert not stored.live
    assert not ReviewState.objects.waiting().exists()


def test_what_is_built_already_and_what_the_centre_publishes_is_not_asked_about(
    client: Client, body: BodyPage, editor: User, twin: ProjectPage
) -> None:
    built = ProjectPage(**DOG_TAX, slug="gebaut", phase="P4", live=False, owner=editor)
    body.add_child(instance=built)
    submitted = client.post(f"/admin/pages/{built.pk}/edit/", typed(built, **{"action-submit": "1"}))
    assert submitted["Location"] == f"/admin/projekte/{built.pk}/einreichen/"
    plan = ProjectPage(**DOG_TAX, slug="plan", phase="P1", live=False, owner=editor)
    body.add_child(instance=plan)
    client.force_login(staff_member())
    client.post(f"/admin/pages/{plan.pk}/edit/", typed(plan, **{"action-publish": "1"}))
    plan.refresh_from_db()
    assert plan.live


def test_what_is_built_already_is_published_without_a_question(
    client: Client, body: BodyPage, twin: ProjectPage
) -> None:
    publisher = publisher_of(body)
    client.force_login(publisher)
    built = ProjectPage(**DOG_TAX, slug="gebaut", phase="P4", live=False, owner=publisher)
    body.add_child(instance=built)
    client.post(f"/admin/pages/{built.pk}/edit/", typed(built, **{"action-publish": "1"}))
    built.refresh_from_db()
    assert built.live
