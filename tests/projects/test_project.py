"""What a project page promises its readers and editors."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import PageViewRestriction

from projects.models import BodyKind, BodyPage, Phase, ProjectPage, State
from tests.factories import (
    BodyPageFactory,
    OzgServiceFactory,
    ProjectPageFactory,
    ServiceKeyFactory,
    artefact,
    field_of_action,
)

pytestmark = pytest.mark.django_db


def test_page_shows_what_a_neighbour_asks_for(client: Client) -> None:
    project = ProjectPageFactory(
        title="Mängelmelder",
        problem="Meldungen gingen verloren.",
        change_for_citizens="Ein Foto genügt.",
        cost_from=10_000,
        cost_to=20_000,
        contact_name="Stabsstelle Digitales",
        lessons_learned="<p>Früher testen.</p>",
        m2m={"fields_of_action": [field_of_action("mobilitaet")]},
        children={"artefacts": [artefact(title="Ausschreibung")]},
        tags=["Bürgerservice"],
    )
    html = client.get(project.url).content.decode()
    for text in (
        "Mängelmelder",
        "Meldungen gingen verloren.",
        "Ein Foto genügt.",
        "10.000",
        "Stabsstelle Digitales",
        "Früher testen.",
        "Mobilität",
        "Ausschreibung",
        "EUPL-1.2",
        "Bürgerservice",
        project.public_body.title,
    ):
        assert text in html, text


def test_script_in_any_text_is_escaped(client: Client) -> None:
    attack = "<script>alert(1)</script>"
    project = ProjectPageFactory(title=attack, summary=attack, problem=attack, product=attack, contact_name=attack)
    html = client.get(project.url).content.decode()
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5
    assert attack not in html


def test_incomplete_draft_can_be_previewed_and_published(client: Client) -> None:
    project = ProjectPageFactory(summary="", phase=Phase.IDEA)
    assert client.get(project.url).status_code == 200
    assert project.make_preview_request().status_code == 200


def test_themenfeld_follows_from_services_and_keys() -> None:
    service, key = OzgServiceFactory(), ServiceKeyFactory()
    project = ProjectPageFactory(m2m={"ozg_services": [service], "service_keys": [key]})
    assert [field.name for field in project.ozg_fields] == ["Familie & Kind"]


@pytest.mark.parametrize(
    ("first", "last", "values"),
    [
        ("starts_on", "ends_on", (datetime.date(2026, 2, 1), datetime.date(2026, 1, 1))),
        ("cost_from", "cost_to", (200, 100)),
        ("effort_from", "effort_to", (20, 10)),
    ],
)
def test_range_must_not_end_before_it_begins(first: str, last: str, values: tuple[object, object]) -> None:
    project = ProjectPage(title="x", slug="x", **{first: values[0], last: values[1]})
    with pytest.raises(ValidationError) as error:
        project.clean()
    assert last in error.value.message_dict


def test_discontinued_project_says_why() -> None:
    with pytest.raises(ValidationError) as error:
        ProjectPage(title="x", slug="x", phase=Phase.DISCONTINUED).clean()
    assert "stop_reason" in error.value.message_dict


def test_stepper_shows_what_is_done_and_what_lies_ahead() -> None:
    states = [step["state"] for step in ProjectPage(phase=Phase.PILOT).road_map]
    assert states == ["done", "done", "current", "ahead", "ahead"]
    assert ProjectPage(phase=Phase.COMPLETED).road_map == []


def test_readable_means_live_and_without_restriction() -> None:
    seen, draft, hidden = ProjectPageFactory(), ProjectPageFactory(live=False), ProjectPageFactory()
    PageViewRestriction.objects.create(page=hidden.public_body, restriction_type="login")
    assert set(ProjectPage.objects.readable()) == {seen}
    assert draft not in ProjectPage.objects.readable()


def test_body_of_a_kind_needs_the_matching_entry_of_the_register() -> None:
    body = BodyPage(title="x", slug="x", kind=BodyKind.DISTRICT, state=State.objects.first())
    with pytest.raises(ValidationError) as error:
        body.clean()
    assert set(error.value.message_dict) == {"district", "state"}


def test_federal_authority_needs_no_entry_in_the_register() -> None:
    BodyPage(title="Ministerium", slug="ministerium", kind=BodyKind.FEDERAL).clean()


def test_list_of_bodies_is_narrowed_by_land_and_name(client: Client) -> None:
    BodyPageFactory(title="Auental")
    BodyPageFactory(title="Land im Norden", kind=BodyKind.STATE, municipality=None, state=State.objects.get(key="01"))
    everywhere = client.get("/kommunen/").content.decode()
    north = client.get("/kommunen/?land=01").content.decode()
    named = client.get("/kommunen/?name=auen").content.decode()
    assert "Auental" in everywhere
    assert "Land im Norden" in everywhere
    assert "Land im Norden" in north
    assert "Auental" in named
    assert "Auental" not in north
    assert "Land im Norden" not in named


@pytest.mark.parametrize("query", ["land=%00", "land=99&name=%00%27", "name=" + "x" * 5_000])
def test_nonsense_in_the_address_is_no_error(client: Client, query: str) -> None:
    assert client.get(f"/kommunen/?{query}").status_code == 200


def test_body_page_costs_the_same_however_many_projects(client: Client, django_assert_max_num_queries: object) -> None:
    body = BodyPageFactory()
    ProjectPageFactory(parent=body)
    client.get(body.url)
    for _ in range(6):
        ProjectPageFactory(parent=body)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        client.get(body.url)


def test_body_page_shows_the_newest_projects_first(client: Client) -> None:
    body = BodyPageFactory()
    older, newer = ProjectPageFactory(parent=body), ProjectPageFactory(parent=body)
    assert list(client.get(body.url).context["page_obj"]) == [newer, older]


def test_draft_saved_before_its_address_was_typed_is_kept() -> None:
    form_class = ProjectPage.get_edit_handler().get_form_class()
    assert not form_class(instance=ProjectPage(), parent_page=BodyPageFactory()).fields["slug"].required
    body = BodyPageFactory()
    page = ProjectPage(title="Bürgerbüro")
    body.add_child(instance=page)
    assert page.slug.isascii()
    assert page.slug
