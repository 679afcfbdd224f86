"""The form by which anyone reports a barrier; reports wait for the staff in the admin."""

from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knowledge.models import BarrierReport
from pages.limits import EVERYBODY, allows, refuse


class BarrierReportForm(forms.ModelForm[BarrierReport]):
    """Only the description is needed; an answer needs an address."""

    # A field no person sees: what fills it is a machine.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = BarrierReport
        fields = ("address", "description", "name", "email")


def report_barrier(request: HttpRequest) -> HttpResponse:
    """Store a report and thank; on an error everything typed stays."""
    form = BarrierReportForm(request.POST or None, initial={"address": request.GET.get("seite", "")[:500]})
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        if allows(request, barrier_report=EVERYBODY):
            if not form.cleaned_data["website"]:
                form.save()
            # Without a session: the address says whether there is somebody to answer.
            query = "?antwort=ja" if form.cleaned_data["email"] else ""
            return redirect(f"{reverse('barrier_reported')}{query}")
        refuse(form)
        status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "knowledge/barrier_report.html", {"form": form}, status=status)


def barrier_reported(request: HttpRequest) -> HttpResponse:
    return render(request, "knowledge/barrier_report_done.html", {"gets_answer": "antwort" in request.GET})
