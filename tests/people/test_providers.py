"""Log-in by identity providers: real ones, each a process of its own on loopback."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from people.accounts.oidc import ProvidersError, provider_apps, read_providers
from people.checks import check_providers
from people.models import User
from tests.factories import BodyPageFactory, UserFactory, editor_of, staff_member
from tests.people.accounts import LOGIN, SECOND_STEP, code_for, is_logged_in, with_app

pytestmark = [pytest.mark.django_db, pytest.mark.process]

SERVER = Path(__file__).with_name("oidc_server.py")
PEOPLE = [
    {"sub": "known", "email": "Person@Stadt.example", "email_verified": True, "name": "Erika Muster"},
    {"sub": "stranger", "email": "fremd@stadt.example", "email_verified": True},
    {"sub": "unverified", "email": "person@stadt.example", "email_verified": False},
    {"sub": "text", "email": "person@stadt.example", "email_verified": "false"},
    {"sub": "nameless"},
]
PROVIDER = {"id": "land", "name": "Servicekonto", "url": "https://login.example/x", "client": "platform", "secret": "s"}


def start_provider() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(SERVER), json.dumps(PEOPLE)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Address of a provider in which the people of `PEOPLE` have accounts."""
    process = start_provider()
    assert process.stdout
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def configured(settings: Any, provider: str) -> None:
    """Two providers of the same kind; the second may speak for one domain only."""
    setting = [
        {**PROVIDER, "url": provider},
        {**PROVIDER, "id": "kreis", "name": "Kreiskonto", "url": provider, "domains": ["kreis.example"]},
    ]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": provider_apps(json.dumps(setting))}
    }


def log_in_by(client: Client, provider_id: str, sub: str, query: str = "") -> Any:
    """Go to the provider as a browser would, say there who one is, and come back."""
    start = client.get(f"{LOGIN}ueber/{provider_id}/{query}")
    assert start.status_code == 302, start.content
    asked = parse_qs(urlsplit(start.headers["Location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    with requests.Session() as browser:
        browser.get(start.headers["Location"], timeout=10)
        answer = browser.post(start.headers["Location"], data={"sub": sub}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    assert back.path == f"{LOGIN}ueber/{provider_id}/zurueck/"
    return client.get(f"{back.path}?{back.query}")


@pytest.fixture
def person() -> User:
    return editor_of(BodyPageFactory(), email="person@stadt.example")


@pytest.mark.usefixtures("configured")
def test_person_with_that_verified_address_is_logged_in(client: Client, person: User) -> None:
    answer = log_in_by(client, "land", "known", "?next=/admin/reports/")
    assert answer.headers["Location"] == "/admin/reports/"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert not SocialAccount.objects.exists(), "the address is what counts, each time anew"


@pytest.mark.usefixtures("configured")
def test_all_providers_are_offered_by_name(client: Client) -> None:
    html = client.get(LOGIN).content.decode()
    assert "Mit Servicekonto anmelden" in html
    assert "Mit Kreiskonto anmelden" in html


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    ("sub", "said"),
    [
        ("stranger", "fremd@stadt.example"),
        ("unverified", "nicht bestätigt"),
        ("text", "nicht bestätigt"),
        ("nameless", "keine E-Mail-Adresse"),
    ],
)
def test_nobody_else_is_logged_in_and_the_page_says_why(client: Client, person: User, sub: str, said: str) -> None:
    answer = log_in_by(client, "land", sub)
    assert answer.status_code == 403
    assert said in answer.content.decode()
    assert not is_logged_in(client)
    assert User.objects.count() == 1


@pytest.mark.usefixtures("configured")
def test_provider_speaks_for_its_domains_only(client: Client, person: User) -> None:
    assert log_in_by(client, "kreis", "known").status_code == 403
    assert not is_logged_in(client)


@pytest.mark.usefixtures("configured")
def test_address_that_is_only_claimed_here_opens_nothing(client: Client, person: User) -> None:
    EmailAddress.objects.filter(user=person).update(verified=False)
    assert log_in_by(client, "land", "known").status_code == 403
    assert not is_logged_in(client)


@pytest.mark.usefixtures("configured")
def test_closed_account_stays_closed(client: Client) -> None:
    UserFactory(email="person@stadt.example", is_active=False)
    log_in_by(client, "land", "known")
    assert not is_logged_in(client)


@pytest.mark.usefixtures("configured")
def test_second_factor_is_asked_all_the_same(client: Client) -> None:
    user = staff_member(email="person@stadt.example")
    secret = with_app(user)
    assert log_in_by(client, "land", "known").headers["Location"] == SECOND_STEP
    assert not is_logged_in(client)
    client.post(SECOND_STEP, {"code": code_for(secret)})
    assert is_logged_in(client)


@pytest.mark.usefixtures("configured")
def test_answer_that_nobody_asked_for_is_refused(client: Client, person: User) -> None:
    answer = client.get(f"{LOGIN}ueber/land/zurueck/?code=x&state=y")
    assert answer.status_code in {401, 403}
    assert not is_logged_in(client)


def test_provider_that_is_away_is_said_and_harms_nothing_else(client: Client, settings: Any) -> None:
    process = start_provider()
    assert process.stdout
    gone = process.stdout.readline().strip()
    process.terminate()
    process.wait(10)
    process.stdout.close()
    apps = provider_apps(json.dumps([{**PROVIDER, "url": gone}]))
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}
    answer = client.get(f"{LOGIN}ueber/land/")
    assert answer.status_code == 503
    assert "Anmeldung hat nicht geklappt" in answer.content.decode()
    assert client.get(LOGIN).status_code == 200


def test_unknown_provider_is_not_found(client: Client) -> None:
    assert client.get(f"{LOGIN}ueber/niemand/").status_code == 404


# --- the setting ------------------------------------------------------------------------------------------------------


def test_no_setting_means_no_provider() -> None:
    assert read_providers("") == []
    assert provider_apps(" ") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ('{"id": "x"}', "not a list"),
        (json.dumps([{**PROVIDER, "secret": ""}]), "secret missing"),
        (json.dumps([{**PROVIDER, "realm": "x"}]), "unknown: realm"),
        (json.dumps([{**PROVIDER, "id": "Das Land"}]), "small letters"),
        (json.dumps([{**PROVIDER, "url": "http://login.example"}]), "https://"),
        (json.dumps([{**PROVIDER, "domains": "stadt.example"}]), "domains must be"),
        (json.dumps([PROVIDER, PROVIDER]), "same id"),
    ],
)
def test_faulty_setting_is_explained_and_leaves_passwords_working(settings: Any, text: str, said: str) -> None:
    with pytest.raises(ProvidersError, match=said):
        read_providers(text)
    assert provider_apps(text) == []
    settings.OIDC_PROVIDERS = text
    [message] = check_providers(None)
    assert message.id == "people.E001"
    assert said in message.msg
    assert "s3cret" not in message.msg
