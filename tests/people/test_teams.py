"""A coordinator decides who belongs to the team: invites, appoints, removes; a body is never left alone by accident."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNotContains

from people.joining import invitations
from people.models import Invitation, User
from people.privacy.personal_data import erase
from people.teams import membership
from people.teams.teams import coordinators_of, is_coordinator, people_of
from projects.models import BodyPage
from tests.factories import (
    BodyPageFactory,
    UserFactory,
    administrator,
    coordinator_of,
    editor_of,
    staff_member,
)
from tests.people.accounts import is_logged_in, link_in_last_mail
from tests.people.test_joining import accept, path_of, sign_up

pytestmark = pytest.mark.django_db

COLLEAGUE = "kollege@stadt.example"


@pytest.fixture
def body() -> BodyPage:
    return BodyPageFactory(title="Neuenkirchen")


@pytest.fixture
def coordinator(body: BodyPage, client: Client) -> User:
    """Logged in."""
    user = coordinator_of(body, first_name="Karla", last_name="Koordi")
    client.force_login(user)
    return user


def team_path(body: BodyPage, rest: str = "") -> str:
    return f"/admin/teams/{body.pk}/{rest}"


def invite(client: Client, body: BodyPage, addresses: str, **fields: str) -> Any:
    return client.post(team_path(body), {"addresses": addresses, **fields})


# --- inviting ---------------------------------------------------------------------------------------------------------


def test_several_colleagues_are_invited_at_once_each_with_a_link_of_their_own(
    client: Client, body: BodyPage, coordinator: User
) -> None:
    invite(client, body, "a@stadt.example, <B@stadt.example>;\nc@stadt.example a@stadt.example")
    assert [letter.to for letter in mail.outbox] == [["a@stadt.example"], ["b@stadt.example"], ["c@stadt.example"]]
    assert len({str(letter.body) for letter in mail.outbox}) == 3
    assert "Karla Koordi" in str(mail.outbox[0].body)


def test_one_wrong_address_stops_all_and_stays_in_the_field(client: Client, body: BodyPage, coordinator: User) -> None:
    answer = invite(client, body, "a@stadt.example, quatsch")
    assert "quatsch" in answer.content.decode()
    assert not mail.outbox


def test_invited_colleague_chooses_a_password_and_belongs_to_the_team(
    client: Client, body: BodyPage, coordinator: User
) -> None:
    invite(client, body, COLLEAGUE)
    newcomer = Client()
    user = accept(newcomer, COLLEAGUE)
    assert is_logged_in(newcomer)
    assert set(people_of(body)) == {coordinator, user}
    assert not is_coordinator(user, body)
    assert newcomer.get("/admin/").status_code == 200
    assert not Invitation.objects.exists()
    told = [letter for letter in mail.outbox if letter.to == [coordinator.email]]
    assert [COLLEAGUE in str(letter.body) for letter in told] == [True], "whoever invited hears of it, once"


def test_opening_a_link_changes_nothing(client: Client, body: BodyPage, coordinator: User) -> None:
    editor_of(BodyPageFactory(), email=COLLEAGUE)
    invite(client, body, COLLEAGUE)
    assert Client().get(path_of(link_in_last_mail())).status_code == 200
    assert set(people_of(body)) == {coordinator}


def test_person_with_an_account_works_for_both_bodies_after_saying_yes(
    client: Client, body: BodyPage, coordinator: User
) -> None:
    other = BodyPageFactory()
    known = editor_of(other, email=COLLEAGUE)
    invite(client, body, COLLEAGUE)
    visitor = Client()
    visitor.post(path_of(link_in_last_mail()))
    assert known in people_of(body)
    assert known in people_of(other)
    assert not is_logged_in(visitor), "a link in a letter does not replace the log-in"


def test_invitation_is_not_accepted_by_whoever_is_logged_in(client: Client, body: BodyPage, coordinator: User) -> None:
    invite(client, body, COLLEAGUE)
    stranger = UserFactory()
    client.force_login(stranger)
    client.post(path_of(link_in_last_mail()))
    assert stranger not in people_of(body)
    assert Invitation.objects.exists()


def test_invitation_of_one_person_is_of_no_use_with_another_address(
    client: Client, body: BodyPage, coordinator: User
) -> None:
    invite(client, body, COLLEAGUE)
    thief = Client()
    thief.post(path_of(link_in_last_mail()))
    sign_up(thief, "dieb@example.org")
    assert not User.objects.filter(email="dieb@example.org").exists()
    sign_up(thief, COLLEAGUE)
    assert User.objects.filter(email=COLLEAGUE).exists()


@pytest.mark.parametrize("action", ["withdraw", "again"])
def test_old_link_ends_when_an_invitation_is_withdrawn_or_sent_again(
    client: Client, body: BodyPage, coordinator: User, action: str
) -> None:
    invite(client, body, COLLEAGUE)
    link = path_of(link_in_last_mail())
    number = Invitation.objects.get().pk
    client.post(team_path(body, f"einladung/{number}/"), {action: "1"})
    assert Client().get(link).status_code == 404
    assert len(mail.outbox) == (1 if action == "withdraw" else 2)
    if action == "again":
        assert Client().get(path_of(link_in_last_mail())).status_code == 200


def test_invitation_ends_after_the_setting(client: Client, body: BodyPage, coordinator: User, settings: Any) -> None:
    invite(client, body, COLLEAGUE)
    link = path_of(link_in_last_mail())
    newcomer = Client()
    newcomer.post(link)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=settings.INVITATION_DAYS, minutes=1))
    assert Client().get(link).status_code == 404
    sign_up(newcomer, COLLEAGUE)
    assert not people_of(body).filter(email=COLLEAGUE).exists(), "opened in time, but used too late"


def test_withdrawn_invitation_gives_nothing_to_a_form_that_was_open(
    client: Client, body: BodyPage, coordinator: User
) -> None:
    invite(client, body, COLLEAGUE)
    newcomer = Client()
    newcomer.post(path_of(link_in_last_mail()))
    invitations.withdraw(Invitation.objects.get(), coordinator)
    sign_up(newcomer, COLLEAGUE)
    assert not people_of(body).filter(email=COLLEAGUE).exists()


def test_members_are_not_invited_again(client: Client, body: BodyPage, coordinator: User) -> None:
    member = editor_of(body)
    invite(client, body, member.email)
    assert not mail.outbox


def test_invitations_are_limited(client: Client, body: BodyPage, coordinator: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "invite": "1/h/user"}
    invite(client, body, "a@stadt.example")
    invite(client, body, "b@stadt.example")
    assert [letter.to for letter in mail.outbox] == [["a@stadt.example"]]


def test_one_box_is_invited_only_so_often_and_the_addresses_stay(
    client: Client, body: BodyPage, coordinator: User, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "invite": "100/d/user,2/d/key"}
    for name in ("a", "a+neu"):
        invite(client, body, f"{name}@stadt.example")
    assert len(mail.outbox) == 2
    refused = client.post(team_path(body), {"addresses": "A@stadt.example"})
    assert refused.status_code == 200
    assert "später" in refused.content.decode()
    assert "a@stadt.example" in refused.content.decode().lower()
    client.post(f"{team_path(body)}einladung/{Invitation.objects.earliest('pk').pk}/", {})
    assert len(mail.outbox) == 2


# --- the team ---------------------------------------------------------------------------------------------------------


def test_team_page_shows_people_roles_and_log_ins(client: Client, body: BodyPage, coordinator: User) -> None:
    user = UserFactory(first_name="Nils", last_name="Neu")
    membership.add(body.team, user, by=coordinator)
    people = {row["user"]: row for row in client.get(team_path(body)).context["people"]}
    assert people[coordinator]["is_coordinator"]
    assert people[user]["since"].date() == timezone.now().date()
    assert not people[user]["is_coordinator"]


def test_removed_person_loses_the_pages_keeps_the_account_and_is_told(
    client: Client, body: BodyPage, coordinator: User
) -> None:
    member = editor_of(body)
    client.post(team_path(body, f"person/{member.pk}/"), {"remove": "1"})
    assert member not in people_of(body)
    assert mail.outbox[-1].to == [member.email]
    assert User.objects.get(pk=member.pk).is_active
    other = Client()
    other.force_login(member)
    assert other.get(f"/admin/pages/{body.pk}/edit/").status_code in {302, 403}


def test_who_is_appointed_again_and_again_is_told_once_a_day(body: BodyPage, coordinator: User) -> None:
    member = editor_of(body)
    for _turn in range(3):
        membership.appoint(body.team, member, by=coordinator)
        membership.step_down(body.team, member, by=coordinator)
    assert [letter.to for letter in mail.outbox] == [[member.email]]


def test_appointed_coordinator_can_invite_and_removed_one_cannot(
    client: Client, body: BodyPage, coordinator: User
) -> None:
    member = editor_of(body)
    other = Client()
    other.force_login(member)
    assert other.get(team_path(body)).status_code in {302, 403}
    client.post(team_path(body, f"person/{member.pk}/"), {"appoint": "1"})
    assert other.get(team_path(body)).status_code == 200
    assert mail.outbox[-1].to == [member.email]
    client.post(team_path(body, f"person/{member.pk}/"), {"remove": "1"})
    assert other.get(team_path(body)).status_code in {302, 403}
    assert list(coordinators_of(body)) == [coordinator]


@pytest.mark.parametrize("action", ["remove", "step_down"])
def test_last_coordinator_stays_until_there_is_another(
    client: Client, body: BodyPage, coordinator: User, action: str
) -> None:
    path = team_path(body, f"person/{coordinator.pk}/")
    client.post(path, {action: "1"})
    assert is_coordinator(coordinator, body)
    coordinator_of(body)
    client.post(path, {action: "1"})
    assert not is_coordinator(coordinator, body)


def test_staff_may_leave_a_body_without_a_coordinator(client: Client, body: BodyPage, coordinator: User) -> None:
    client.force_login(staff_member())
    client.post(team_path(body, f"person/{coordinator.pk}/"), {"remove": "1"})
    assert not coordinators_of(body).exists()
    assert body in [team.body for team in client.get("/admin/teams/", {"ohne": "1"}).context["page_obj"]]


def test_inactive_coordinator_does_not_count_as_one_who_is_left(body: BodyPage, coordinator: User) -> None:
    coordinator_of(body, is_active=False)
    with pytest.raises(membership.LastCoordinatorError):
        membership.remove(body.team, coordinator, by=coordinator)


def test_coordinator_reaches_nothing_of_another_body(client: Client, body: BodyPage, coordinator: User) -> None:
    other = BodyPageFactory()
    stranger = coordinator_of(other)
    invitations.invite(other.team, [COLLEAGUE], stranger)
    number = Invitation.objects.get().pk
    for path in ("", f"person/{stranger.pk}/", f"einladung/{number}/", "vertretung/"):
        for method in (client.get, client.post):
            answer = method(team_path(other, path), {"addresses": "x@stadt.example", "remove": "1", "withdraw": "1"})
            assert answer.status_code in {302, 403, 405}
    answer = client.post(team_path(body, f"person/{stranger.pk}/"), {"remove": "1"})
    assert answer.headers["Location"] == team_path(body, ""), "as for a colleague somebody else has removed"
    assert client.post(team_path(body, f"einladung/{number}/"), {"withdraw": "1"}).status_code == 404
    assert is_coordinator(stranger, other)
    assert Invitation.objects.get().email == COLLEAGUE
    assert [team.body for team in client.get("/admin/teams/").context["page_obj"]] == [body]


def test_editors_have_no_way_to_teams(client: Client, body: BodyPage) -> None:
    client.force_login(editor_of(body))
    assert client.get("/admin/teams/").status_code in {302, 403}
    assertNotContains(client.get("/admin/"), "/admin/teams/")


def test_history_names_the_person_until_the_account_is_erased(
    client: Client, body: BodyPage, coordinator: User
) -> None:
    member = editor_of(body, first_name="Nils", last_name="Neu")
    membership.remove(body.team, member, by=coordinator)
    history = f"/admin/pages/{body.pk}/history/"
    assert "Nils Neu" in client.get(history).content.decode()
    member.delete()
    assertNotContains(client.get(history), "Nils Neu")


def test_staff_hear_of_a_coordinator_who_erases_the_account(body: BodyPage, coordinator: User) -> None:
    staff = staff_member()
    erase(coordinator)
    letters = [letter for letter in mail.outbox if letter.to == [staff.email]]
    assert [body.title in str(letter.body) for letter in letters] == [True]


def test_letters_to_the_centre_go_to_administrators_while_it_has_no_staff() -> None:
    admin = administrator()
    assert membership.staff_addresses() == [admin.email]
    staff = staff_member()
    assert membership.staff_addresses() == [staff.email]
