"""One sees where one is logged in, and ends it from afar."""

import pytest
from django.test import Client

from tests.factories import BodyPageFactory, editor_of
from tests.people.accounts import is_logged_in, log_in

pytestmark = pytest.mark.django_db

SESSIONS = "/konto/sitzungen/"


def browser(name: str) -> Client:
    return Client(headers={"user-agent": name})


def test_other_sessions_are_listed_and_ended() -> None:
    user = editor_of(BodyPageFactory())
    here, elsewhere, stranger = browser("Büro"), browser("Telefon"), browser("Fremd")
    for client in (here, elsewhere):
        log_in(client, user)
    log_in(stranger, editor_of(BodyPageFactory()))
    html = here.get(SESSIONS).content.decode()
    assert "Büro" in html
    assert "Telefon" in html
    assert "Fremd" not in html
    here.post(SESSIONS)
    assert is_logged_in(here)
    assert elsewhere.get("/admin/").status_code == 302
    assert stranger.get("/admin/").status_code == 200


def test_sessions_are_ones_own_business(client: Client) -> None:
    assert client.get(SESSIONS).status_code == 302
