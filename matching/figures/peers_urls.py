"""The address of the comparison of a body with those like it."""

from django.urls import path

from matching.figures.peers_views import peers

urlpatterns = [path("kommunen-wie-wir/<int:pk>/", peers, name="peers")]
