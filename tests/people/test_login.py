"""Log-in, the own address and the password: one door, which says nothing about who has an account."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django.asserts import assertNotContains

from matching.models import Demand
from people.accounts.adapters import INVITED_SESSION_KEY
from people.models import User
from tests.factories import PASSWORD, BodyPageFactory, UserFactory, administrator, editor_of, staff_member
from tests.people.accounts import LOGIN, is_logged_in, link_in_last_mail, log_in

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "noch-ein-langes-passwort"


def test_editor_comes_to_the_editors_room(client: Client) -> None:
    answer = log_in(client, editor_of(BodyPageFactory()))
    assert answer.headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_log_in_goes_on_where_one_wanted_to_go(client: Client) -> None:
    own = BodyPageFactory()
    user, wanted = editor_of(own), f"/admin/pages/{own.pk}/"
    assert client.get(wanted).headers["Location"] == f"{LOGIN}?next={wanted}"
    assert log_in(client, user, next=wanted).headers["Location"] == wanted


def test_log_in_leads_to_no_other_site(client: Client) -> None:
    answer = log_in(client, editor_of(BodyPageFactory()), next="https://evil.example/")
    assert answer.headers["Location"] == "/admin/"


def test_person_without_access_comes_to_the_account_and_is_told_so_at_the_admin(client: Client) -> None:
    assert log_in(client, UserFactory()).headers["Location"] == "/konto/"
    assert client.get("/admin/").status_code == 403
    assert client.get("/konto/").status_code == 200


@pytest.mark.parametrize("email", ["person@example.org", "niemand@example.org"])
def test_wrong_password_and_unknown_address_get_the_same_answer(client: Client, email: str) -> None:
    UserFactory(email="person@example.org")
    answer = client.post(LOGIN, {"login": email, "password": "falsch"})
    assert not is_logged_in(client)
    assert "nicht korrekt" in answer.content.decode()


def test_closed_account_is_refused(client: Client) -> None:
    user = UserFactory(is_active=False)
    assert log_in(client, user).headers["Location"] == "/konto/gesperrt/"
    assert not is_logged_in(client)


def test_logging_out_needs_a_button_and_works_from_the_admin_too(client: Client) -> None:
    user = editor_of(BodyPageFactory())
    for path in ("/konto/abmelden/", "/admin/logout/"):
        log_in(client, user)
        assert client.get(path).status_code == 200
        assert is_logged_in(client), "a picture in a page could log people out"
        client.post(path)
        assert not is_logged_in(client)


# --- signing up -------------------------------------------------------------------------------------------------------


def sign_up(client: Client, email: str) -> Any:
    names = {"first_name": "Nora", "last_name": "Neu"}
    fields = {**names, "email": email, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    return client.post("/konto/einladung/", fields)


def test_strangers_cannot_sign_up(client: Client) -> None:
    closed = client.get("/konto/einladung/")
    assert closed.status_code == 200
    assert "password1" not in closed.content.decode()
    sign_up(client, "fremd@example.org")
    assert not User.objects.exists()


def invite(client: Client, email: str) -> None:
    session = client.session
    session[INVITED_SESSION_KEY] = email
    session.save()


def test_invited_person_signs_up_with_a_verified_address(client: Client) -> None:
    invite(client, "neu@example.org")
    sign_up(client, "neu@example.org")
    assert EmailAddress.objects.get(email="neu@example.org").verified
    assert is_logged_in(client)


def test_invitation_holds_for_its_address_only(client: Client) -> None:
    invite(client, "neu@example.org")
    answer = sign_up(client, "anders@example.org")
    assert answer.status_code == 200
    assert not User.objects.exists()


# --- addresses --------------------------------------------------------------------------------------------------------


def test_unverified_address_does_not_log_in_but_gets_a_link(client: Client) -> None:
    user = UserFactory(email="person@example.org")
    EmailAddress.objects.filter(user=user).update(verified=False)
    log_in(client, user)
    assert not is_logged_in(client)
    client.post(link_in_last_mail())
    assert EmailAddress.objects.get(user=user).verified
    log_in(client, user)
    assert is_logged_in(client)


def test_administrators_vouch_for_the_addresses_they_enter() -> None:
    user = administrator(email="Admin@Example.org")
    assert EmailAddress.objects.get(user=user).verified
    user.email = "neu@example.org"
    user.save()
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified")) == [("neu@example.org", True)]


def test_new_address_counts_only_after_its_link_was_opened(client: Client) -> None:
    user = editor_of(BodyPageFactory(), email="alt@example.org")
    log_in(client, user)
    client.post("/konto/e-mail/", {"email": "neu@example.org", "action_add": ""})
    user.refresh_from_db()
    assert user.email == "alt@example.org"
    assert mail.outbox[-1].to == ["neu@example.org"]
    client.post(link_in_last_mail())
    user.refresh_from_db()
    assert user.email == "neu@example.org"
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified")) == [("neu@example.org", True)]
    told = [letter for letter in mail.outbox if letter.to == ["alt@example.org"]]
    assert told, "whoever took the account over must not do so silently"


def test_new_address_can_be_taken_back(client: Client) -> None:
    user = editor_of(BodyPageFactory())
    log_in(client, user)
    client.post("/konto/e-mail/", {"email": "neu@example.org", "action_add": ""})
    client.post("/konto/e-mail/", {"email": "neu@example.org", "action_remove": ""})
    assert list(EmailAddress.objects.filter(user=user).values_list("email", flat=True)) == [user.email]


# --- passwords --------------------------------------------------------------------------------------------------------


def test_forgotten_password_is_set_by_a_link_that_works_once(client: Client) -> None:
    user = editor_of(BodyPageFactory())
    client.post("/konto/passwort/vergessen/", {"email": user.email})
    link = link_in_last_mail()
    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert not is_logged_in(client), "a mailbox alone opens nothing"
    assert log_in(client, user, NEW_PASSWORD).status_code == 302
    client.logout()
    assertNotContains(client.get(link, follow=True), "password1")


def test_unknown_address_gets_a_letter_that_says_so_and_the_page_says_nothing(client: Client) -> None:
    known = client.post("/konto/passwort/vergessen/", {"email": UserFactory().email})
    unknown = client.post("/konto/passwort/vergessen/", {"email": "niemand@example.org"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert mail.outbox[-1].to == ["niemand@example.org"]
    assert "/neu/" not in str(mail.outbox[-1].body)


def test_changed_password_is_told_and_ends_all_other_sessions(client: Client) -> None:
    user = editor_of(BodyPageFactory())
    elsewhere = Client()
    log_in(elsewhere, user)
    log_in(client, user)
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/konto/passwort/", fields)
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    assert mail.outbox[-1].to == [user.email]


def test_password_that_is_too_short_or_differs_is_explained(client: Client) -> None:
    log_in(client, editor_of(BodyPageFactory()))
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": f"{NEW_PASSWORD}x"}
    assert "Die beiden Passwörter sind verschieden" in client.post("/konto/passwort/", fields).content.decode()
    short = {"oldpassword": PASSWORD, "password1": "kurz", "password2": "kurz"}
    assert "12 Zeichen" in client.post("/konto/passwort/", short).content.decode()


def test_letters_are_plain_text_and_html_with_the_same_link(client: Client) -> None:
    client.post("/konto/passwort/vergessen/", {"email": staff_member().email})
    letter = mail.outbox[-1]
    assert isinstance(letter, EmailMultiAlternatives)
    html = str(letter.alternatives[0][0])
    assert f'href="{link_in_last_mail()}"' in html
    assert "<script" not in html
    assert "style=" not in html


def test_pages_of_the_account_are_not_kept_by_search_engines(client: Client) -> None:
    assert 'name="robots" content="noindex"' in client.get(LOGIN).content.decode()


def test_pages_that_know_who_is_there_lead_on_instead_of_asking_for_a_log_in(client: Client) -> None:
    asked = 'href="/admin/" rel="nofollow">Anmelden'
    demand = Demand.objects.create(title="Gräberplan", query="friedhof")
    for address in (LOGIN, "/suche/", f"/bedarf/{demand.pk}/"):
        assert asked in client.get(address).content.decode(), address
    log_in(client, editor_of(BodyPageFactory()))
    for address in ("/konto/", "/vorhaben/", "/suche/", f"/bedarf/{demand.pk}/"):
        page = client.get(address).content.decode()
        assert asked not in page, address
        assert 'href="/admin/" rel="nofollow">Mein Bereich' in page, address
