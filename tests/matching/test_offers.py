"""What a form offers to take over: likely, not chosen yet, with a reason; nothing is set, and nothing typed is lost."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from matching.plans import lifecycle as plans
from matching.plans.lifecycle import PlanValues
from matching.reporting import offers
from matching.reporting.offers import offers_for_editor, offers_for_plan
from people.models import User
from projects.models import BodyPage, OzgService, ProjectPage
from search.similar.finding import Draft
from tests.factories import (
    BodyPageFactory,
    OzgServiceFactory,
    ServiceKeyFactory,
    UserFactory,
    editor_of,
    field_of_action,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]

REPORT, PANEL = "/vorhaben/melden/", "/vorhaben/aehnliche/"
TITLE, PROBLEM = "Sperrmüll anmelden", "Wer Sperrmüll hat, ruft an. Die Müllabfuhr kommt später."
DRAFT = Draft(TITLE, PROBLEM)
OFFERED = "data-field="
# Followed by what it was; the script has the words in any case.
TAKEN = re.compile(r"Übernommen: [^{]")


@pytest.fixture
def service() -> OzgService:
    """One of a catalogue: where there are few, every word is common."""
    OzgServiceFactory.create_batch(20)
    made: OzgService = OzgServiceFactory(ozg_id="80110", name="Sperrmüll")
    return made


@pytest.fixture
def body() -> BodyPage:
    made: BodyPage = BodyPageFactory(title="Unser Dorf")
    return made


@pytest.fixture
def person(client: Client, body: BodyPage) -> User:
    user = editor_of(body)
    client.force_login(user)
    return user


def typed(**more: Any) -> dict[str, Any]:
    return {"title": TITLE, "problem": PROBLEM, **more}


# --- what is offered --------------------------------------------------------------------------------------------------


def test_fields_come_before_services_each_with_its_reason(service: OzgService) -> None:
    field, *_more, last = offers_for_plan(DRAFT)
    environment = field_of_action("energie-und-umwelt")
    assert (field.field, field.value, field.label) == ("field_of_action", str(environment.pk), environment.name)
    assert field.reason == "wegen „Sperrmüll“, „Müllabfuhr“"
    assert (last.field, last.value) == ("service", "Sperrmüll (80110)")
    assert last.reason.startswith("wegen „Sperrmüll“")


def test_the_short_form_is_offered_nothing_for_a_field_that_has_something(service: OzgService) -> None:
    chosen = Draft(TITLE, PROBLEM, fields_of_action=frozenset({field_of_action("bildung").pk}))
    assert {offer.field for offer in offers_for_plan(chosen)} == {"service"}
    named = Draft(TITLE, PROBLEM, service_keys=frozenset({ServiceKeyFactory().pk}))
    assert {offer.field for offer in offers_for_plan(named)} == {"field_of_action"}


def test_the_editor_is_offered_what_is_not_chosen_yet(service: OzgService) -> None:
    environment = field_of_action("energie-und-umwelt")
    assert [offer.value for offer in offers_for_editor(DRAFT)][-1] == "Sperrmüll (80110)"
    chosen = Draft(TITLE, PROBLEM, fields_of_action=frozenset({environment.pk}), services=frozenset({service.pk}))
    left = offers_for_editor(chosen)
    assert environment.name not in {offer.label for offer in left}
    assert not [offer for offer in left if offer.field == "ozg_services"]


def test_a_service_is_chosen_with_one_of_its_keys(service: OzgService) -> None:
    key = ServiceKeyFactory(service=service, name="Sperrmüll abholen")
    left = offers_for_editor(Draft(TITLE, PROBLEM, service_keys=frozenset({key.pk})))
    assert not [offer for offer in left if offer.field == "ozg_services"]


def test_no_more_are_offered_than_are_read() -> None:
    OzgServiceFactory.create_batch(40)
    for _number in range(8):
        OzgServiceFactory(name="Sperrmüll")
    found = offers_for_editor(DRAFT)
    assert len([offer for offer in found if offer.field == "ozg_services"]) == offers.SERVICES_SHOWN
    assert len([offer for offer in found if offer.field == "fields_of_action"]) <= offers.FIELDS_SHOWN


# --- with the panel's answer ------------------------------------------------------------------------------------------


def test_the_answer_of_the_panel_brings_the_offers(client: Client, person: User, service: OzgService) -> None:
    answer = client.post(PANEL, {"form": "kurz", **typed()})
    assertContains(answer, "„Energie und Umwelt“ übernehmen")
    assertContains(answer, "„Sperrmüll (80110)“ übernehmen")
    assertContains(answer, 'data-field="service"')


def test_the_editor_gets_them_for_its_own_fields(client: Client, person: User, service: OzgService) -> None:
    answer = client.post(PANEL, {"form": "editor", **typed()})
    assertContains(answer, 'data-field="ozg_services"')
    assertContains(answer, 'data-field="fields_of_action"')


@pytest.mark.parametrize("title", ["", "App", "Xylophon quietscht vergnügt"])
def test_where_nothing_is_likely_nothing_is_said(client: Client, person: User, title: str) -> None:
    answer = client.post(PANEL, {"form": "kurz", "title": title, "problem": ""})
    assertContains(answer, "data-recognised-offers")
    assertNotContains(answer, OFFERED)
    assertNotContains(answer, "Ihr Text passt zu")


def test_what_is_quoted_of_a_text_is_text(client: Client, person: User) -> None:
    OzgServiceFactory.create_batch(20)
    OzgServiceFactory(name="<b>Zirkuswiese</b>")
    answer = client.post(PANEL, {"form": "kurz", "title": "Die <i>Zirkuswiese</i> mieten", "problem": ""})
    assertContains(answer, "&lt;b&gt;Zirkuswiese&lt;/b&gt;")
    assertNotContains(answer, "<b>Zirkuswiese")


# --- without a script -------------------------------------------------------------------------------------------------


def test_the_button_shows_offers_and_keeps_what_was_typed(client: Client, person: User, service: OzgService) -> None:
    sent = typed(decision_on="irgendwann", openness="gesucht", service="halb get", vorschlaege="1")
    answer = client.post(REPORT, sent)
    for kept in (TITLE, PROBLEM, "irgendwann", "halb get"):
        assertContains(answer, kept)
    assertContains(answer, " checked", count=1)
    assertContains(answer, "„Energie und Umwelt“ übernehmen")
    assertNotContains(answer, "kern-error")
    assert not ProjectPage.objects.exists()


@pytest.mark.parametrize(("pressed", "is_said"), [({"vorschlaege": "1"}, True), ({"uebernehmen": "="}, False)])
def test_whoever_asks_is_told_that_nothing_fits(
    client: Client, person: User, pressed: dict[str, str], is_said: bool
) -> None:
    answer = client.post(REPORT, {"title": "Xyzzy", "problem": "", **pressed})
    assert ("Zu Ihrem Text passt nichts eindeutig" in answer.content.decode()) == is_said


def test_what_is_pressed_is_taken_over_said_and_can_be_taken_back(
    client: Client, person: User, service: OzgService
) -> None:
    field = field_of_action("energie-und-umwelt")
    answer = client.post(REPORT, typed(service="vorher", uebernehmen="service=Sperrmüll (80110)"))
    assertContains(answer, 'value="Sperrmüll (80110)"')
    assertContains(answer, "Übernommen: Sperrmüll (80110)")
    assertContains(answer, 'value="service=vorher"')
    answer = client.post(REPORT, typed(uebernehmen=f"field_of_action={field.pk}"))
    assertContains(answer, f'<option value="{field.pk}" selected>')
    assertContains(answer, "Übernommen: Energie und Umwelt")
    back = client.post(REPORT, typed(field_of_action=field.pk, uebernehmen="field_of_action="))
    assertNotContains(back, f'<option value="{field.pk}" selected>')
    assert not TAKEN.search(back.content.decode())


@pytest.mark.parametrize("pressed", ["", "=", "title=Anderes", "field_of_action=999999", "field_of_action=<b>", "body"])
def test_a_forged_button_takes_nothing_over(client: Client, person: User, pressed: str) -> None:
    answer = client.post(REPORT, typed(uebernehmen=pressed))
    assertContains(answer, f'value="{TITLE}"')
    assert not TAKEN.search(answer.content.decode())
    assertNotContains(answer, "<b>")


def test_a_plan_that_is_changed_gets_offers_too_and_keeps_its_version(
    client: Client, person: User, body: BodyPage, service: OzgService
) -> None:
    plan = plans.report(body, PlanValues("Etwas anderes", "Ein Problem.", "ideen"), person)
    answer = client.post(f"/vorhaben/{plan.pk}/bearbeiten/", typed(vorschlaege="1", version="17"))
    assertContains(answer, 'name="version" value="17"')
    assertContains(answer, "„Sperrmüll (80110)“ übernehmen")
    plan.refresh_from_db()
    assert plan.title != TITLE


def test_the_first_button_of_the_form_stores_it(client: Client, person: User) -> None:
    """Enter in a field presses the first button: that must not take anything over."""
    text = client.get(REPORT).content.decode()
    form = text[text.index("data-plan-form") :]
    assert 'value="Vorhaben melden"' in re.findall(r'<[^>]*type="submit"[^>]*>', form)[0]


def test_nobody_has_suggestions_shown_without_end(client: Client, person: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "similar": "1/m/user"}
    assert [client.post(REPORT, typed(vorschlaege="1")).status_code for _time in range(2)] == [200, 429]


def test_who_may_not_open_the_form_gets_no_suggestions(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.post(REPORT, typed(vorschlaege="1")).status_code == 403
    client.logout()
    assert client.post(REPORT, typed(vorschlaege="1")).status_code == 302
