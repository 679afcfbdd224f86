"""Addresses at which Wagtail would take a password: they lead to the one log-in, which asks for the second factor."""

from allauth.account.views import logout
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

to_login = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns: list[URLPattern] = [
    path("admin/login/", to_login),
    path("admin/logout/", logout),
    re_path(r"^admin/password_reset/", RedirectView.as_view(url="/konto/passwort/vergessen/")),
    path("_util/login/", to_login),
]
