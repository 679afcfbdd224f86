"""Who may read what is for members: the restriction “logged in” means an account with an approved body."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from wagtail import hooks
from wagtail.models import Page

from pages.access import HOOK, is_in, mark_members_only
from people.teams.teams import is_member

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


@hooks.register("on_serve_page", order=-1)  # before Wagtail's own, which asks for the log-in
def hide_from_outsiders(serve: View) -> View:
    """What is for members does not exist for others, at an address somebody guesses either: that has a title in it.

    The page that says so leads members to the log-in, whatever the address; see `templates/404.html`.
    """

    def inner(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponseBase:
        mark_members_only([page])
        if getattr(page, "is_members_only", False) and not is_in(request):
            raise Http404
        return serve(page, request, args, kwargs)

    return inner
