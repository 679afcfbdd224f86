"""A search that is kept tells its owner what it finds from now on, as far as the owner may read it."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertNotContains
from wagtail.models import PageViewRestriction

from matching.alerts import saved
from matching.alerts.letters import deliver
from matching.models import Alert, Rhythm, SavedSearch, Watch
from people.models import User
from people.privacy.personal_data import export
from projects.models import ProjectPage
from search.indexing.outbox import drain
from tests.factories import BodyPageFactory, ProjectPageFactory, UserFactory, editor_of, field_of_action

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("engine")]


@pytest.fixture
def member() -> User:
    return editor_of(BodyPageFactory())


def keep(client: Client, user: User, parameters: str = "?q=Hundesteuer", **fields: Any) -> SavedSearch:
    client.force_login(user)
    answer = client.post(f"/merkliste/neu/{parameters}", {"name": "Hunde", "rhythm": Rhythm.DAILY, **fields})
    assert answer.status_code == 302
    return SavedSearch.objects.get(user=user)


def publish(**fields: Any) -> ProjectPage:
    page: ProjectPage = ProjectPageFactory(**{"title": "Hundesteuer online", **fields})
    drain()
    return page


def found() -> list[int]:
    drain()
    saved.run()
    return list(Alert.objects.order_by("pk").values_list("page_id", flat=True))


def test_only_what_is_found_from_now_on_is_told_and_once(client: Client, member: User) -> None:
    publish()
    keep(client, member)
    assert found() == []
    new = publish()
    publish(title="Mängelmelder")
    assert found() == [new.pk]
    new.save_revision().publish()
    assert found() == [new.pk]
    assert deliver() == 1
    assert "Hunde" in mail.outbox[0].subject
    assert str(new.url) in str(mail.outbox[0].body)


def test_filters_of_the_search_hold(client: Client, member: User) -> None:
    keep(client, member, "?q=Hundesteuer&handlungsfeld=mobilitaet&phase=P2")
    publish(phase="P3", m2m={"fields_of_action": [field_of_action("mobilitaet")]})
    right = publish(phase="P2", m2m={"fields_of_action": [field_of_action("mobilitaet")]})
    assert found() == [right.pk]


def test_one_of_several_words_is_no_result(client: Client, member: User) -> None:
    keep(client, member, "?q=Hundesteuer+Terminvergabe")
    publish()
    assert found() == []


def test_plans_for_members_are_found_by_members(client: Client, member: User) -> None:
    keep(client, member)
    plan = publish()
    PageViewRestriction.objects.create(page=plan, restriction_type=PageViewRestriction.LOGIN)
    assert found() == [plan.pk]


def test_who_is_no_member_any_more_is_told_of_public_results_only(client: Client, member: User) -> None:
    keep(client, member)
    member.groups.clear()
    plan = publish()
    PageViewRestriction.objects.create(page=plan, restriction_type=PageViewRestriction.LOGIN)
    public = publish()
    assert found() == [public.pk]


def test_what_came_while_no_letters_were_wanted_is_not_made_up_for(client: Client, member: User) -> None:
    search = keep(client, member, rhythm=Rhythm.NEVER)
    publish()
    assert found() == []
    client.post(f"/merkliste/{search.pk}/", {"name": "Hunde", "rhythm": Rhythm.DAILY})
    assert found() == []
    new = publish()
    assert found() == [new.pk]


def test_searches_wait_while_the_engine_is_away(client: Client, member: User, settings: Any, tmp_path: Any) -> None:
    keep(client, member)
    new = publish()
    working, settings.SEARCH_URL = settings.SEARCH_URL, f"tantivy://{tmp_path}/none"
    assert saved.run() == 0
    settings.SEARCH_URL = working
    assert found() == [new.pk]


def kept_by(user: User, count: int, **fields: Any) -> None:
    SavedSearch.objects.bulk_create(
        SavedSearch(user=user, name=f"Suche {number}", parameters=f"?q=Hund{number}", **fields)
        for number in range(count)
    )


def test_searches_for_which_nothing_has_changed_cost_two_questions_together(member: User) -> None:
    publish()
    kept_by(member, 30, known=[], checked_at=timezone.now())
    with CaptureQueriesContext(connection) as asked:
        assert saved.run() == 0
    assert len(asked) == 2


def test_run_that_takes_too_long_goes_on_with_those_that_waited_longest(
    member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_by(member, 3)
    monkeypatch.setattr(saved, "RUN_SECONDS", 0.0)
    for left in (2, 1, 0):
        assert saved.run() == 1
        assert SavedSearch.objects.filter(checked_at=None).count() == left


def test_more_watched_projects_and_kept_searches_cost_the_list_no_more_questions(client: Client, member: User) -> None:
    def watched(is_members_only: bool) -> None:
        project = ProjectPageFactory(parent=BodyPageFactory())
        Watch.objects.create(user=member, project=project)
        if is_members_only:
            PageViewRestriction.objects.create(page=project, restriction_type=PageViewRestriction.LOGIN)

    def asked() -> int:
        client.get("/merkliste/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/merkliste/").status_code == 200
        return len(queries)

    client.force_login(member)
    for is_members_only in (False, True):
        watched(is_members_only)
    few = asked()
    kept_by(member, 5)
    for is_members_only in (False, True, False, True):
        watched(is_members_only)
    assert len(client.get("/merkliste/").context["watches"]) == 6
    assert asked() == few


def test_watched_project_that_cannot_be_read_any_more_is_not_in_the_list(client: Client, member: User) -> None:
    withdrawn, closed, locked = (ProjectPageFactory(parent=BodyPageFactory()) for _number in range(3))
    there = ProjectPageFactory()
    for project in (withdrawn, closed, locked, there):
        Watch.objects.create(user=member, project=project)
    withdrawn.unpublish()
    PageViewRestriction.objects.create(page=closed.public_body, restriction_type=PageViewRestriction.GROUPS)
    PageViewRestriction.objects.create(page=locked, restriction_type=PageViewRestriction.PASSWORD, password="x")
    client.force_login(member)
    assert [watch.project for watch in client.get("/merkliste/").context["watches"]] == [there]


def test_search_is_kept_once_and_offered_for_change_the_next_time(client: Client, member: User) -> None:
    search = keep(client, member)
    answer = client.get("/merkliste/neu/?q=Hundesteuer&seite=3")
    assert answer.headers["Location"] == f"/merkliste/{search.pk}/"


def test_name_is_made_of_words_and_filters(client: Client, member: User) -> None:
    client.force_login(member)
    answer = client.get("/merkliste/neu/?q=Hundesteuer&phase=P2")
    assert answer.context["form"]["name"].value().startswith("Hundesteuer, ")


def test_others_cannot_see_change_or_delete_it(client: Client, member: User) -> None:
    search = keep(client, member)
    client.force_login(editor_of(BodyPageFactory()))
    assertNotContains(client.get("/merkliste/"), b"Hunde")
    assert client.get(f"/merkliste/{search.pk}/").status_code == 404
    assert client.post(f"/merkliste/{search.pk}/loeschen/").status_code == 404
    client.force_login(member)
    client.post(f"/merkliste/{search.pk}/loeschen/")
    assert not SavedSearch.objects.exists()


def test_visitors_are_led_to_the_log_in_and_strangers_to_joining(client: Client) -> None:
    assert "/konto/anmelden/" in client.get("/merkliste/neu/?q=Hund").headers["Location"]
    client.force_login(UserFactory())
    answer = client.get("/merkliste/neu/?q=Hund")
    assert answer.status_code == 403
    assert b"/mitmachen/" in answer.content


def test_project_is_watched_and_no_longer_watched_by_its_button(client: Client, member: User) -> None:
    project = publish()
    client.force_login(member)
    client.post(f"/merkliste/projekt/{project.pk}/")
    assert Watch.objects.get().project_id == project.pk
    assert project.title in client.get("/merkliste/").content.decode()
    assert b'name="end"' in client.get(project.url).content
    client.post(f"/merkliste/projekt/{project.pk}/", {"end": "1"})
    assert not Watch.objects.exists()


def test_visitors_are_offered_no_button_and_cost_no_question(client: Client) -> None:
    project = publish()
    answer = client.get(project.url)
    assert answer.status_code == 200
    assert b"/merkliste/projekt/" not in answer.content


def test_what_a_person_keeps_and_was_told_is_handed_out_on_request(client: Client, member: User) -> None:
    keep(client, member)
    new = publish()
    found()
    data = export(member)
    assert data["saved_searches"][0]["search"] == "?q=Hundesteuer"
    assert [row["because_of"] for row in data["alerts"]] == [new.title]
