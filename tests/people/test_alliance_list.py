"""/allianzen/ shows who works together, as far as whoever asks may read it."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertNotContains
from wagtail.models import PageViewRestriction

from projects.alliance_list import ALLIANCES_ON_A_PAGE
from projects.models import AllianceMember, AlliancePage, AllianceStep, BodyPage, ProjectPage, State
from projects.models.alliance import StepState
from tests.factories import (
    BodyPageFactory,
    DistrictFactory,
    MunicipalityFactory,
    OzgServiceFactory,
    ProjectPageFactory,
    ServiceKeyFactory,
    UserFactory,
    editor_of,
)
from tests.people.stage import PLANNED

pytestmark = pytest.mark.django_db

LIST = "/allianzen/"


def alliance(
    lead: BodyPage | None = None, *members: BodyPage, is_members_only: bool = False, **more: Any
) -> AlliancePage:
    """A published alliance of this lead, of two bodies if nothing is said."""
    bodies = members or (BodyPageFactory(),)
    page = AlliancePage(
        title=more.pop("title", "Allianz: Parkausweis"),
        live=False,
        members=[AllianceMember(body=body, sort_order=number) for number, body in enumerate(bodies)],
        steps=more.pop("steps", []),
        projects=more.pop("projects", []),
        **more,
    )
    (lead or BodyPageFactory()).add_child(instance=page)
    page.save_revision().publish()
    if is_members_only:
        PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    return AlliancePage.objects.get(pk=page.pk)


def body_in(state: str) -> BodyPage:
    """A municipality of the Land with that key."""
    district = DistrictFactory(state=State.objects.get(key=state))
    body: BodyPage = BodyPageFactory(municipality=MunicipalityFactory(district=district))
    return body


def service_project(parent: BodyPage, name: str) -> ProjectPage:
    """A project about a service with that name, and about a key of another one."""
    page: ProjectPage = ProjectPageFactory(
        parent=parent, m2m={"ozg_services": [OzgServiceFactory(name=name)], "service_keys": [ServiceKeyFactory()]}
    )
    return page


def test_each_stands_there_with_lead_members_services_and_timetable(client: Client) -> None:
    lead, member = BodyPageFactory(title="Auental"), BodyPageFactory(title="Bergheim")
    done, due = StepState.DONE, datetime.date(2027, 3, 1)
    steps = [
        AllianceStep(title="Konzept", state=done, sort_order=0),
        AllianceStep(title="Gesamtbetrieb", sort_order=1),
        AllianceStep(title="Pilotbetrieb", state=StepState.RUNNING, due_on=due, sort_order=2),
    ]
    page = alliance(lead, member, lead, steps=steps, projects=[service_project(lead, "Bewohnerparken")])
    answer = client.get(LIST)
    text = answer.content.decode()
    said = (page.url, page.title, "Auental", "Bergheim", "Bewohnerparken", "Familie", "Pilotbetrieb", "2027-03-01")
    assert [one for one in said if one not in text] == []
    [line] = answer.context["lines"]
    assert line.members == [member], "The lead stands for itself"
    assert (line.steps_done, line.next_step.title) == (1, "Pilotbetrieb")
    assert "Gesamtbetrieb" not in text


def test_before_anything_is_under_way_the_next_step_is_the_first_ahead(client: Client) -> None:
    alliance(steps=[AllianceStep(title="Konzept", sort_order=0), AllianceStep(title="Pilot", sort_order=1)])
    [line] = client.get(LIST).context["lines"]
    assert line.next_step.title == "Konzept"


def test_visitors_are_neither_shown_nor_told_of_what_is_for_members(client: Client) -> None:
    member = editor_of(BodyPageFactory())
    alliance(title="Allianz: Mängelmelder")
    without = client.get(LIST).content.decode()
    alliance(title=f"Allianz: {PLANNED}", is_members_only=True)
    for outsider in (None, UserFactory()):
        if outsider:
            client.force_login(outsider)
        answer = client.get(LIST)
        assert PLANNED not in answer.content.decode()
        assert answer.context["page_obj"].paginator.count == 1
        assert outsider or answer.content.decode().count("</li>") == without.count("</li>")
        assert "no-store" not in answer.headers.get("Cache-Control", "")
    client.force_login(member)
    answer = client.get(LIST)
    assert PLANNED in answer.content.decode()
    assert answer.context["page_obj"].paginator.count == 2
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_public_alliance_says_nothing_of_its_plans_for_members_to_anybody(client: Client) -> None:
    lead = BodyPageFactory()
    plan = service_project(lead, f"{PLANNED} Leistung")
    PageViewRestriction.objects.create(page=plan, restriction_type=PageViewRestriction.LOGIN)
    alliance(lead, projects=[plan])
    assertNotContains(client.get(LIST), PLANNED)
    client.force_login(editor_of(BodyPageFactory()))
    assertNotContains(client.get(LIST), PLANNED)
    alliance(lead, projects=[plan], is_members_only=True)
    assert PLANNED in client.get(LIST).content.decode()


def test_bodies_nobody_can_read_any_more_are_no_members(client: Client) -> None:
    gone, hidden = BodyPageFactory(title="Gibt-es-nicht-mehr"), BodyPageFactory(title=PLANNED)
    alliance(None, gone, hidden, BodyPageFactory(title="Noch da"))
    gone.unpublish()
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    text = client.get(LIST).content.decode()
    assert "Noch da" in text
    assert "Gibt-es-nicht-mehr" not in text
    assert PLANNED not in text


def test_drafts_are_for_nobody_s_eyes(client: Client) -> None:
    alliance().unpublish()
    there = alliance()
    client.force_login(editor_of(BodyPageFactory()))
    assert [line.page for line in client.get(LIST).context["lines"]] == [there]


def test_land_chooses_those_led_by_its_bodies_and_those_they_belong_to(client: Client) -> None:
    here, elsewhere, third = (body_in(key) for key in ("01", "03", "09"))
    led, joined = alliance(here, elsewhere), alliance(elsewhere, here, third)
    alliance(elsewhere, third)
    found = client.get(LIST, {"land": "01"}).context
    assert [line.page.pk for line in found["lines"]] == [joined.pk, led.pk]
    assert found["page_obj"].paginator.count == 2
    assert client.get(LIST, {"land": "02"}).context["lines"] == []


@pytest.mark.parametrize("strange", ["00", "\x00", "0' OR 1", "x" * 5_000])
def test_strange_land_finds_nothing_and_offers_the_way_back(client: Client, strange: str) -> None:
    alliance()
    answer = client.get(LIST, {"land": strange, "seite": "-1"})
    assert answer.status_code == 200


def test_without_any_it_is_said_how_one_comes_about(client: Client) -> None:
    text = client.get(LIST).content.decode()
    assert "/suche/?partner=gesucht" in text
    assert 'id="land"' not in text, "There is nothing to choose from"


def test_list_has_pages(client: Client) -> None:
    lead, member = BodyPageFactory(), BodyPageFactory()
    for number in range(ALLIANCES_ON_A_PAGE + 1):
        alliance(lead, member, title=f"Allianz {number:02d}")
    first, second = client.get(LIST).context["lines"], client.get(LIST, {"seite": "2"}).context["lines"]
    assert [line.page.title for line in (first[0], *second)] == [f"Allianz {ALLIANCES_ON_A_PAGE}", "Allianz 00"]


def test_more_alliances_cost_no_more_questions(client: Client) -> None:
    def asked() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    def further() -> None:
        lead = BodyPageFactory()
        alliance(lead, BodyPageFactory(), projects=[service_project(lead, "Leistung")], steps=[AllianceStep(title="A")])

    further()
    few = asked()
    for _number in range(4):
        further()
    assert asked() == few


def test_list_is_reached_from_every_page(client: Client) -> None:
    assert f'href="{LIST}"' in client.get("/").content.decode()
    assert f'href="{LIST}"' in client.get(alliance().url).content.decode()
