"""Addresses by which people ask whom a page names as its contact, below /kontakt/."""

from django.urls import path

from people.cooperation import page_contact_views as views

urlpatterns = [
    path("<int:number>/<slug:key>/", views.ask, name="page_contact"),
    path("<int:number>/<slug:key>/gesendet/", views.sent, name="page_contact_sent"),
]
