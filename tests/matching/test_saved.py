"""A search that is kept tells its owner what it finds from now on, as far as the owner may read it."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from wagtail.models import PageViewRestriction

from matching import saved
from matching.alerts_letters import deliver
from matching.models import Alert, Rhythm, SavedSearch, Watch
from people.models import User
from people.personal_data import export
from projects.models import ProjectPage
from search.outbox import drain
from tests.factories import BodyPageFactory, ProjectPageFactory, UserFactory, editor_of, field_of_action

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]


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
    assert b"Hunde" not in client.get("/merkliste/").content
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
    assert b"/merkliste/projekt/" not in client.get(project.url).content


def test_what_a_person_keeps_and_was_told_is_handed_out_on_request(client: Client, member: User) -> None:
    keep(client, member)
    new = publish()
    found()
    data = export(member)
    assert data["saved_searches"][0]["search"] == "?q=Hundesteuer"
    assert [row["because_of"] for row in data["alerts"]] == [new.title]
