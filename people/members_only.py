"""Who may read what is for members: the restriction “logged in” means an account with an approved body."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from wagtail import hooks
from wagtail.models import Page

from pages.reading import HOOK, has_session, mark_members_only
from people.teams import is_member

View = Callable[..., HttpResponseBase]

hooks.register(HOOK, is_member)


def members_only(view: View) -> View:
    """Lead visitors to the log-in and accounts without a body to where they can ask for access; nothing is cached."""

    @wraps(view)
    def admit(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        return view(request, *args, **kwargs) if is_member(request.user) else refuse(request)

    return never_cache(admit)


def refuse(request: HttpRequest) -> HttpResponseBase:
    """Say how one becomes a member."""
    response = render(request, "people/members_only.html", status=403)
    add_never_cache_headers(response)
    return response


@hooks.register("on_serve_page")
def admit_members(serve: View) -> View:
    """Wagtail lets every account read what is for members; those without a body are told how to get one."""

    def inner(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponseBase:
        if has_session(request) and request.user.is_authenticated:
            mark_members_only([page])
            if getattr(page, "is_members_only", False) and not is_member(request.user):
                return refuse(request)
        return serve(page, request, args, kwargs)

    return inner
