"""Capability URLs: whoever was sent one may answer without logging in. No caching, no referrer.

The links themselves are made and read by `people.links.signed`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache


def address_is_key(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Nothing on the way keeps what it answers, no other site learns the address, and no page has it stored."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.address_is_key = True  # type: ignore[attr-defined]
        page = view(request, *args, **kwargs)
        # Not `no-referrer`: forms that are protected against other sites need an origin.
        page.headers["Referrer-Policy"] = "same-origin"
        return page

    return answer
