"""Addresses of notifications: below /konto/ for their settings, below /abo/ for the links of letters."""

from django.urls import path

from matching.alerts import views

urlpatterns = [
    path("konto/benachrichtigungen/", views.settings, name="alert_settings"),
    path("abo/<str:signed>/", views.unsubscribe, name="alert_unsubscribe"),
]
