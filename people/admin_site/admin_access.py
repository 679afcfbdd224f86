"""Middleware: nobody enters the admin without access, nor without the second factor (2FA) they must have."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from pages.routes import ADMIN_PREFIX, is_in_admin, routed
from people.accounts import second_factor
from people.rights import is_staff

ACCOUNT_PREFIX = "/konto/"
# Wagtail lets everybody in the admin in here, where people and drafts of all bodies are named.
STAFF_AREAS = (f"{ADMIN_PREFIX}reports/", f"{ADMIN_PREFIX}workflows/")
LOGOUT_PATH = f"{ADMIN_PREFIX}logout/"
# Whoever is logged in is led on from here to what they wanted, where they are a visitor still, and led back.
LOGIN_PATH = f"{ACCOUNT_PREFIX}anmelden/"


class DoorMiddleware:
    """Until the second factor has been shown, its owner is a visitor everywhere but on the pages of the account.

    It asks the session, not the way the session came about: a log-in that forgot the second factor opens nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = routed(request)
        # Pages for everybody do not ask who is there; their sessions stay untouched and can be cached.
        is_open = (path.startswith(ACCOUNT_PREFIX) and path != LOGIN_PATH) or path == LOGOUT_PATH
        if is_open or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        if second_factor.is_awaited(request):
            if is_in_admin(request) or path == LOGIN_PATH:
                return redirect("mfa_index" if not second_factor.has(request.user) else "mfa_reauthenticate")
            request.user = AnonymousUser()
        elif is_in_admin(request) and request.user.is_authenticated and not may_enter(request):
            raise PermissionDenied
        return self.get_response(request)


def may_enter(request: HttpRequest) -> bool:
    if routed(request).startswith(STAFF_AREAS) and not is_staff(request.user):
        return False
    return request.user.has_perm("wagtailadmin.access_admin")
