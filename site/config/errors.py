"""Error pages that are not found by template name alone."""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from config.database import is_clash

log = structlog.get_logger(__name__)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent without its token; the page says what to do instead of naming the mechanism."""
    return render(request, "403_csrf.html", status=403)


class ClashMiddleware:
    """Two people stored the same at one moment: the second is told so, where asking again has not shown it already.

    That is done with PostgreSQL (`config.database`), where a request is one transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not is_clash(error):
            return None
        log.warning("stored_twice", exc_info=error)
        # As for every error that ends a request: what was stored before it is undone.
        got_request_exception.send(sender=type(self), request=request)
        return HttpResponse(render_to_string("409.html"), status=HTTPStatus.CONFLICT)
