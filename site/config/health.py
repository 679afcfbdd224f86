"""What an operator's monitoring asks: is the process alive, can it serve, how much does it do."""

from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from pages.routes import routed
from search.engines.guard import state_of_search

LIVENESS_PATH = "/healthz"


class LivenessMiddleware:
    """Says that the process answers, before anything else is asked: a probe knows the machine, not the site's name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if routed(request) == LIVENESS_PATH:
            return HttpResponse("ok", content_type="text/plain")
        return self.get_response(request)


def readyz(request: HttpRequest) -> JsonResponse:
    """Readiness of database, migrations and search; 503 names the part that is not ready.

    A search that fails does not make the site unready: reading and publishing go on without it. It is "degraded" while
    the fall-back answers, "unreachable" while pages list from the database.
    """
    state: dict[str, str] = {"database": "ok", "migrations": "ok", "search": state_of_search()}
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            state["migrations"] = "missing"
    except OperationalError:
        state["database"] = "unreachable"
    ready = state["database"] == state["migrations"] == "ok"
    return JsonResponse(state, status=200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures; asked with METRICS_TOKEN as bearer, otherwise as if they did not exist."""
    token = settings.METRICS_TOKEN
    if not token or request.headers.get("Authorization") != f"Bearer {token}":
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
