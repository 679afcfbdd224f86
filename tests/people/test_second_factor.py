"""Staff and administrators have a second factor before they reach the admin; others may have one."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, RequestFactory
from pytest_django.asserts import assertNotContains

from people.accounts.second_factor import must_have, note_new_factor, was_used
from people.models import User
from tests.factories import BodyPageFactory, DocumentFactory, UserFactory, administrator, editor_of, staff_member
from tests.people.accounts import (
    LOGIN,
    SECOND_STEP,
    code_for,
    factors_of,
    forget_used_codes,
    is_logged_in,
    log_in,
    with_app,
)

# What follows on setting up an app happens after the commit.
pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
APP = "/konto/zweiter-faktor/app/"
CODES = "/konto/zweiter-faktor/notfallcodes/"


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def set_up_app(client: Client) -> str:
    secret = str(client.get(APP).context["form"].secret)
    answer = client.post(APP, {"code": code_for(secret)})
    assert answer.headers["Location"] == CODES
    return secret


def test_who_must_have_one(settings: Any) -> None:
    editor = editor_of(BodyPageFactory())
    assert must_have(staff_member())
    assert must_have(administrator())
    assert not must_have(editor)
    assert not must_have(UserFactory())
    settings.SECOND_FACTOR_FOR_EDITORS = True
    assert must_have(editor)


@pytest.mark.parametrize("make", [staff_member, administrator], ids=["staff", "administrator"])
def test_whoever_must_have_one_sets_it_up_before_reaching_the_admin(client: Client, make: Callable[[], User]) -> None:
    assert log_in(client, make()).headers["Location"] == "/konto/zweiter-faktor/"
    for path in ("/admin/", "/admin/pages/", "/admin/users/", "/admin/api/main/pages/"):
        assert client.get(path).headers["Location"] == "/konto/zweiter-faktor/", path
    set_up_app(client)
    assert client.get("/admin/").status_code == 200


def test_until_then_one_is_a_visitor_on_the_public_site(client: Client, media: Path) -> None:
    """Files of drafts go to those who may edit them: not to somebody who has only a password."""
    draft = DocumentFactory(collection=BodyPageFactory().team.collection)
    user = staff_member()
    log_in(client, user)
    assert client.get(draft.url).status_code == 404
    set_up_app(client)
    assert client.get(draft.url).status_code == 200


def test_until_then_what_is_for_members_leads_to_the_second_factor_and_not_in_a_circle(client: Client) -> None:
    user = staff_member()
    answer = log_in(client, user, next="/vorhaben/")
    assert client.get(answer.headers["Location"], follow=True).request["PATH_INFO"] == "/konto/zweiter-faktor/"
    with_app(user)
    other = Client()
    other.force_login(user)  # began before there was a factor
    for path in ("/vorhaben/", "/merkliste/", LOGIN):
        assert other.get(path, follow=True).request["PATH_INFO"] == "/konto/pruefen/code/", path


def test_log_in_with_a_code_of_the_app(client: Client) -> None:
    user = staff_member()
    secret = with_app(user)
    assert log_in(client, user).headers["Location"] == SECOND_STEP
    client.post(SECOND_STEP, {"code": "000000"})
    assert not is_logged_in(client)
    assert client.post(SECOND_STEP, {"code": code_for(secret)}).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_code_works_once(client: Client) -> None:
    user = staff_member()
    code = code_for(with_app(user))
    log_in(client, user)
    client.post(SECOND_STEP, {"code": code})
    assert is_logged_in(client)
    other = Client()
    log_in(other, user)
    assert other.post(SECOND_STEP, {"code": code}).status_code == 200
    assert not is_logged_in(other)


def test_recovery_code_replaces_the_app_once(client: Client) -> None:
    user = staff_member()
    log_in(client, user)
    set_up_app(client)
    codes = client.get(CODES).context["unused_codes"]
    assert len(codes) == 10
    for allowed in (True, False):
        forget_used_codes()
        other = Client()
        log_in(other, user)
        other.post(SECOND_STEP, {"code": codes[0]})
        assert is_logged_in(other) is allowed


def test_button_for_a_key_waits_for_its_script(client: Client) -> None:
    """Pressed before, it would do nothing and say nothing; browser tests press it as soon as they can."""
    user = staff_member()
    log_in(client, user)
    adding = client.get("/konto/zweiter-faktor/schluessel/neu/")
    with_app(user)
    other = Client()
    log_in(other, user)
    for page in (adding, other.get(SECOND_STEP)):
        assert re.search(r'<button[^>]*\sid="schluessel-\w+"[^>]*\sdisabled', page.content.decode())


def test_last_factor_stays_with_whoever_must_have_one(client: Client) -> None:
    user = staff_member()
    log_in(client, user)
    set_up_app(client)
    client.post(f"{APP}entfernen/")
    assert "totp" in factors_of(user)


def test_last_key_stays_as_well(client: Client) -> None:
    user = staff_member()
    key = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Schlüssel"})
    with_app(user)
    log_in(client, user)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    client.force_login(user)
    client.post(f"/konto/zweiter-faktor/schluessel/{key.pk}/entfernen/")
    assert "webauthn" in factors_of(user)


def test_further_factor_opens_nothing_where_the_first_was_not_shown(client: Client, settings: Any) -> None:
    """Else a log-in that forgot the second factor could bring a new one along."""
    user = staff_member()
    with_app(user)
    client.force_login(user)
    key = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Schlüssel"})
    request = RequestFactory().get("/")
    request.session, request.user = client.session, user
    note_new_factor(request, user, key)
    assert not was_used(request)


def test_editor_may_set_one_up_and_remove_it_again(client: Client) -> None:
    user = editor_of(BodyPageFactory())
    assert log_in(client, user).headers["Location"] == "/admin/"
    set_up_app(client)
    client.post(f"{APP}entfernen/")
    assert not factors_of(user)


def test_editors_are_asked_where_the_setting_says_so(client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_FOR_EDITORS = True
    assert log_in(client, editor_of(BodyPageFactory())).headers["Location"] == "/konto/zweiter-faktor/"
    assert client.get("/admin/").status_code == 302


def test_operator_helps_somebody_who_lost_everything(client: Client) -> None:
    user = staff_member()
    log_in(client, user)
    set_up_app(client)
    call_command("reset_second_factor", user.email.upper())
    assert not factors_of(user)
    assert client.get("/admin/").status_code == 302
    with pytest.raises(CommandError, match="niemand"):
        call_command("reset_second_factor", "niemand@example.org")


def test_development_offers_what_production_requires(client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    log_in(client, staff_member())
    html = client.get("/admin/").content.decode()
    assert "/konto/zweiter-faktor/" in html
    client.force_login(editor_of(BodyPageFactory()))
    assertNotContains(client.get("/admin/"), "/konto/zweiter-faktor/")


def asked_of(settings_module: str, **environment: str) -> str:
    """SECOND_FACTOR_REQUIRED and EXAMPLE_PASSWORD as a process with these settings has them."""
    code = (
        "import django; django.setup(); from django.conf import settings; "
        "print(settings.SECOND_FACTOR_REQUIRED, hasattr(settings, 'EXAMPLE_PASSWORD'))"
    )
    given = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "example.org", "DJANGO_SETTINGS_MODULE": settings_module}
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", **given, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


@pytest.mark.process
def test_production_requires_it_whatever_the_environment_says() -> None:
    assert asked_of("config.settings.production", SECOND_FACTOR_REQUIRED="0") == "True False"


@pytest.mark.process
def test_only_settings_with_known_passwords_merely_offer_it() -> None:
    assert asked_of("config.settings.dev") == "False True"
