"""A stranger gets in: chooses a body, proves the address, waits for those who decide, and is told either way."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from people.accounts.second_factor import must_have
from people.joining import requests as joining
from people.models import AccessRequest, Invitation, RequestState, User
from people.teams.teams import coordinators_of, is_coordinator, people_of
from people.teams.units import find, taking_part
from projects.models import Association, BodyPage, Municipality, State
from tests.factories import (
    BodyPageFactory,
    DistrictFactory,
    MunicipalityFactory,
    ProjectPageFactory,
    UserFactory,
    coordinator_of,
    editor_of,
    staff_member,
)
from tests.people.accounts import is_logged_in, link_in_last_mail

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "ein-anderes-passwort"
PERSON = {
    "first_name": "Vera",
    "last_name": "Amt",
    "function": "Hauptamt",
    "email": "vera@neuenkirchen.example",
    "message": "Die Bürgermeisterin kennt mich.",
}


def path_of(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)


def address_for(municipality: Municipality) -> str:
    return f"/mitmachen/stelle/gemeinde/{municipality.ars}/"


def ask(client: Client, municipality: Municipality, **changes: str) -> str:
    """Ask for access; returns the path of the link in the letter."""
    answer = client.post(address_for(municipality), {**PERSON, **changes})
    assert answer.headers["Location"] == "/mitmachen/gesendet/"
    return path_of(link_in_last_mail())


def waiting(client: Client, municipality: Municipality, **changes: str) -> AccessRequest:
    """A request whose address was confirmed."""
    client.post(ask(client, municipality, **changes))
    return AccessRequest.objects.waiting().latest("pk")


def sign_up(client: Client, email: str) -> Any:
    passwords = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    names = {"first_name": "Vera", "last_name": "Amt"}
    return client.post("/konto/einladung/", {**names, **passwords, "email": email})


def accept(client: Client, email: str) -> User:
    """Open the invitation of the newest letter and choose a password."""
    client.post(path_of(link_in_last_mail()))
    sign_up(client, email)
    return User.objects.get(email=email)


@pytest.fixture
def town() -> Municipality:
    return MunicipalityFactory(name="Neuenkirchen")


# --- choosing ---------------------------------------------------------------------------------------------------------


def test_namesakes_are_told_apart_and_narrowed_by_their_kreis(client: Client) -> None:
    one, other = DistrictFactory(name="Steinfurt"), DistrictFactory(name="Diepholz")
    MunicipalityFactory(name="Neuenkirchen", district=one)
    wanted = MunicipalityFactory(name="Neuenkirchen", district=other)
    both = client.get("/mitmachen/stelle/", {"q": "neuenkirchen"}).content.decode()
    assert "Landkreis Steinfurt, Niedersachsen" in both
    assert "Landkreis Diepholz, Niedersachsen" in both
    assert [item.unit for item in find("Neuenkirchen (Diepholz)")] == [wanted]


def test_exact_name_comes_before_longer_ones_and_ended_units_not_at_all() -> None:
    MunicipalityFactory(name="Bad Essen")
    MunicipalityFactory(name="Essenheim")
    MunicipalityFactory(name="Essen", valid_to=timezone.localdate())
    exact = MunicipalityFactory(name="Essen")
    assert [item.unit.name for item in find("Essen")][:3] == ["Essen", "Essenheim", "Bad Essen"]
    assert find("Essen")[0].unit == exact


def test_word_for_the_kind_of_a_body_does_not_keep_it_from_being_found() -> None:
    district = DistrictFactory(name="Celle")
    town = MunicipalityFactory(name="Celle", district=district)
    MunicipalityFactory(name="Bad Cellental")
    unit = Association.objects.create(
        name="Auental", full_name="Auental", kind="Samtgemeinde", key="039990001", district=district
    )
    assert [item.unit for item in find("Landkreis Celle")][:2] == [district, town]
    assert find("Stadt Celle")[0].unit == town
    assert [item.unit for item in find("Samtgemeinde Auental")] == [unit]


@pytest.mark.parametrize("typed", ["", "N", "( )", "\x00", "%", "x" * 5_000])
def test_strange_input_finds_nothing_and_breaks_nothing(client: Client, typed: str) -> None:
    assert client.get("/mitmachen/stelle/", {"q": typed}).status_code == 200
    assert client.get("/mitmachen/stelle/vorschlaege/", {"q": typed}).json() == {"suggestions": []}


def test_suggestions_lead_to_the_form_of_the_body(client: Client, town: Municipality) -> None:
    (suggestion,) = client.get("/mitmachen/stelle/vorschlaege/", {"q": "Neuen"}).json()["suggestions"]
    assert suggestion == {"text": "Neuenkirchen", "kind": town.place_label, "url": address_for(town)}


def test_land_and_kreis_are_found_by_name_without_all_their_municipalities(town: Municipality) -> None:
    assert [item.unit for item in find("Niedersachsen")] == [State.objects.get(key="03")]
    assert find(town.district.name)[0].unit == town.district


def test_unknown_body_in_the_address_leads_back_to_the_choice(client: Client) -> None:
    for path in ("gemeinde/000000000000", "planet/1"):
        assert client.get(f"/mitmachen/stelle/{path}/").headers["Location"] == "/mitmachen/stelle/"


# --- asking -----------------------------------------------------------------------------------------------------------


def test_nobody_sees_a_request_before_its_address_is_confirmed(client: Client, town: Municipality) -> None:
    staff = staff_member()
    link = ask(client, town)
    assert not joining.waiting_for(staff).exists()
    assert [letter.to for letter in mail.outbox] == [[PERSON["email"]]]
    client.force_login(staff)
    number = AccessRequest.objects.get().pk
    assert client.get(f"/admin/anfragen/zugang/{number}/").status_code == 404
    client.get(link)
    assert not joining.waiting_for(staff).exists(), "a mail scanner that opens links confirms nothing"
    client.post(link)
    assert joining.waiting_for(staff).get().person_name == "Vera Amt"
    assert mail.outbox[-1].to == [staff.email]


def test_letter_to_an_unconfirmed_address_repeats_nothing_the_stranger_wrote(
    client: Client, town: Municipality
) -> None:
    ask(client, town, message="Kauft Uhren: https://spam.example", first_name="https://spam.example")
    (letter,) = mail.outbox
    assert letter.to == [PERSON["email"]]
    assert "spam.example" not in str(letter.body) + letter.subject


def test_name_with_line_breaks_cannot_write_paragraphs_into_letters(client: Client, town: Municipality) -> None:
    staff_member()
    waiting(client, town, first_name="Vera\n\nSehr wichtig:")
    assert "Vera Sehr wichtig:" in str(mail.outbox[-1].body)


def test_link_is_too_old_after_the_setting_and_made_up_links_do_nothing(
    client: Client, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = ask(client, town)
    assert client.post(f"{link[:-3]}xx/").status_code == 404
    too_late = timezone.now() + timedelta(hours=settings.CONFIRMATION_HOURS, minutes=1)
    monkeypatch.setattr("django.core.signing.time.time", too_late.timestamp)
    assert client.post(link).status_code == 404
    assert AccessRequest.objects.get().status == RequestState.UNCONFIRMED


def test_confirming_twice_tells_the_deciders_once(client: Client, town: Municipality) -> None:
    staff_member()
    link = ask(client, town)
    client.post(link)
    count = len(mail.outbox)
    assert client.post(link).status_code == 200
    assert len(mail.outbox) == count


def test_second_request_of_a_person_replaces_the_first(client: Client, town: Municipality) -> None:
    waiting(client, town)
    newer = waiting(client, town, message="Noch einmal.")
    assert AccessRequest.objects.get() == newer


def test_machine_that_fills_every_field_sends_nothing(client: Client, town: Municipality) -> None:
    answer = client.post(address_for(town), {**PERSON, "website": "https://spam.example"})
    assert answer.headers["Location"] == "/mitmachen/gesendet/"
    assert not AccessRequest.objects.exists()


def test_one_address_is_written_to_three_times_a_day_at_most(client: Client, town: Municipality) -> None:
    for _turn in range(3):
        ask(client, town)
    person = {**PERSON, "email": PERSON["email"].replace("@", "+noch@").upper()}
    refused = client.post(address_for(town), person)
    assert refused.status_code == 429
    assert person["message"] in refused.content.decode(), "nothing typed is lost"
    assert len(mail.outbox) == 3


def test_strangers_in_all_are_written_to_only_so_often(client: Client, town: Municipality, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "letters_to_strangers": "2/h/key"}
    asking = [Client(REMOTE_ADDR=f"10.0.0.{number}") for number in range(3)]
    sent = [one.post(address_for(town), {**PERSON, "email": f"{n}@example.org"}) for n, one in enumerate(asking)]
    assert [answer.status_code for answer in sent] == [302, 302, 429]
    assert len(mail.outbox) == 2


def test_errors_keep_what_was_typed(client: Client, town: Municipality) -> None:
    answer = client.post(address_for(town), {**PERSON, "email": "keine-adresse"})
    assert set(answer.context["form"].errors) == {"email"}
    assert PERSON["message"] in answer.content.decode()


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_first_person_of_a_body_becomes_its_coordinator_and_the_page_is_public(
    client: Client, town: Municipality
) -> None:
    request = waiting(client, town)
    client.force_login(staff_member())
    page = client.get(f"/admin/anfragen/zugang/{request.pk}/")
    assert page.context["grant_form"]["as_coordinator"].initial is True
    client.post(f"/admin/anfragen/zugang/{request.pk}/", {"grant": "1", "as_coordinator": "on"})
    client.logout()
    body = BodyPage.objects.get(municipality=town)
    assert client.get("/kommunen/neuenkirchen/").status_code == 200
    user = accept(client, PERSON["email"])
    assert is_logged_in(client)
    assert user.get_full_name() == "Vera Amt"
    assert is_coordinator(user, body)
    assert must_have(user), "a coordinator needs a second factor"
    assert client.get("/konto/zweiter-faktor/app/").status_code == 200, "the password was chosen a moment ago"


def test_link_of_a_granted_request_works_once(client: Client, town: Municipality) -> None:
    joining.grant(waiting(client, town), staff_member(), as_coordinator=True)
    link = path_of(link_in_last_mail())
    accept(client, PERSON["email"])
    assert Client().get(link).status_code == 404


def test_address_known_already_gets_the_membership_at_once(client: Client, town: Municipality) -> None:
    known = editor_of(BodyPageFactory(), email=PERSON["email"])
    body = joining.grant(waiting(client, town), staff_member(), as_coordinator=True)
    assert is_coordinator(known, body)
    assert known.groups.count() == 2
    assert not Invitation.objects.exists()


def test_coordinators_decide_for_their_body_and_staff_are_not_written_to(client: Client, town: Municipality) -> None:
    staff = staff_member()
    body = BodyPageFactory(municipality=town)
    coordinator = coordinator_of(body)
    request = waiting(client, town)
    assert mail.outbox[-1].to == [coordinator.email]
    assert staff.email not in {address for letter in mail.outbox for address in letter.to}
    client.force_login(coordinator)
    client.post(f"/admin/anfragen/zugang/{request.pk}/", {"grant": "1", "as_coordinator": "on"})
    client.logout()
    user = accept(client, PERSON["email"])
    assert set(people_of(body)) == {coordinator, user}
    assert list(coordinators_of(body)) == [coordinator], "a request makes nobody a coordinator unless staff say so"


def test_only_staff_make_somebody_coordinator_by_granting(client: Client, town: Municipality) -> None:
    coordinator = coordinator_of(BodyPageFactory(municipality=town))
    joining.grant(waiting(client, town), coordinator, as_coordinator=True)
    assert not Invitation.objects.get().as_coordinator


def test_coordinator_of_another_body_and_editors_may_not_decide(client: Client, town: Municipality) -> None:
    body, other = BodyPageFactory(municipality=town), BodyPageFactory()
    request = waiting(client, town)
    for user in (coordinator_of(other), editor_of(body), UserFactory()):
        client.force_login(user)
        answer = client.post(f"/admin/anfragen/zugang/{request.pk}/", {"grant": "1"})
        assert answer.status_code in {302, 403}
        assert AccessRequest.objects.get(pk=request.pk).is_waiting
    assert not joining.waiting_for(coordinator_of(other)).exists()
    assert list(joining.waiting_for(coordinator_of(body))) == [request]


def test_refusal_needs_a_reason_which_the_person_gets(client: Client, town: Municipality) -> None:
    request = waiting(client, town)
    client.force_login(staff_member())
    path = f"/admin/anfragen/zugang/{request.pk}/"
    assert client.post(path, {"refuse": "1", "reason": ""}).status_code == 200
    client.post(path, {"refuse": "1", "reason": "Bitte mit der Adresse der Stadt & ihrem Siegel."})
    assert mail.outbox[-1].to == [PERSON["email"]]
    assert "der Stadt & ihrem Siegel" in str(mail.outbox[-1].body)
    assert not BodyPage.objects.filter(municipality=town).exists()
    assert not User.objects.filter(email=PERSON["email"]).exists()


def test_only_the_first_decision_counts(client: Client, town: Municipality) -> None:
    request, staff = waiting(client, town), staff_member()
    late = AccessRequest.objects.get(pk=request.pk)
    joining.refuse(request, staff, "Nein.")
    with pytest.raises(joining.DecidedError):
        joining.grant(late, staff, as_coordinator=False)
    client.force_login(staff)
    client.post(f"/admin/anfragen/zugang/{request.pk}/", {"grant": "1"})
    assert AccessRequest.objects.get(pk=request.pk).status == RequestState.REFUSED


def test_body_of_no_register_gets_a_page_with_its_land(client: Client) -> None:
    land = State.objects.get(key="03")
    client.post("/mitmachen/stelle/andere/", {**PERSON, "body_name": "Zweckverband Übermorgen", "seat_state": land.pk})
    client.post(path_of(link_in_last_mail()))
    body = joining.grant(AccessRequest.objects.get(), staff_member(), as_coordinator=True)
    assert (body.title, body.slug, body.land) == ("Zweckverband Übermorgen", "zweckverband-uebermorgen", land)
    body.full_clean()


def test_staff_may_name_the_existing_page_a_request_means(client: Client) -> None:
    body = BodyPageFactory()
    client.post("/mitmachen/stelle/andere/", {**PERSON, "body_name": "Stadt irgendwie"})
    client.post(path_of(link_in_last_mail()))
    request = AccessRequest.objects.get()
    client.force_login(staff_member())
    client.post(f"/admin/anfragen/zugang/{request.pk}/", {"grant": "1", "body": body.pk})
    assert body.team.invitations.get().email == PERSON["email"]
    assert BodyPage.objects.count() == 1


def test_namesake_gets_an_address_of_its_own(client: Client, town: Municipality) -> None:
    staff = staff_member()
    other = MunicipalityFactory(name="Neuenkirchen")
    first = joining.grant(waiting(client, town), staff, as_coordinator=True)
    second = joining.grant(waiting(client, other), staff, as_coordinator=True)
    assert first.slug == "neuenkirchen"
    assert second.slug.startswith("neuenkirchen-")


def test_request_for_a_municipality_that_was_merged_goes_to_its_successor(client: Client, town: Municipality) -> None:
    request = waiting(client, town)
    body = BodyPageFactory()
    town.valid_to, town.successor = timezone.localdate(), body.municipality
    town.save()
    coordinator = coordinator_of(body)
    assert list(joining.waiting_for(coordinator)) == [request]
    assert joining.grant(request, coordinator, as_coordinator=False) == body


def test_decision_stands_in_the_history_of_the_body(client: Client, town: Municipality) -> None:
    staff = staff_member(first_name="Sina", last_name="Stab")
    body = joining.grant(waiting(client, town), staff, as_coordinator=True)
    client.force_login(staff)
    assert "Sina Stab" in client.get(f"/admin/pages/{body.pk}/history/").content.decode()


def test_staff_are_reminded_once_of_a_request_nobody_decides(client: Client, town: Municipality, settings: Any) -> None:
    staff = staff_member()
    coordinator_of(BodyPageFactory(municipality=town))
    request = waiting(client, town)
    assert joining.remind() == 0
    late = timezone.now() - timedelta(days=settings.JOINING_REMINDER_DAYS, minutes=1)
    AccessRequest.objects.update(waiting_since=late)
    assert joining.remind() == 1
    assert mail.outbox[-1].to == [staff.email]
    assert request.person_name in str(mail.outbox[-1].body)
    assert joining.remind() == 0


# --- entry points -----------------------------------------------------------------------------------------------------


def test_strangers_are_led_to_joining_and_editors_to_work(client: Client) -> None:
    assert 'href="/mitmachen/"' in client.get("/").content.decode()

    def way_on() -> str:
        """What the page itself offers; its head leads everybody to the log-in."""
        return client.get("/mitmachen/").content.decode().partition("<main")[2].partition("</main>")[0]

    assert 'href="/mitmachen/stelle/"' in way_on()
    assert "/admin/" not in way_on()
    client.force_login(editor_of(ProjectPageFactory().public_body))
    assert 'href="/admin/"' in way_on()


def test_search_says_who_takes_part_already_and_its_people_to_staff_alone(
    client: Client, town: Municipality, django_assert_max_num_queries: Any
) -> None:
    body = BodyPageFactory(municipality=town, title=town.name)
    ProjectPageFactory(parent=body)
    ProjectPageFactory(parent=body)
    ProjectPageFactory(parent=body, live=False)
    editor_of(body)
    editor_of(body)
    path = f"/mitmachen/stelle/?q={town.name}"
    page = dict(client.get(path).context["found"])
    assert [found.project_count for found in page.values() if found] == [2]
    html = client.get(path).content.decode()
    assert "2 Projekte" in html
    assert "2 Personen" not in html
    client.force_login(staff_member())
    assert "2 Personen" in client.get(path).content.decode()
    found = find(town.name)
    with django_assert_max_num_queries(2):
        assert taking_part(found)
