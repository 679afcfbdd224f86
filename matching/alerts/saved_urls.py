"""Addresses of kept searches, and of any search as a feed."""

from django.urls import path

from matching.alerts import saved_views as views
from matching.alerts.feeds import search_feed

urlpatterns = [
    path("suche/abo.atom", search_feed, name="search_feed"),
    path("merkliste/", views.overview, name="saved_list"),
    path("merkliste/neu/", views.new, name="saved_new"),
    path("merkliste/<int:pk>/", views.edit, name="saved_edit"),
    path("merkliste/<int:pk>/loeschen/", views.delete, name="saved_delete"),
    path("merkliste/projekt/<int:pk>/", views.watch, name="watch"),
]
