"""What the log says of requests: routes, and neither addresses nor words nor keys."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import urls
from config.traces import trace_of
from projects.models import State
from tests.factories import ProjectPageFactory, UserFactory, editor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]


def careless(request: HttpRequest) -> HttpResponse:
    """Says what was typed in its error, as databases do, and in the one that led to it."""
    try:
        State.objects.get(pk=request.POST["word"])
    except ValueError as error:
        raise IntegrityError(f"Key (name)=({request.POST['word']}) already exists.") from error
    return HttpResponse()


def suspicious(request: HttpRequest) -> HttpResponse:
    kind = SuspiciousOperation if request.POST["kind"] == "suspicious" else BadRequest
    raise kind(f"{request.POST['word']} is not allowed")


urlpatterns = [path("achtlos/", careless), path("verdacht/", suspicious), *urls.urlpatterns]

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


@pytest.mark.urls("tests.config.test_access_log")
def test_an_error_is_logged_with_its_place_and_without_what_was_typed(log: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    assert client.post("/achtlos/", {"word": "Quastenflosser"}).status_code == 500
    (error,) = [line for line in lines(log) if "exception" in line]
    assert error["event"] == "Internal Server Error: achtlos/"
    *_, first, second = error["exception"].split("which led to:")
    assert first.strip().endswith("ValueError")
    assert second.strip().endswith("django.db.utils.IntegrityError")
    assert "test_access_log.py" in second
    assert "in careless" in second
    assert "Quastenflosser" not in log.getvalue()


@pytest.mark.urls("tests.config.test_access_log")
def test_a_refusal_is_a_line_and_no_trace(log: io.StringIO) -> None:
    page, client = ProjectPageFactory(), Client()
    for person, address in ((UserFactory(), "/admin/"), (editor_of(page.public_body), "/admin/reports/site-history/")):
        client.force_login(person)
        assert client.get(address).status_code == 403
    for kind in ("suspicious", "bad"):
        assert client.post("/verdacht/", {"kind": kind, "word": "Quastenflosser"}).status_code == 400
    told = [line for line in lines(log) if line["logger"].startswith("django.")]
    assert [line["event"] for line in told] == [
        "Forbidden (Permission denied): -",
        "Forbidden (Permission denied): -",
        "SuspiciousOperation",
        "BadRequest: verdacht/",
    ]
    assert not [line for line in told if "exception" in line]
    assert "Quastenflosser" not in log.getvalue()


def test_of_a_service_that_is_away_the_log_says_what_it_answered() -> None:
    assert trace_of(OperationalError("connection refused")).endswith("OperationalError: connection refused")
    group = ExceptionGroup("Quastenflosser", [ValueError("Quastenflosser"), ConnectionError("no route")])
    assert trace_of(group).splitlines() == ["ExceptionGroup", "ValueError", "ConnectionError: no route"]
