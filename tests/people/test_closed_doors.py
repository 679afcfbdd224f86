"""No address but the one log-in takes a password: whatever is sent to the others, nobody is in."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import PASSWORD, staff_member
from tests.people.accounts import LOGIN, SECOND_STEP, is_logged_in, log_in, with_app
from tests.routes import routes

pytestmark = pytest.mark.django_db

WAGTAIL_DOORS = ("/admin/login/", "/_util/login/", "/admin/password_reset/", "/admin/password_reset/confirm/MQ/x-y/")


def addresses() -> list[str]:
    """Every address of the site that needs no number or name in it."""
    return [f"/{route.replace('^', '')}" for route in routes() if not set("<(\\[$?*").intersection(route)]


def everything_a_form_may_ask(email: str) -> dict[str, str]:
    return {
        "login": email,
        "username": email,
        "email": email,
        "password": PASSWORD,
        "password1": PASSWORD,
        "password2": PASSWORD,
        "new_password1": PASSWORD,
        "new_password2": PASSWORD,
    }


def test_no_address_accepts_a_password_without_the_second_factor(client: Client) -> None:
    user = staff_member()
    with_app(user)
    tried = [path for path in addresses() if path not in {"/metrics", "/readyz"}]
    assert {LOGIN, "/admin/login/", "/_util/login/"} <= set(tried)
    for path in tried:
        client.post(path, everything_a_form_may_ask(user.email))
        assert not is_logged_in(client), path


@pytest.mark.parametrize("path", WAGTAIL_DOORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_wagtails_own_doors_lead_to_ours(client: Client, path: str, method: str) -> None:
    user = staff_member()
    answer = getattr(client, method)(path, everything_a_form_may_ask(user.email))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/konto/")
    assert not is_logged_in(client)


def test_where_one_wanted_to_go_survives_the_way_round(client: Client) -> None:
    assert client.get("/admin/login/?next=/admin/pages/").headers["Location"] == f"{LOGIN}?next=/admin/pages/"


def test_right_password_alone_stops_before_the_second_step(client: Client) -> None:
    user = staff_member()
    with_app(user)
    assert log_in(client, user).headers["Location"] == SECOND_STEP
    assert not is_logged_in(client)
    assert client.get("/admin/").status_code == 302


def test_wagtails_account_page_changes_neither_password_nor_address(client: Client) -> None:
    user = staff_member(email="alt@example.org")
    client.force_login(user)
    html = client.get("/admin/account/").content.decode()
    assert "old_password" not in html
    fields = {
        "password-old_password": PASSWORD,
        "password-new_password1": "noch-ein-langes-passwort",
        "password-new_password2": "noch-ein-langes-passwort",
        "name_email-email": "neu@example.org",
        "name_email-first_name": "A",
        "name_email-last_name": "B",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    assert client.post("/admin/account/", fields).status_code == 302
    user.refresh_from_db()
    assert user.first_name == "A", "the rest is stored"
    assert user.check_password(PASSWORD)
    assert user.email == "alt@example.org"


def test_there_is_no_admin_of_django() -> None:
    assert not [path for path in addresses() if path.startswith("/django")]


def test_admin_leads_to_the_account(client: Client) -> None:
    client.force_login(staff_member())
    assert "/konto/" in client.get("/admin/").content.decode()


def test_session_made_without_the_second_factor_opens_nothing(client: Client, settings: Any) -> None:
    """Whatever log-in a package brings along: the door asks the session how it came about."""
    settings.SECOND_FACTOR_REQUIRED = True
    user = staff_member()
    with_app(user)
    client.force_login(user)
    assert client.get("/admin/").headers["Location"].startswith("/konto/pruefen/code/")
