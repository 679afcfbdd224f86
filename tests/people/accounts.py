"""Steps of log-in that many tests take."""

import re
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.test import Client

from people.models import User
from tests.factories import PASSWORD

LOGIN = "/konto/anmelden/"
SECOND_STEP = "/konto/anmelden/zweiter-faktor/"
LINK = re.compile(r"https?://[^\s\"<]+")


def code_for(secret: str) -> str:
    """The six digits an app would show now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def with_app(user: User) -> str:
    """Give the person an app for codes, and return its secret."""
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def forget_used_codes() -> None:
    """A code works once; the next log-in of a test does not wait half a minute."""
    cache.clear()


def log_in(client: Client, user: User, password: str = PASSWORD, **query: str) -> Any:
    return client.post(LOGIN, {"login": user.email, "password": password}, query_params=query or None)


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def link_in_last_mail() -> str:
    """The first address in the newest letter."""
    found = LINK.search(str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found.group()


def factors_of(user: User) -> set[str]:
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
