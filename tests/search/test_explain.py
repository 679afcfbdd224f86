"""Staff can see why a hit stands where it stands, and nobody else can."""

import pytest
from django.test import Client

from search.engines import Engine
from search.engines.queries import Query
from search.indexing.outbox import drain
from search.query.answers import answer
from search.results.explain import Origin, explain_hits
from tests.factories import (
    BodyPageFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    administrator,
    editor_of,
    staff_member,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/suche/warum/"


@pytest.fixture
def projects(engine: Engine) -> None:
    municipality = MunicipalityFactory(name="Quakenbüll", full_name="Quakenbüll")
    ProjectPageFactory(title="Straßenlaternen dimmen", parent__municipality=municipality, phase="P4")
    ProjectPageFactory(title="Licht", summary="Laternen und Straßen in der Stadt")
    drain()


@pytest.mark.both_engines
@pytest.mark.parametrize(
    "typed",
    [
        "Straßenlaternen Quakenbüll",
        "Laterne",
        '"Laternen und Straßen"',
        "laterne*",
        "Straßen-Laternen",
        "Strasenlaterne",
    ],
)
def test_the_contributions_add_up_to_the_score(engine: Engine, projects: None, typed: str) -> None:
    found = answer(typed, engine=engine, audience="public", query=Query(limit=5), with_meaning=False)
    explained = explain_hits(found, found.result.hits, engine=engine, audience="public")
    assert [item.hit.key for item in explained] == [hit.key for hit in found.result.hits] != []
    for item in explained:
        assert item.explained == pytest.approx(item.hit.score, abs=0.05)


def test_contributions_are_named_and_sorted(engine: Engine, projects: None) -> None:
    found = answer("Straßenlaternen Quakenbüll", engine=engine, audience="public", with_meaning=False)
    parts = explain_hits(found, found.result.hits, engine=engine, audience="public")[0].contributions
    assert {part.name for part in parts} >= {"word", "part", "project", "in_use", "recent", "named_place"}
    assert {part.origin for part in parts} == {Origin.WORDS, Origin.FACTOR}
    assert [part.score for part in parts] == sorted((part.score for part in parts), reverse=True)


def test_only_staff_may_see_the_explanation(engine: Engine, projects: None, client: Client) -> None:
    asked = {"q": "Laterne"}
    assert client.get(ADDRESS, asked).status_code == 403
    client.force_login(editor_of(BodyPageFactory()))
    assert client.get(ADDRESS, asked).status_code == 403
    for person in (staff_member(), administrator()):
        client.force_login(person)
        assert client.get(ADDRESS, asked).status_code == 200


def test_the_page_shows_places_factors_and_titles_escaped(engine: Engine, projects: None, client: Client) -> None:
    client.force_login(staff_member())
    response = client.get(ADDRESS, {"q": "Laternen Quakenbüll <script>"})
    content = response.content.decode()
    assert "Straßenlaternen dimmen" in content
    assert "Quakenbüll (" in content
    assert "<script>alert" not in content
    assert "&lt;script&gt;" in content
    assert response.context["rows"][0]["contributions"]


@pytest.mark.parametrize("text", ["", "*", "-Ampel", "und", "gibtesnichtxyz", '"', "a" * 900])
def test_whatever_is_typed_is_explained_without_an_error(
    engine: Engine, projects: None, client: Client, text: str
) -> None:
    client.force_login(staff_member())
    assert client.get(ADDRESS, {"q": text}).status_code == 200


def test_only_readers_methods_are_allowed(client: Client) -> None:
    client.force_login(staff_member())
    assert client.post(ADDRESS, {"q": "Laterne"}).status_code == 405
