"""Addresses of before lead on, to whoever may read the page: the new address has a title in it."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect

from pages.access import may_read
from pages.routes import routed


class ReadableRedirectMiddleware(RedirectMiddleware):
    """Wagtail's, which asks nobody."""

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().process_response(request, response)
        return response if answer is not response and _leads_to_hidden(request) else answer


def _leads_to_hidden(request: HttpRequest) -> bool:
    asked = (request.get_full_path(), routed(request))
    paths = {Redirect.normalise_path(path, decode_unicode=is_read) for path in asked for is_read in (True, False)}
    found = Redirect.objects.filter(old_path__in=paths, redirect_page__isnull=False).select_related("redirect_page")
    return any(not one.redirect_page.live or not may_read(one.redirect_page, request) for one in found)
