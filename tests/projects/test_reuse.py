"""Who uses a project, as pages show it: in a useful order, on a map, and to nobody who may not read the project."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertNotContains
from wagtail.models import PageViewRestriction

from projects import reuse
from projects.models import Association, BodyPage, CentralSolution, OzgField, ProjectPage, Reuse
from projects.models.register import State
from projects.reuse_map import HEIGHT, OUTLINE, WIDTH, map_of
from tests.factories import (
    BodyPageFactory,
    DistrictFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    editor_of,
)

pytestmark = pytest.mark.django_db


def used(project: ProjectPage, stage: str = "produktiv", *, is_confirmed: bool = True, **fields: Any) -> Reuse:
    unit = {} if {"district", "association", "state"} & set(fields) else {"municipality": MunicipalityFactory()}
    confirmed_at = timezone.now() if is_confirmed else None
    found: Reuse = Reuse.objects.create(project=project, stage=stage, confirmed_at=confirmed_at, **{**unit, **fields})
    return found


def list_of(client: Client, project: ProjectPage) -> str:
    return client.get(f"/projekte/{project.pk}/nachnutzung/").content.decode()


def test_users_stand_in_the_order_of_how_far_they_are_and_whether_they_said_so() -> None:
    project = ProjectPageFactory()
    ended, examining, claimed = used(project, "abgeloest"), used(project, "prueft"), used(project, is_confirmed=False)
    late, early = used(project, since=datetime.date(2025, 1, 1)), used(project, since=datetime.date(2020, 1, 1))
    pilot = used(project, "pilot")
    assert list(reuse.users_of(project)) == [early, late, claimed, pilot, examining, ended]


def test_summary_counts_stages_and_what_users_said_themselves_within_a_year() -> None:
    project = ProjectPageFactory()
    used(project)
    used(project, "pilot", is_confirmed=False)
    old = used(project)
    Reuse.objects.filter(pk=old.pk).update(confirmed_at=timezone.now() - datetime.timedelta(days=366))
    used(project, "prueft")
    used(project, refused_at=timezone.now())
    summary = reuse.summary_of(project)
    assert (summary.total, summary.in_use, summary.confirmed) == (4, 3, 1)


def test_the_list_asks_the_same_questions_however_many_use_it(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    project = ProjectPageFactory()
    for _number in range(30):
        used(project, municipality=BodyPageFactory().municipality)
    list_of(client, project)
    with django_assert_max_num_queries(30):
        assert list_of(client, project).count('class="dsr-reuse__user"') == 30


def test_a_project_nobody_uses_says_so_and_a_plan_says_nothing(client: Client) -> None:
    running, planned = ProjectPageFactory(), ProjectPageFactory(phase="P1")
    assert 'id="nachnutzung"' in client.get(running.url).content.decode()
    assertNotContains(client.get(planned.url), 'id="nachnutzung"')


def test_a_user_with_a_page_is_linked_and_what_people_typed_is_escaped(client: Client) -> None:
    project, body = ProjectPageFactory(), BodyPageFactory()
    used(project, municipality=body.municipality, changes="<script>alert(1)</script>")
    used(project, municipality=MunicipalityFactory(name="Ohneseite"))
    html = list_of(client, project)
    assert f'href="{body.url}"' in html
    assert "Ohneseite" in html
    assert "<script>alert" not in html


def for_members(project: ProjectPage) -> None:
    PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.LOGIN)


def test_who_uses_what_only_members_may_read_is_told_to_members_alone(client: Client) -> None:
    project, body = ProjectPageFactory(title="Geheimes"), BodyPageFactory()
    used(project, municipality=body.municipality)
    for_members(project)
    address = f"/projekte/{project.pk}/nachnutzung/"
    assert client.get(address).status_code == 404
    assertNotContains(client.get(body.url), "Geheimes")
    assert reuse.reusing_units() == 0
    client.force_login(editor_of(BodyPageFactory()))
    answer = client.get(address)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_body_shows_what_it_uses_of_others_but_not_what_it_has_replaced(client: Client) -> None:
    body: BodyPage = BodyPageFactory()
    used(ProjectPageFactory(title="Ampel"), municipality=body.municipality)
    used(ProjectPageFactory(title="Bank"), "abgeloest", municipality=body.municipality)
    used(ProjectPageFactory(title="Chor"), municipality=body.municipality, refused_at=timezone.now())
    html = client.get(body.url).content.decode()
    assert "Ampel" in html
    assert "Bank" not in html
    assert "Chor" not in html


def test_units_that_reuse_are_counted_once_and_only_by_their_own_word() -> None:
    unit = MunicipalityFactory()
    used(ProjectPageFactory(), municipality=unit)
    used(ProjectPageFactory(), municipality=unit)
    used(ProjectPageFactory(), district=DistrictFactory())
    used(ProjectPageFactory(), is_confirmed=False)
    used(ProjectPageFactory(), "prueft")
    used(ProjectPageFactory(live=False))
    assert reuse.reusing_units() == 2


# --- the map ----------------------------------------------------------------------------------------------------------


def test_a_kreis_lies_in_the_middle_of_its_municipalities_and_what_has_no_place_is_left_out() -> None:
    project, district = ProjectPageFactory(), DistrictFactory()
    association = Association.objects.create(key="039990001", name="A", full_name="A", kind="Amt", district=district)
    for lon in (8.0, 10.0):
        MunicipalityFactory(district=district, association=association, lat=52.0, lon=lon)
    middle = MunicipalityFactory(lat=52.0, lon=9.0)
    for unit in ({"district": district}, {"association": association}, {"state": State.objects.get(key="03")}):
        used(project, **unit)
    used(project, municipality=middle)
    used(project, municipality=MunicipalityFactory(lat=None, lon=None))
    drawn = map_of(list(reuse.users_of(project)))
    assert drawn
    assert len(drawn.points) == 4
    assert len({(point.x, point.y) for point in drawn.points}) == 1


def test_without_a_known_place_there_is_no_map() -> None:
    project = ProjectPageFactory()
    used(project, municipality=MunicipalityFactory(lat=None, lon=None))
    assert map_of(list(reuse.users_of(project))) is None


def test_the_map_holds_the_country_and_names_its_places_in_the_list(client: Client) -> None:
    project = ProjectPageFactory()
    used(project, municipality=MunicipalityFactory(name="Nordort", lat=54.8, lon=9.4))
    html = list_of(client, project)
    corners = [tuple(map(float, pair.split(","))) for pair in re.findall(r'points="([^"]+)"', html)[0].split()]
    assert len(corners) == len(OUTLINE)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in corners)
    assert "<title>Nordort</title>" in html
    assert html.count("Nordort") >= 2


# --- central solutions ------------------------------------------------------------------------------------------------


def test_central_solutions_show_their_roll_out_with_date_and_source_and_no_address_of_a_person(client: Client) -> None:
    field = OzgField.objects.get(slug="familie-kind")
    CentralSolution.objects.create(
        name="Elterngeld Digital",
        field=field,
        actor="Bund",
        live_count=12,
        rollout_count=3,
        counted_on=datetime.date(2026, 6, 30),
        source_url="https://zahlen.example/",
        contact_email="person@example.org",
    )
    past = timezone.localdate() - datetime.timedelta(days=1)
    CentralSolution.objects.create(name="Vorbei", field=field, actor="Bund", valid_to=past)
    html = client.get("/zentrale-loesungen/").content.decode()
    assert "Elterngeld Digital" in html
    assert "<strong>12</strong>" in html
    assert "<strong>3</strong>" in html
    assert "https://zahlen.example/" in html
    assert "Vorbei" not in html
    assert "person@example.org" not in html
    assertNotContains(client.get("/zentrale-loesungen/?themenfeld=gibt-es-nicht"), "Elterngeld")
