"""Addresses by which people come together with those of a project, below /projekte/."""

from django.urls import path

from people.cooperation import contact_views, partner_views

urlpatterns = [
    path("<int:number>/kontakt/", contact_views.ask, name="contact"),
    path("<int:number>/kontakt/gesendet/", contact_views.sent, name="contact_sent"),
    path("<int:number>/mitarbeit/", partner_views.offer, name="offer_to_take_part"),
    path("frage/<str:signed>/", contact_views.answered, name="contact_answered"),
]
