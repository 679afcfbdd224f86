"""Staff open a demand for what many looked for in vain, bodies join, and a new project that fits is told to them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from matching.demand import demands
from matching.models import Alert, Demand, Event, SearchMiss, SearchMissDay
from people.models import User
from people.privacy.personal_data import export
from projects.models import BodyPage
from tests.factories import BodyPageFactory, ProjectPageFactory, UserFactory, editor_of, staff_member
from tests.matching.appearing import appear, look, others

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]


def demand(**fields: Any) -> Demand:
    return Demand.objects.create(**{"title": "Trauzimmer buchen", "query": "trauzimmer buchen", **fields})


def miss(text: str = "trauzimmer buchen", asked: int = 7) -> SearchMiss:
    row = SearchMiss.objects.create(digest=text, text=text)
    SearchMissDay.objects.create(miss=row, day=timezone.localdate() - timedelta(days=3), count=asked)
    return row


@pytest.fixture
def body() -> BodyPage:
    found: BodyPage = BodyPageFactory(title="Auental")
    return found


@pytest.fixture
def member(body: BodyPage) -> User:
    return editor_of(body)


def test_staff_open_a_demand_for_a_search_that_then_waits_no_longer(client: Client) -> None:
    row = miss()
    miss("zu selten", asked=1)
    client.force_login(staff_member())
    listing = client.get("/admin/bedarf/").content.decode()
    assert "trauzimmer buchen" in listing
    assert "zu selten" not in listing
    form = client.get(f"/admin/bedarf/neu/?suche={row.pk}").context["form"]
    assert form.initial == {"title": "Trauzimmer buchen", "query": "trauzimmer buchen"}
    client.post(f"/admin/bedarf/neu/?suche={row.pk}", {"title": "Trauzimmer", "query": "trauzimmer buchen"})
    assert Demand.objects.get().misses.get() == row
    assert not SearchMiss.objects.to_look_at().exists()
    assert "Trauzimmer" in Client().get("/bedarf/").content.decode()


def test_search_that_staff_put_aside_is_not_shown_again(client: Client) -> None:
    row, other = miss(), miss("standesamt")
    client.force_login(staff_member())
    client.post(f"/admin/bedarf/suche/{row.pk}/ausblenden/")
    assert list(SearchMiss.objects.to_look_at()) == [other]


def test_editors_have_no_business_there(client: Client, member: User) -> None:
    client.force_login(member)
    for path in ("/admin/bedarf/", "/admin/bedarf/neu/"):
        assert client.get(path).status_code == 302


def test_bodies_join_and_leave_and_only_members_read_which(client: Client, body: BodyPage, member: User) -> None:
    wanted = demand()
    client.force_login(member)
    client.post(f"/bedarf/{wanted.pk}/mitmachen/", {"body": body.pk})
    client.post(f"/bedarf/{wanted.pk}/mitmachen/", {"body": body.pk})
    assert [support.body_id for support in wanted.supports.all()] == [body.pk]
    assert "Auental" in client.get(f"/bedarf/{wanted.pk}/").content.decode()
    for reader in (Client(), _stranger()):
        page = reader.get(f"/bedarf/{wanted.pk}/")
        assert "Auental" not in page.content.decode()
        assert page.context["demand"].supporter_count == 1
    client.post(f"/bedarf/{wanted.pk}/verlassen/", {"body": body.pk})
    assert not wanted.supports.exists()


def _stranger() -> Client:
    client = Client()
    client.force_login(UserFactory())
    return client


def test_nobody_joins_for_a_body_of_others(client: Client, member: User) -> None:
    wanted, other = demand(), BodyPageFactory()
    client.force_login(member)
    client.post(f"/bedarf/{wanted.pk}/mitmachen/", {"body": other.pk})
    assert not wanted.supports.exists()
    client.force_login(UserFactory())
    assert client.post(f"/bedarf/{wanted.pk}/mitmachen/", {"body": other.pk}).status_code == 403


@pytest.mark.both_engines
def test_new_project_with_all_words_of_the_demand_is_told_to_those_who_need_it(body: BodyPage, member: User) -> None:
    others()
    look()
    wanted = demand()
    demands.join(wanted, body, member)
    appear(BodyPageFactory(), title="Trauzimmer im Schloss", summary="Paare heiraten mit Blick auf den See.")
    fitting = appear(BodyPageFactory(), title="Standesamt online", summary="Paare buchen ein Trauzimmer.")
    look()
    look()
    alerts = Alert.objects.filter(user=member)
    assert [(alert.page_id, alert.event, alert.demand) for alert in alerts] == [(fitting.pk, Event.APPEARED, wanted)]


@pytest.mark.both_engines
def test_own_project_and_closed_demands_are_told_to_nobody(body: BodyPage, member: User) -> None:
    others()
    look()
    wanted, closed = demand(), demand(title="Anderer")
    for one in (wanted, closed):
        demands.join(one, body, member)
    demands.close(closed, None, "")
    appear(body, title="Trauzimmer buchen", summary="Für Paare.")
    assert look() == 1
    assert not Alert.objects.exists()


@pytest.mark.both_engines
def test_words_that_are_only_nearly_the_same_are_no_answer(body: BodyPage, member: User) -> None:
    others()
    look()
    demands.join(demand(title="Seltenes", query="Traumzimmer"), body, member)
    appear(BodyPageFactory(), title="Standesamt online", summary="Paare buchen ein Trauzimmer.")
    assert look() == 1
    assert not Alert.objects.exists()


def test_closing_with_a_project_tells_those_who_need_it_and_readers(
    client: Client, body: BodyPage, member: User
) -> None:
    wanted, answer = demand(), ProjectPageFactory(title="Standesamt online")
    demands.join(wanted, body, member)
    client.force_login(staff_member())
    client.post(f"/admin/bedarf/{wanted.pk}/schliessen/", {"answer": answer.pk, "note": "Läuft in fünf Städten."})
    assert Alert.objects.get().event == Event.ANSWERED
    page = Client().get(f"/bedarf/{wanted.pk}/").content.decode()
    assert "Standesamt online" in page
    assert "Läuft in fünf Städten." in page
    with pytest.raises(ValueError, match="closed"):
        demands.join(Demand.objects.get(), BodyPageFactory(), member)


def test_demand_is_closed_with_a_public_project_only(client: Client) -> None:
    wanted, draft = demand(), ProjectPageFactory(live=False)
    client.force_login(staff_member())
    client.post(f"/admin/bedarf/{wanted.pk}/schliessen/", {"answer": draft.pk})
    assert Demand.objects.open().exists()


def test_own_data_name_the_demands_one_opened_and_joined(body: BodyPage, member: User) -> None:
    wanted = demands.open_for(Demand(title="Trauzimmer", query="trauzimmer"), None, staff_member())
    demands.join(wanted, body, member)
    [joined] = export(member)["demands_joined"]
    assert (joined["demand"], joined["body"]) == ("Trauzimmer", body.title)
    assert export(member)["demands_opened"] == []
    assert wanted.opened_by
    assert [row["title"] for row in export(wanted.opened_by)["demands_opened"]] == ["Trauzimmer"]
