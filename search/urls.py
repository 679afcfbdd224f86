from django.urls import path

from search.views import search, suggestions

urlpatterns = [
    path("", search, name="search"),
    path("vorschlaege/", suggestions, name="search_suggestions"),
]
