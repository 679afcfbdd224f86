"""What no form of the admin sends, such as a word where the number of a page belongs, is answered as a bad request.

Browsers send what Wagtail's scripts have written: keys, JSON, management data. Wagtail and Django trust that in many
places, and raise whatever comes of it. One rule instead of a check in each of them; the log keeps the trace, so that an
error of ours does not hide behind it. Code of our own reads what is sent with care: what it raises stays an error.
"""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signals import got_request_exception
from django.db import DataError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch
from django.views.defaults import bad_request

from pages.keys import is_key
from pages.routes import is_in_admin

log = structlog.get_logger(__name__)

# What libraries raise over text they cannot read; NoReverseMatch: a redirect to what is no address.
STUMBLES = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ValidationError,
    NoReverseMatch,
)
# Numbers that no column takes; Django finds that out for some fields only. In forms for everybody too.
TOO_LARGE = (OverflowError, DataError)
INSTALLED = {"site-packages", "dist-packages"}


class UnreadableMiddleware:
    """400 for what cannot be read, 404 for the number of a row that no table can have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        if not all(is_key(value) for value in kwargs.values() if isinstance(value, int)):
            raise Http404

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        is_told_something = request.method == "POST" or bool(request.GET)
        kinds = (*STUMBLES, *TOO_LARGE) if is_in_admin(request) else TOO_LARGE
        if not (is_told_something and isinstance(error, kinds)) or is_raised_by_us(error):
            return None
        log.error("request_unreadable", exc_info=error)
        # As for every error that ends a request: what was stored before it is undone.
        got_request_exception.send(sender=type(self), request=request)
        return bad_request(request, error)


def is_raised_by_us(error: Exception) -> bool:
    """Whether the line that raised it is of the platform, not of a library."""
    place = Path(traceback.extract_tb(error.__traceback__)[-1].filename)
    return place.is_relative_to(settings.ROOT) and not INSTALLED & set(place.parts)
