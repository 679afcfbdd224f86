"""German for everybody, English for who asks for it; reading sets no cookie."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_language_of_the_browser_is_not_asked(client: Client) -> None:
    response = client.get("/", headers={"accept-language": "en-GB,en;q=0.9"})
    assert 'lang="de"' in response.content.decode()


def test_chosen_language_stays(client: Client) -> None:
    response = client.get("/sprache/en/?weiter=/kommunen/")
    assert response.headers["Location"] == "/kommunen/"
    assert 'lang="en"' in client.get("/kommunen/").content.decode()


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:alert(1)", "\\\\example.org"])
def test_link_leads_nowhere_but_to_this_site(client: Client, target: str) -> None:
    assert client.get("/sprache/en/", {"weiter": target}).headers["Location"] == "/"


def test_unknown_language_is_not_found(client: Client) -> None:
    assert client.get("/sprache/xx/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/kommunen/", "/wissen/", "/suche/?q=bus", "/impressum/", "/gibt-es-nicht/"])
def test_reading_sets_no_cookie(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == (404 if path == "/gibt-es-nicht/" else 200)
    assert not answer.cookies
