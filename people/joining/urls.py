"""Addresses of the way in, below /mitmachen/."""

from django.urls import path, re_path

from people.joining import views

urlpatterns = [
    path("", views.start, name="join"),
    path("stelle/", views.choose_body, name="choose_body"),
    path("stelle/vorschlaege/", views.suggest_bodies, name="suggest_bodies"),
    path("stelle/andere/", views.ask_for_other, name="ask_for_other"),
    path("stelle/<slug:level>/<slug:key>/", views.ask, name="ask_for_access"),
    path("gesendet/", views.asked, name="access_asked"),
    re_path(r"^bestaetigen/(?P<token>[-:\w]+)/$", views.confirm, name="confirm_access_request"),
    re_path(r"^einladung/(?P<token>[-:\w]+)/$", views.accept_invitation, name="invitation"),
]
