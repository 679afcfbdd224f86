"""The panel while writing: the nearest with reasons, who is responsible for all, and nothing for strangers."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from matching.alike.panel import OWN_SHOWN, SHOWN, look
from people.models import User
from projects.models import BodyPage, CentralSolution, OzgService
from search.similar.finding import Draft
from tests.factories import BodyPageFactory, OzgServiceFactory, UserFactory, editor_of, field_of_action
from tests.matching.appearing import DOG_TAX, appear, others

PANEL = "/vorhaben/aehnliche/"

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("engine")]


@pytest.fixture
def body() -> BodyPage:
    found: BodyPage = BodyPageFactory(title="Unser Dorf")
    return found


@pytest.fixture
def person(client: Client, body: BodyPage) -> User:
    user = editor_of(body)
    client.force_login(user)
    return user


def typed(**changed: Any) -> dict[str, Any]:
    """What the script sends from the short form."""
    return {"form": "kurz", "title": DOG_TAX["title"], "problem": DOG_TAX["summary"], **changed}


def test_members_see_what_is_alike_with_place_phase_and_reasons(client: Client, person: User) -> None:
    others()
    there = BodyPageFactory(title="Auental")
    twin = appear(there, phase="P4", fields_of_action=[field_of_action("verwaltung")])
    hidden = appear(BodyPageFactory(title="Steinbach"), is_members_only=True, phase="P1")
    answer = client.post(PANEL, typed(field_of_action=str(field_of_action("verwaltung").pk)))
    text = answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    for said in (twin.url, "Auental", there.place_label, hidden.url, "Steinbach", "data-strong", "Verwaltung"):
        assert said in text
    assert "<html" not in text


def test_a_question_is_asked_about_what_is_very_similar_and_what_was_chosen_stays(client: Client, person: User) -> None:
    others()
    twin = appear(BodyPageFactory())
    key = f"projekt-{twin.pk}"
    text = client.post(PANEL, typed()).content.decode()
    assert text.count(f'name="{key}-kind"') == 4
    chosen = client.post(PANEL, typed(**{f"{key}-kind": "trotzdem", f"{key}-reason": "Anderes <Recht>"}))
    assert "Anderes &lt;Recht&gt;" in chosen.content.decode()
    assert chosen.content.decode().count(" checked") == 1


def test_the_first_look_shows_the_nearest_and_leaves_what_is_strong_to_the_second(client: Client, person: User) -> None:
    others()
    twin = appear(BodyPageFactory())
    first, second = client.post(PANEL, typed(erster_blick="1")), client.post(PANEL, typed())
    assertContains(first, twin.url)
    assertContains(first, "Ein genauerer Blick folgt gleich.")
    assertNotContains(first, "data-strong")
    assertContains(second, "data-strong")
    assertNotContains(second, "Ein genauerer Blick")


def test_one_s_own_projects_are_shown_but_nothing_is_asked_about_them(
    client: Client, person: User, body: BodyPage
) -> None:
    others()
    own = appear(body)
    text = client.post(PANEL, typed()).content.decode()
    assert own.url in text
    assert "-kind" not in text
    assert "data-strong" not in text


def test_one_s_own_projects_take_no_place_from_those_of_others(client: Client, person: User, body: BodyPage) -> None:
    others()
    for _one in range(OWN_SHOWN):
        appear(body)
    less_alike = f"{DOG_TAX['summary']} Außerdem gibt es Marken aus Blech für das Halsband."
    twins = [appear(BodyPageFactory(), summary=less_alike) for _one in range(SHOWN + 1)]
    found = look(Draft(DOG_TAX["title"], DOG_TAX["summary"]), body=body).found
    assert [one.is_own for one in found] == [False] * SHOWN + [True] * OWN_SHOWN
    text = client.post(PANEL, typed()).content.decode()
    assert sum(twin.url in text for twin in twins) == SHOWN


def test_why_somebody_gave_up_is_shown(client: Client, person: User) -> None:
    appear(BodyPageFactory(), phase="nicht_weiterverfolgt", stop_reason="recht", stop_note="Satzung <fehlt>")
    text = client.post(PANEL, typed()).content.decode()
    assert "Satzung &lt;fehlt&gt;" in text


def test_who_builds_the_service_for_all_is_named_before_a_word_is_compared(client: Client, person: User) -> None:
    service: OzgService = OzgServiceFactory(name="Personalausweis")
    CentralSolution.objects.create(name="Ausweis für alle", service=service, actor="Berlin")
    text = client.post(PANEL, typed(title="", problem="", service="Personalausweis")).content.decode()
    assert "Ausweis für alle" in text
    assert "data-strong" in text


def test_the_editor_is_answered_from_its_own_fields_without_the_page_itself(
    client: Client, person: User, body: BodyPage
) -> None:
    own = appear(body)
    twin = appear(BodyPageFactory())
    service = OzgServiceFactory(name="Hundesteuer")
    CentralSolution.objects.create(name="Hund für alle", service=service, actor="Berlin")
    sent = {"form": "editor", "seite": own.pk, **DOG_TAX, "ozg_services": f'"{service}"', "starts_on": "irgendwann"}
    text = client.post(PANEL, sent).content.decode()
    assert twin.url in text
    assert own.url not in text
    assert "Hund für alle" in text
    assert f"/vorhaben/{own.pk}/entscheiden/?ueber=projekt-{twin.pk}" in text


def test_a_stranger_s_page_is_no_page_of_one_s_own(client: Client, person: User) -> None:
    foreign = appear(BodyPageFactory())
    text = client.post(PANEL, {"form": "editor", "seite": foreign.pk, **DOG_TAX}).content.decode()
    assert foreign.url in text
    assert "entscheiden" not in text


def test_strangers_and_visitors_learn_nothing(client: Client) -> None:
    twin = appear(BodyPageFactory(), is_members_only=True)
    assert client.post(PANEL, typed()).status_code == 302
    client.force_login(UserFactory())
    refused = client.post(PANEL, typed())
    assert refused.status_code == 403
    assert twin.title not in refused.content.decode()


def test_nobody_asks_without_end(client: Client, person: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "similar": "2/m/user"}
    statuses = [client.post(PANEL, typed()).status_code for _turn in range(3)]
    assert statuses == [200, 200, 429]


def test_a_search_that_does_not_answer_is_said_and_breaks_nothing(
    client: Client, person: User, settings: Any, tmp_path: Any
) -> None:
    settings.SEARCH_URL, settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/gibt-es-nicht", ""
    answer = client.post(PANEL, typed())
    assert answer.status_code == 200
    assert "data-outage" in answer.content.decode()


def test_a_text_of_two_words_is_not_compared() -> None:
    appear(BodyPageFactory())
    panel = look(Draft(title="Hund", summary=""))
    assert panel.is_too_short
    assert not panel.found
