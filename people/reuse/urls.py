"""Addresses of reuse: the list of a project, declaring and claiming, one's own entry, and the links of letters."""

from django.urls import path

from people.reuse import answers as reuse_answers
from people.reuse import views as reuse_views

urlpatterns = [
    path("projekte/<int:number>/nachnutzung/", reuse_views.reuses, name="reuses"),
    path("projekte/<int:number>/nutzen/", reuse_views.declare, name="reuse_declare"),
    path("projekte/<int:number>/nutzer-melden/", reuse_views.choose_unit, name="reuse_claim"),
    path("projekte/<int:number>/nutzer-melden/vorschlaege/", reuse_views.suggest_units, name="reuse_suggest"),
    path("projekte/<int:number>/nutzer-melden/<slug:level>/<slug:key>/", reuse_views.claim, name="reuse_claim_for"),
    path("nachnutzung/<int:pk>/", reuse_views.show, name="reuse"),
    path("nachnutzung/antwort/<str:signed>/", reuse_answers.answer, name="reuse_answer"),
]
