"""Addresses of check records: below /vorhaben/ for those who issue them, and one for whoever holds the paper."""

from django.urls import path

from matching.records import views

urlpatterns = [
    path("vorhaben/<int:pk>/pruefvermerk/", views.records, name="check_records"),
    path("vorhaben/<int:pk>/pruefvermerk.pdf", views.newest_pdf, name="newest_check_record_pdf"),
    path("vorhaben/<int:pk>/pruefvermerk/<int:number>/", views.record, name="check_record"),
    path("vorhaben/<int:pk>/pruefvermerk/<int:number>.pdf", views.record_pdf, name="check_record_pdf"),
    path("pruefvermerk/<slug:code>/", views.confirm, name="confirm_check_record"),
]
