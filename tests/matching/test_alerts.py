"""Whoever has a project that is much like a new one is told, once, and nobody who must not know."""

from typing import Any

import pytest
from wagtail.models import PageViewRestriction

from matching.alerts import events as alerts
from matching.models import Alert, AlertKind, AlertSettings, Event, Rhythm, SeenProject, Watch
from people.models import User
from projects.models import BodyPage, ProjectPage
from search.semantic import encoder
from tests.factories import BodyPageFactory, MunicipalityFactory, ProjectPageFactory, editor_of
from tests.matching.appearing import DOG_TAX, appear, learn, look, others

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("engine")]


@pytest.fixture
def first() -> BodyPage:
    """A body with a project, and some others with different ones; the worker has seen them all."""
    body: BodyPage = BodyPageFactory()
    others()
    appear(body)
    look()
    return body


@pytest.fixture
def owner(first: BodyPage) -> User:
    return editor_of(first)


def told(user: User) -> list[tuple[str, str, int]]:
    rows = Alert.objects.filter(user=user).order_by("pk")
    return [(row.kind, row.event, row.page_id) for row in rows]


def test_owner_of_a_similar_project_is_told_once_with_reasons(owner: User) -> None:
    new = appear(BodyPageFactory())
    look()
    assert told(owner) == [(AlertKind.SIMILAR, Event.APPEARED, new.pk)]
    assert Alert.objects.get().reasons
    new.save_revision().publish()
    look()
    assert len(told(owner)) == 1


def test_what_is_about_something_else_is_told_to_nobody_until_its_text_says_the_same(owner: User) -> None:
    new = appear(BodyPageFactory(), title="Trauzimmer im Schloss", summary="Paare buchen den Saal für ihre Hochzeit.")
    look()
    assert not Alert.objects.exists()
    _change(new, **DOG_TAX)
    look()
    assert told(owner) == [(AlertKind.SIMILAR, Event.APPEARED, new.pk)]


def test_nobody_is_passed_over_because_the_model_answers_late(
    owner: User, model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = appear(BodyPageFactory())
    learn()
    with monkeypatch.context() as late:
        late.setattr(encoder, "draft_vector", lambda text, **options: None)
        look()
        assert not SeenProject.objects.filter(project=new).exists()
    look()
    assert told(owner) == [(AlertKind.SIMILAR, Event.APPEARED, new.pk)]


def test_first_look_of_all_tells_nobody_of_what_is_there() -> None:
    body = BodyPageFactory()
    editor_of(body)
    appear(body)
    appear(BodyPageFactory())
    assert look() == SeenProject.objects.count() == 2
    assert look() == 0
    assert not Alert.objects.exists()


def test_people_are_not_told_of_their_own_projects(first: BodyPage, owner: User) -> None:
    appear(first)
    other = BodyPageFactory()
    owner.groups.add(other.team.group)
    appear(other)
    assert look() == 2
    assert told(owner) == []


def test_who_acts_for_a_body_without_people_is_told(first: BodyPage) -> None:
    association = BodyPageFactory()
    association.team.acts_for.add(first)
    clerk = editor_of(association)
    new = appear(BodyPageFactory())
    look()
    assert told(clerk) == [(AlertKind.SIMILAR, Event.APPEARED, new.pk)]


def test_plan_for_members_is_told_at_once_and_not_again_when_it_becomes_public(owner: User) -> None:
    plan = appear(BodyPageFactory(), is_members_only=True, phase="P1")
    look()
    assert told(owner) == [(AlertKind.SIMILAR, Event.APPEARED, plan.pk)]
    PageViewRestriction.objects.filter(page=plan).delete()
    look()
    assert len(told(owner)) == 1
    assert SeenProject.objects.get(project=plan).audience == "public"


def test_what_nobody_may_read_is_told_to_nobody(owner: User) -> None:
    page = ProjectPageFactory(**DOG_TAX, live=False)
    look()
    page.save_revision().publish()
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="x")
    assert look() == 1
    assert told(owner) == []


def test_page_waits_until_it_is_in_the_index(owner: User) -> None:
    """Of two that come at once, the one looked at later must find the other."""
    ProjectPageFactory(**DOG_TAX)
    alerts.run()
    assert told(owner) == []
    look()
    assert len(told(owner)) == 1


def test_page_waits_until_its_meaning_is_known(owner: User, model: None) -> None:
    new = appear(BodyPageFactory())
    alerts.run()
    assert told(owner) == []
    learn()
    look()
    assert told(owner) == [(AlertKind.SIMILAR, Event.APPEARED, new.pk)]


def test_two_that_appear_at_once_are_told_of_each_other_at_one_end_at_least() -> None:
    others()
    look()
    bodies = [BodyPageFactory(), BodyPageFactory()]
    people = [editor_of(body) for body in bodies]
    for body in bodies:
        appear(body)
    look()
    assert sum(len(told(person)) for person in people) >= 1


def test_nothing_is_lost_while_the_search_is_away(owner: User, settings: Any, tmp_path: Any) -> None:
    new = appear(BodyPageFactory())
    working, settings.SEARCH_URL = settings.SEARCH_URL, f"tantivy://{tmp_path}/none"
    assert alerts.run() == 0
    settings.SEARCH_URL = working
    look()
    assert told(owner) == [(AlertKind.SIMILAR, Event.APPEARED, new.pk)]


def test_look_that_is_killed_halfway_is_made_again(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    new = appear(BodyPageFactory())
    with monkeypatch.context() as patch:
        patch.setattr(SeenProject, "save", _die)
        with pytest.raises(KeyboardInterrupt):
            look()
    assert told(owner) == []
    look()
    assert told(owner) == [(AlertKind.SIMILAR, Event.APPEARED, new.pk)]


def _die(*args: Any, **kwargs: Any) -> None:
    raise KeyboardInterrupt


def test_who_wants_no_letters_is_not_even_noted(owner: User) -> None:
    AlertSettings.objects.create(user=owner, similar=Rhythm.NEVER)
    appear(BodyPageFactory())
    assert look() == 1
    assert told(owner) == []


def test_watchers_hear_of_phases_publication_and_withdrawal_each_time() -> None:
    body = BodyPageFactory(municipality=MunicipalityFactory())
    project = appear(body, is_members_only=True, phase="P1")
    look()
    watcher = editor_of(BodyPageFactory())
    Watch.objects.create(user=watcher, project=project)
    look()
    assert told(watcher) == []
    for phase in ("P2", "P1", "P2"):
        _change(project, phase=phase)
        look()
    PageViewRestriction.objects.filter(page=project).delete()
    look()
    ProjectPage.objects.get(pk=project.pk).unpublish()
    look()
    look()
    assert [event for _kind, event, _page in told(watcher)] == [
        *(Event.PHASE, Event.PHASE, Event.PHASE),
        *(Event.PUBLISHED, Event.GONE),
    ]


def _change(project: ProjectPage, **values: Any) -> None:
    page = ProjectPage.objects.get(pk=project.pk)
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_project_that_fails_keeps_no_other_from_being_looked_at(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = appear(BodyPageFactory())
    fine = appear(BodyPageFactory())
    find = alerts.find
    monkeypatch.setattr(
        alerts, "find", lambda draft, **how: 1 / 0 if draft.page_id == broken.pk else find(draft, **how)
    )
    look()
    assert [page for _kind, _event, page in told(owner)] == [fine.pk]
