"""The addresses of the platform and, before them, the editor's button."""

from django.urls import path

from bench.faults.editing import publish, renamed_tag
from config.urls import urlpatterns as platform

urlpatterns = [
    path("bench/publish/<int:pk>/", publish),
    path("bench/tag/", renamed_tag),
    *platform,
]
