"""The address of the figures."""

from django.urls import path

from matching.figures.views import avoided

urlpatterns = [path("vermiedene-doppelarbeit/", avoided, name="avoided")]
