"""The search page says what it made of a query, and what is different from usual."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from search.engines import Engine, EngineError, create_engine, get_engine
from search.indexing.outbox import drain
from search.indexing.rebuild import rebuild
from search.query.parameters import PAGE_SIZE
from tests.factories import (
    BodyPageFactory,
    DistrictFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    administrator,
    editor_of,
    staff_member,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def ask(client: Client, *pairs: tuple[str, str]) -> Any:
    response = client.get(f"/suche/?{urlencode(pairs)}")
    assert response.status_code == 200
    return response


def titles(response: Any) -> list[str]:
    return [hit.title for hit in response.context["hits"]]


def links(response: Any) -> set[str]:
    return set(re.findall(r'href="(\?[^"]*)"', response.content.decode().replace("&amp;", "&")))


@pytest.fixture
def two_towns(engine: Engine) -> None:
    """One project in two municipalities of one Kreis."""
    district = DistrictFactory(name="Osnabrück", full_name="Landkreis Osnabrück")
    for town in ("Musterstadt", "Großefehn"):
        municipality = MunicipalityFactory(name=town, full_name=town, district=district)
        body = BodyPageFactory(municipality=municipality, title="Rathaus")
        ProjectPageFactory(title=f"Mängelmelder {town[0]}", parent=body, phase="P1")
    drain()


# --- places -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("town", "first"), [("Musterstadt", "Mängelmelder M"), ("Großefehn", "Mängelmelder G")])
def test_place_in_the_query_is_named_and_comes_first(two_towns: None, client: Client, town: str, first: str) -> None:
    response = ask(client, ("q", f"Mängelmelder {town}"))
    assert titles(response)[0] == first
    note = response.context["place_note"]
    assert note.label.startswith(f"{town} (")
    assert note.label in response.content.decode()
    assert not note.is_ignored


def test_place_leads_to_a_filter_by_its_land(two_towns: None, client: Client) -> None:
    response = ask(client, ("q", "Mängelmelder Musterstadt"), ("phase", "P1"))
    assert [state.name for state in response.context["place_note"].states] == ["Niedersachsen"]
    assert {"?q=Mängelmelder Musterstadt&phase=P1&land=03"} <= {
        link.replace("+", " ").replace("%C3%A4", "ä") for link in links(response)
    }
    narrowed = ask(client, ("q", "Mängelmelder Musterstadt"), ("land", "03"))
    assert narrowed.context["place_note"].states == ()
    assert narrowed.context["chips"][0].label == "Niedersachsen"


def test_place_can_be_left_out_of_the_order_and_stays_so(two_towns: None, client: Client) -> None:
    response = ask(client, ("q", "Mängelmelder Großefehn"), ("ort", "egal"), ("typ", "projekt"))
    assert response.context["place_note"].is_ignored
    assert b'<input type="hidden" name="ort" value="egal">' in response.content
    back = response.context["place_note"].toggle_url
    assert "ort=" not in back
    assert response.context["chips"]
    for chip in response.context["chips"]:
        assert "ort=egal" in chip.url
    assert "ort=egal" in response.context["page_query"]
    assert not response.context["notices"]


def test_place_that_is_left_out_lifts_nothing(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Ampel", parent__municipality__name="Musterstadt", parent__title="Rathaus")
    drain()
    query = ("q", "Ampel Musterstadt")
    favoured, left_out = ask(client, query), ask(client, query, ("ort", "egal"))
    assert favoured.context["hits"][0].score > left_out.context["hits"][0].score


def test_places_say_nothing_where_they_change_nothing(two_towns: None, client: Client) -> None:
    assert ask(client, ("q", "Mängelmelder")).context["place_note"] is None
    assert ask(client, ("q", "Mängelmelder Musterstadt"), ("sort", "titel")).context["place_note"] is None
    assert ask(client, ("q", "Quastenflosser Musterstadt"), ("phase", "P5")).context["place_note"] is None


def test_name_of_many_places_names_their_laender_and_stays_short(engine: Engine, client: Client) -> None:
    for number in range(6):
        district = DistrictFactory(name=f"Kreis {number}", full_name=f"Landkreis {number}")
        municipality = MunicipalityFactory(name="Großefehn", full_name="Großefehn", district=district)
        ProjectPageFactory(title="Ampel", parent__municipality=municipality)
    drain()
    note = ask(client, ("q", "Ampel Großefehn")).context["place_note"]
    assert note.label.count("Großefehn") == 3
    assert note.label.endswith("…")
    assert [state.name for state in note.states] == ["Niedersachsen"]


def test_another_value_of_the_place_is_left_out_with_a_notice(engine: Engine, client: Client) -> None:
    response = ask(client, ("q", "Ampel"), ("ort", "<b>Köln"))
    assert "Köln" in response.context["notices"][0]
    assert b"<b>" not in response.content


# --- outage -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def fallback(settings: Any, tmp_path: Path) -> Engine:
    """The engine in use is broken, and another one knows what is published."""
    settings.SEARCH_URL = f"tantivy://{tmp_path}/broken"
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    return create_engine(settings.SEARCH_FALLBACK_URL)


def test_fallback_answers_with_everything_and_says_so(fallback: Engine, client: Client) -> None:
    for number in range(PAGE_SIZE + 1):
        ProjectPageFactory(title=f"Hochwasser {number}", phase="P2")
    rebuild(fallback)
    response = ask(client, ("q", "Hochwaser"), ("seite", "2"), ("typ", "projekt"))
    assert response.context["is_fallback"]
    assert "is_outage" not in response.context
    assert len(titles(response)) == 1
    assert b"<mark>" in response.content
    assert response.context["facets"]
    assert client.get("/suche/vorschlaege/", {"q": "Hochw"}).json()["suggestions"]


def test_engine_in_use_answers_without_a_notice(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Ampel")
    drain()
    assert not ask(client, ("q", "Ampel")).context["is_fallback"]


def test_fallback_that_is_away_as_well_leaves_the_plain_list(fallback: Engine, client: Client) -> None:
    ProjectPageFactory(title="Ampel am Markt")
    with pytest.raises(EngineError):
        fallback.ping()
    response = ask(client, ("q", "ampel"))
    assert response.context["is_outage"]
    assert b"Ampel am Markt" in response.content


def test_wrong_setting_leaves_the_plain_list(settings: Any, client: Client) -> None:
    settings.SEARCH_URL = settings.SEARCH_FALLBACK_URL = "gopher://nirgends"
    ProjectPageFactory(title="Ampel am Markt")
    assert b"Ampel am Markt" in ask(client, ("q", "ampel")).content


# --- help and staff ---------------------------------------------------------------------------------------------------


def test_help_shows_signs_that_do_what_it_says(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Digitale Akte")
    ProjectPageFactory(title="Akte über digitale Bauanträge mit Statik")
    drain()
    assert titles(ask(client, ("q", "„digitale Akte“"))) == ["Digitale Akte"]
    assert titles(ask(client, ("q", "Akte -Statik"))) == ["Digitale Akte"]
    begun = ask(client, ("q", "Bauantr*"))
    assert titles(begun) == ["Akte über digitale Bauanträge mit Statik"]
    assert "<mark>Bauanträge</mark>" in begun.content.decode()


def test_english_page_says_what_is_german(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Ampel", phase="P1")
    drain()
    client.cookies["django_language"] = "en"
    page = " ".join(ask(client, ("q", "Ampel"), ("land", "03")).content.decode().split())
    assert '<span class="dsr-facet__label" lang="de">Niedersachsen</span>' in page
    assert '<span lang="de">Niedersachsen</span>' in page
    assert '<span class="dsr-facet__label" >Projects</span>' in page


def test_staff_may_ask_why(engine: Engine, client: Client) -> None:
    project = ProjectPageFactory(title="Ampel")
    drain()
    link = "/suche/warum/"
    assert link not in ask(client, ("q", "Ampel")).content.decode()
    client.force_login(editor_of(project.public_body))
    assert link not in ask(client, ("q", "Ampel")).content.decode()
    for person in (staff_member(), administrator()):
        client.force_login(person)
        page = ask(client, ("q", "Ampel"), ("phase", "P1")).content.decode()
        assert f'{link}?q=Ampel&amp;phase=P1"' in page
        assert link not in ask(client, ("phase", "P1")).content.decode()
    assert get_engine() is engine
