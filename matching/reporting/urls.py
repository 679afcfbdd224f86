"""Addresses of plans, below /vorhaben/."""

from django.urls import path

from matching.reporting import paper_views, views

urlpatterns = [
    path("", views.show_all, name="plans"),
    path("melden/", views.report, name="plan_report"),
    path("vorlage/", paper_views.describe, name="project_from_paper"),
    path("leistungen/", views.suggest_services, name="plan_services"),
    path("<int:pk>/", views.show, name="plan"),
    path("<int:pk>/bearbeiten/", views.edit, name="plan_edit"),
    path("<int:pk>/veroeffentlichen/", views.publish, name="plan_publish"),
    path("<int:pk>/zurueckziehen/", views.withdraw, name="plan_withdraw"),
    path("<int:pk>/zurueckholen/", views.restore, name="plan_restore"),
]
