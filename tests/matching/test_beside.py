"""Similar projects on a public project page: what is much alike, with reasons, and never a plan of members."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from matching.alike.beside import beside
from projects.models import ProjectPage, Reuse, ReuseState
from search.engines import EngineUnavailableError
from search.engines.tantivy import TantivyEngine
from search.indexing.meaning import embed_pending
from search.indexing.outbox import drain
from search.semantic import encoder
from tests.factories import BodyPageFactory, MunicipalityFactory, ProjectPageFactory, editor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]

TREES: dict[str, Any] = {
    "title": "Bäume im Blick",
    "summary": "Sensoren messen die Bodenfeuchte. Freiwillige gießen Jungbäume.",
}
ALIKE: dict[str, Any] = {
    "title": "Jungbäume gießen nach Messwert",
    "summary": "Sensoren messen die Bodenfeuchte, damit Freiwillige Jungbäume rechtzeitig gießen.",
}


@pytest.fixture
def project() -> ProjectPage:
    found: ProjectPage = ProjectPageFactory(**TREES)
    ProjectPageFactory(title="Ratsinformation", summary="Sitzungen des Rates stehen mit allen Vorlagen im Netz.")
    return found


def text_of(client: Client, project: ProjectPage) -> str:
    drain()
    answer = client.get(project.url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_alike_stands_on_the_page_with_its_reasons(client: Client, project: ProjectPage) -> None:
    other = ProjectPageFactory(**ALIKE)
    text = text_of(client, project)
    assert "Ähnliche Projekte" in text
    assert other.url in text
    assert "Gemeinsame Wörter:" in text
    assert "Ratsinformation" not in text


def test_nothing_is_said_where_nothing_is_alike(client: Client, project: ProjectPage) -> None:
    assert "Ähnliche Projekte" not in text_of(client, project)


def test_a_plan_that_only_members_read_is_never_shown_not_even_to_them(client: Client, project: ProjectPage) -> None:
    plan = ProjectPageFactory(**ALIKE)
    PageViewRestriction.objects.create(page=plan, restriction_type=PageViewRestriction.LOGIN)
    client.force_login(editor_of(BodyPageFactory()))
    text = text_of(client, project)
    assert project.title in text
    assert "Ähnliche Projekte" not in text


def test_a_plan_that_the_index_still_thinks_public_is_not_shown(project: ProjectPage) -> None:
    plan = ProjectPageFactory(**ALIKE)
    drain()
    assert [one.page for one in beside(project).others] == [plan]
    PageViewRestriction(page=plan, restriction_type=PageViewRestriction.LOGIN).save_base(raw=True)
    assert beside(project).others == []


def test_what_the_same_body_has_stands_apart(project: ProjectPage) -> None:
    own = ProjectPageFactory(**ALIKE, parent=project.public_body)
    other = ProjectPageFactory(**ALIKE)
    drain()
    found = beside(project)
    assert ([one.page for one in found.others], [one.page for one in found.own]) == ([other], [own])


@pytest.mark.parametrize("second", ["runs", "is reused"])
def test_what_runs_or_is_reused_comes_before_an_idea_that_is_as_much_alike(project: ProjectPage, second: str) -> None:
    idea = ProjectPageFactory(**ALIKE, phase="P1")
    other = ProjectPageFactory(**ALIKE, phase="P4" if second == "runs" else "P1")
    if second == "is reused":
        Reuse.objects.create(project=other, municipality=MunicipalityFactory(), stage=ReuseState.PRODUCTIVE)
    drain()
    assert [one.page for one in beside(project).others] == [other, idea]


def test_a_page_is_there_while_the_search_is_away(
    client: Client, project: ProjectPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise EngineUnavailableError("away")

    ProjectPageFactory(**ALIKE)
    drain()
    monkeypatch.setattr(TantivyEngine, "search", refuse)
    text = client.get(project.url).content.decode()
    assert project.title in text
    assert "Ähnliche Projekte" not in text


@pytest.mark.usefixtures("model")
def test_no_model_is_asked_while_somebody_waits(
    client: Client, project: ProjectPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ProjectPageFactory(
        title="Durst der Linden", summary="Messfühler im Erdreich sagen, wann Ehrenamtliche junge Straßenbäume wässern."
    )
    drain()
    embed_pending()
    monkeypatch.setattr(encoder, "_attempt", lambda _compute: pytest.fail("a model was asked"))
    found = beside(project).others
    assert [one.page for one in found] == [other]
    assert "meaning" in {reason.kind for reason in found[0].match.reasons}


def test_statements_do_not_grow_with_what_is_alike(project: ProjectPage, django_assert_max_num_queries: Any) -> None:
    for _number in range(6):
        ProjectPageFactory(**ALIKE)
    drain()
    assert len(beside(project).others) == 3
    with django_assert_max_num_queries(4):
        assert len(beside(project).others) == 3


def test_what_was_found_is_looked_for_anew_when_the_page_says_something_else(project: ProjectPage) -> None:
    other = ProjectPageFactory(**ALIKE)
    drain()
    assert [one.page for one in beside(project).others] == [other]
    project.title, project.summary = "Ratsinformation im Netz", "Sitzungen des Rates stehen mit allen Vorlagen im Netz."
    project.save_revision().publish()
    changed = ProjectPage.objects.get(pk=project.pk)
    assert [one.page.title for one in beside(changed).others] == ["Ratsinformation"]
