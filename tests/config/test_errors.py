"""Error pages say what happened and what to do, in the platform's look, without the parts that may be broken."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path

from config import urls

pytestmark = pytest.mark.django_db


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("kaputt/", broken), *urls.urlpatterns]


def test_unknown_address_offers_the_search(client: Client) -> None:
    response = client.get("/gibt-es-nicht/")
    assert response.status_code == 404
    assert 'action="/suche/"' in response.content.decode()


@pytest.mark.urls("tests.config.test_errors")
def test_error_of_ours_is_admitted(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/kaputt/")
    assert response.status_code == 500
    assert "<h1" in response.content.decode()


def test_error_page_needs_no_database(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert "<h1" in render_to_string("400.html")
        assert "<h1" in render_to_string("500.html")
        assert "<h1" in render_to_string("503.html")


def test_maintenance_answers_everything_but_liveness(client: Client, settings: Any) -> None:
    settings.MAINTENANCE = True
    response = client.get("/")
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert client.get("/healthz").status_code == 200


def test_liveness_is_answered_to_a_probe_that_knows_no_name(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "10.1.2.3"}).status_code == 200
    assert client.get("/", headers={"host": "10.1.2.3"}).status_code == 400
