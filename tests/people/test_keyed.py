"""An address that lets somebody in is told to nobody else."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.routes import routes

pytestmark = pytest.mark.django_db

KEY = re.compile(r"<str:signed>|\(\?P<token>[^)]*\)|<slug:code>")
KEYED = [route for route in routes() if KEY.search(route) and not route.startswith("konto/")]


def example(route: str) -> str:
    return "/" + KEY.sub("x", route).replace("<slug:said>", "stimmt").replace("^", "").replace("$", "")


def test_each_kind_of_link_is_tried() -> None:
    starts = {example(route).partition("/x/")[0] for route in KEYED}
    places = {"/aktuell", "/nachnutzung/antwort", "/projekte/frage", "/abo", "/pruefvermerk"}
    assert starts == places | {"/mitmachen/bestaetigen", "/mitmachen/einladung"}


@pytest.mark.parametrize("path", [example(route) for route in KEYED if "code" not in route])
def test_address_that_is_a_key_is_neither_kept_nor_passed_on(client: Client, path: str) -> None:
    for answer in (client.get(path), client.post(path)):
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", [example(route) for route in KEYED if not route.endswith("zurueck/")])
def test_report_of_a_barrier_does_not_name_an_address_that_is_a_key(client: Client, path: str) -> None:
    html = client.get(path, follow=True).content.decode()
    assert reverse("barrier_report") in html
    assert "?seite=" not in html


def test_report_of_a_barrier_names_any_other_page(client: Client) -> None:
    assert "melden/?seite=%2Fkommunen%2F" in client.get("/kommunen/").content.decode()
