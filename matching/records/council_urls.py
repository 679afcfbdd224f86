"""Addresses of council papers."""

from django.urls import path

from matching.records import council_views as views

urlpatterns = [
    path("vorhaben/<int:pk>/beschlussvorlage/", views.council_paper, name="council_paper"),
    path("vorhaben/<int:pk>/beschlussvorlage.odt", views.council_paper_odt, name="council_paper_odt"),
]
