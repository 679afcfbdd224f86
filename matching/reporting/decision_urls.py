"""Addresses of the panel and of the questions, below /vorhaben/."""

from django.urls import path

from matching.alike.decision_views import decide
from matching.reporting.panel_views import similar

urlpatterns = [
    path("aehnliche/", similar, name="similar_panel"),
    path("<int:pk>/entscheiden/", decide, name="decide"),
]
