"""What the log says of requests: the route, never who asked, what was looked for, or an address that is a key.

An address on the internet is personal data, a search may be about an illness, and whoever reads a link out of a log
may use it. Django's own lines name the path; here it gives way to the route.
"""

import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from pages.routes import route_of

log = structlog.get_logger(__name__)

# A refused form names the page it came from.
ADDRESS = re.compile(r"https?://\S+")


class AccessLogMiddleware:
    """One line for each request; behind the static files, which tell nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        response = self.get_response(request)
        log.info(
            "request",
            method=request.method,
            route=route_of(request),
            status=response.status_code,
            milliseconds=round((time.monotonic() - began) * 1000),
        )
        return response


def route_instead_of_path(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Django's “Not Found: /path” and its like as “Not Found: route”; a processor of structlog."""
    request = getattr(event.get("_record"), "request", None)
    if not isinstance(request, HttpRequest):
        return event
    # As `django.utils.log` writes it.
    path = request.path.encode("unicode_escape").decode("ascii")
    text = str(event["event"])
    if text.endswith(path):
        text = text.removesuffix(path) + route_of(request)
    event["event"] = ADDRESS.sub("-", text)
    return event
