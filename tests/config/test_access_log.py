"""What the log says of requests: routes, and neither addresses nor words nor keys."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import ProjectPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]

KEY = "IjQ3MTEi:1vKey:geheim"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written with the settings of production."""
    written = io.StringIO()
    formatter = settings.LOGGING["formatters"]["json"]
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter["()"](**{name: value for name, value in formatter.items() if name != "()"}))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_each_request_is_one_line_with_its_route(log: io.StringIO) -> None:
    page = ProjectPageFactory()
    client = Client(REMOTE_ADDR="203.0.113.7")
    assert client.get("/suche/?q=Quastenflosser").status_code == 200
    assert client.get(f"/mitmachen/bestaetigen/{KEY}/").status_code == 404
    assert client.get(page.url).status_code == 200
    assert client.get(f"/gibt-es-nicht/{KEY}").status_code == 404
    requests = [(line["route"], line["status"]) for line in lines(log) if line["event"] == "request"]
    assert [status for _route, status in requests] == [200, 404, 200, 404]
    routes = [route for route, _status in requests]
    assert routes[0] == "suche/"
    assert routes[1].startswith("mitmachen/")
    assert routes[3] == "-"
    for secret in ("203.0.113.7", "Quastenflosser", "geheim", page.slug):
        assert secret not in log.getvalue()


def test_lines_of_django_name_the_route_as_well(log: io.StringIO) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    referer = f"http://anderswo.example/{KEY}"
    assert client.post("/barriere-melden/", headers={"referer": referer, "origin": "null"}).status_code == 403
    assert client.get(f"/mitmachen/bestaetigen/{KEY}/").status_code == 404
    assert client.put("/admin/logout/").status_code in {403, 405}
    events = [line["event"] for line in lines(log) if line["logger"].startswith("django.")]
    assert any("barriere-melden/" in event for event in events)
    assert not [event for event in events if ": /" in event]
    assert "geheim" not in log.getvalue()
