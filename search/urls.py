from django.urls import path

from search.results.explain_views import explain
from search.views import search, suggestions

urlpatterns = [
    path("", search, name="search"),
    path("warum/", explain, name="search_explain"),
    path("vorschlaege/", suggestions, name="search_suggestions"),
]
