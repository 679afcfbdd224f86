"""Addresses that are keys: whoever was sent one may answer without logging in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache


def address_is_key(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Nothing on the way keeps what it answers, and no other site that is linked from there learns the address."""

    @never_cache
    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> HttpResponseBase:
        page = view(*args, **kwargs)
        page.headers["Referrer-Policy"] = "no-referrer"
        return page

    return answer
