"""Middleware: answers every request with 503 while MAINTENANCE is set; liveness stays reachable for the operator."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from pages.routes import routed

RETRY_AFTER_SECONDS = 600
ALWAYS_ANSWERED = ("/readyz", settings.STATIC_URL)


class MaintenanceMiddleware:
    """Stands early, so that no database or session is touched while the site is being worked on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE or routed(request).startswith(ALWAYS_ANSWERED):
            return self.get_response(request)
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
