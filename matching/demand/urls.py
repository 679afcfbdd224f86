"""Addresses of demands, below /bedarf/."""

from django.urls import path

from matching.demand import views

urlpatterns = [
    path("", views.overview, name="demands"),
    path("<int:pk>/", views.detail, name="demand"),
    path("<int:pk>/mitmachen/", views.join, name="demand_join"),
    path("<int:pk>/verlassen/", views.leave, name="demand_leave"),
]
