"""Guessing passwords and having letters written: nobody is locked out by strangers, no letter box is filled."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from people.models import User
from tests.factories import PASSWORD, UserFactory
from tests.people.accounts import LOGIN, is_logged_in, link_in_last_mail

pytestmark = pytest.mark.django_db

FORGOTTEN = "/konto/passwort/vergessen/"
NEW_PASSWORD = "noch-ein-langes-passwort"
HERE, ELSEWHERE = "10.0.0.1", "10.0.0.2"


@pytest.fixture
def owner() -> User:
    return UserFactory(email="olga@auental.example")


def guess(email: str, where: str = ELSEWHERE) -> str:
    return str(Client(REMOTE_ADDR=where).post(LOGIN, {"login": email, "password": "geraten"}).content.decode())


def comes_in(user: User, where: str, password: str = PASSWORD) -> bool:
    client = Client(REMOTE_ADDR=where)
    client.post(LOGIN, {"login": user.email, "password": password})
    return is_logged_in(client)


def limit(settings: Any, **limits: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, **limits}


def ask_for_letter(email: str, where: str = HERE) -> Any:
    return Client(REMOTE_ADDR=where).post(FORGOTTEN, {"email": email})


def test_a_stranger_who_guesses_locks_out_himself_and_not_the_owner(owner: User) -> None:
    answers = [guess(owner.email) for _turn in range(6)]
    assert ["Zu viele Versuche" in answer for answer in answers] == [False] * 5 + [True]
    assert not comes_in(owner, ELSEWHERE)
    assert comes_in(owner, HERE)


@pytest.mark.parametrize("email", ["olga@auental.example", "niemand@auental.example"])
def test_many_connections_that_guess_together_are_stopped(owner: User, email: str, settings: Any) -> None:
    limit(settings, login_failed_anywhere="3/h/key")
    for number in range(3):
        assert "nicht korrekt" in guess(email, f"10.0.1.{number}")
    assert "Passwort vergessen?“" in guess(email, "10.0.1.9")


def test_a_letter_opens_an_account_that_others_guess_at(owner: User, settings: Any) -> None:
    limit(settings, login_failed_anywhere="3/h/key")
    for number in range(4):
        guess(owner.email, f"10.0.1.{number}")
    assert not comes_in(owner, HERE)
    browser = Client(REMOTE_ADDR=HERE)
    browser.post(FORGOTTEN, {"email": owner.email})
    form = browser.get(link_in_last_mail()).headers["Location"]
    browser.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert comes_in(owner, HERE, NEW_PASSWORD)


def test_log_ins_of_one_connection_have_an_end(settings: Any) -> None:
    limit(settings, login="2/m/ip")
    sent = [Client(REMOTE_ADDR=HERE).post(LOGIN, {"login": f"{number}@example.org"}) for number in range(3)]
    assert [answer.status_code for answer in sent] == [200, 200, 429]
    assert Client(REMOTE_ADDR=ELSEWHERE).post(LOGIN, {"login": "9@example.org"}).status_code == 200


def test_right_passwords_are_not_counted(owner: User, settings: Any) -> None:
    limit(settings, login_failed_anywhere="1/h/key")
    assert [comes_in(owner, HERE) for _turn in range(3)] == [True] * 3


def test_who_is_in_is_not_thrown_out_by_guesses_of_others(owner: User, settings: Any) -> None:
    limit(settings, login_failed_anywhere="1/h/key")
    browser = Client(REMOTE_ADDR=HERE)
    browser.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    for number in range(3):
        guess(owner.email, f"10.0.1.{number}")
    answer = browser.post("/konto/pruefen/?next=/konto/e-mail/", {"password": PASSWORD})
    assert answer.headers["Location"] == "/konto/e-mail/"


@pytest.mark.parametrize("email", ["olga@auental.example", "niemand@auental.example"])
def test_one_letter_box_gets_few_letters_a_day_however_its_address_is_spelled(owner: User, email: str) -> None:
    name, _at, domain = email.partition("@")
    spellings = [email, email.upper(), f"{name}+1@{domain}", f"{name[0]}.{name[1:]}@{domain}", f"{name}+2@{domain}"]
    assert [ask_for_letter(spelling).status_code for spelling in spellings] == [302] * 5
    refused = ask_for_letter(f"{name}+3@{domain}")
    assert len(mail.outbox) == 5
    html = refused.content.decode()
    assert set(refused.context["form"].errors) == {"email"}
    assert "Postfach" in html
    assert f"{name}+3@{domain}" in html, "nothing typed is lost"
    assert ask_for_letter(f"andere@{domain}").status_code == 302


def test_who_asks_for_too_many_letters_takes_none_from_others(owner: User, settings: Any) -> None:
    limit(settings, password_letter="2/h/ip,5/d/key")
    for number in range(9):
        ask_for_letter(owner.email if number > 1 else f"{number}@example.org", ELSEWHERE)
    assert owner.email not in [letter.to[0] for letter in mail.outbox]
    assert ask_for_letter(owner.email, HERE).status_code == 302
    assert mail.outbox[-1].to == [owner.email]


def test_strangers_in_all_are_told_only_so_often_that_they_have_no_account(owner: User, settings: Any) -> None:
    limit(settings, letters_to_strangers="2/h/key")
    for number in range(4):
        assert ask_for_letter(f"fremd{number}@example.org", f"10.0.1.{number}").status_code == 302
    assert len(mail.outbox) == 2
    ask_for_letter(owner.email)
    assert mail.outbox[-1].to == [owner.email]


def test_who_has_an_account_has_few_letters_sent_to_new_addresses(client: Client, owner: User, settings: Any) -> None:
    limit(settings, new_address="10/d/user,1/d/key")
    client.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    for spelling in ("fremd@example.org", "fremd+1@example.org"):
        answer = client.post("/konto/e-mail/", {"action_add": "", "email": spelling})
    assert re.search(r"fremd\+1@example.org", answer.content.decode())
    assert [letter.to for letter in mail.outbox if "fremd" in letter.to[0]] == [["fremd@example.org"]]
    assert not EmailAddress.objects.filter(email="fremd+1@example.org").exists()
