"""An address that lets somebody in is told to nobody else."""

import pytest
from django.test import Client

from tests.routes import routes

pytestmark = pytest.mark.django_db

KEYED = [route for route in routes() if "<str:signed>" in route]


@pytest.mark.parametrize("route", KEYED)
def test_address_that_is_a_key_is_neither_kept_nor_passed_on(client: Client, route: str) -> None:
    path = "/" + route.replace("<str:signed>", "x").replace("<slug:said>", "stimmt")
    for answer in (client.get(path), client.post(path)):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer.headers["Cache-Control"]


def test_each_kind_of_link_is_tried() -> None:
    starts = {route.partition("<")[0] for route in KEYED}
    assert starts == {"aktuell/", "nachnutzung/antwort/", "projekte/frage/", "abo/"}
