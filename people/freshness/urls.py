"""Addresses of the answers to reminders, below /aktuell/."""

from django.urls import path

from people.freshness import views

urlpatterns = [
    path("<str:signed>/", views.overview, name="freshness_overview"),
    path("<str:signed>/aendern/", views.report_change, name="freshness_change"),
    path("<str:signed>/zurueck/", views.undo, name="freshness_undo"),
    path("<str:signed>/<slug:said>/", views.give_answer, name="freshness_answer"),
]
