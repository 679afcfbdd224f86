"""The addresses of the site and, below /fehler/, its faults on demand: they are pages people see as well."""

from unittest.mock import patch

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.views.defaults import bad_request

from config.errors import csrf_failure
from config.urls import urlpatterns as addresses
from search.engines import EngineError, get_engine
from search.results.explain_views import explain
from search.views import search
from tests.factories import staff_member


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest, template: str) -> HttpResponse:
    return HttpResponse(render_to_string(template), status=503)


def search_without_engine(request: HttpRequest) -> HttpResponse:
    with patch("search.engines.guard.get_engine", side_effect=EngineError("switched off")):
        return search(request)


def search_by_fallback(request: HttpRequest) -> HttpResponse:
    away = patch("search.engines.guard.get_engine", side_effect=EngineError("switched off"))
    with away, patch("search.engines.guard.get_fallback", get_engine):
        return search(request)


def explained(request: HttpRequest) -> HttpResponse:
    """What staff see of a search, without the log-in."""
    request.user = staff_member()
    return explain(request)


def unknown_person(request: HttpRequest) -> HttpResponse:
    context = {"provider_name": "Servicekonto", "email": "fremd@stadt.example", "is_verified": True}
    return render(request, "people/unknown_person.html", context, status=403)


urlpatterns = [
    path("fehler/429/", lambda request: render(request, "429.html", status=429)),
    path("fehler/unbekannt/", unknown_person),
    path("fehler/403/", forbidden),
    path("fehler/formular/", csrf_failure),
    path("fehler/400/", lambda request: bad_request(request, BadRequest())),
    path("fehler/409/", lambda request: HttpResponse(render_to_string("409.html"), status=409)),
    path("fehler/500/", broken),
    path("fehler/503/", unavailable, {"template": "503.html"}),
    path("fehler/datenbank/", unavailable, {"template": "503_database.html"}),
    path("fehler/ungewiss/", unavailable, {"template": "503_unknown.html"}),
    path("fehler/suche/", search_without_engine),
    path("fehler/ersatz/", search_by_fallback),
    path("fehler/warum/", explained),
    *addresses,
]
