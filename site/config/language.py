"""Interface language: German unless the reader chose another by link, which then stays in a cookie.

`Accept-Language` is not asked: the content is German, and a page that reads the same for everybody can be cached.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

COOKIE_SECONDS = 365 * 24 * 3600


class ChosenLanguageMiddleware:
    """Activates the language of the cookie, German without one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language and go back to `weiter`; only paths of this site are followed."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    target = request.GET.get("weiter", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=False):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
