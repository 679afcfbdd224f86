"""Issuing, reading and confirming a Prüfvermerk. Its readers are those who may edit the project, and the centre."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from matching.alike.own_projects import own_project
from matching.models import CheckRecord, OverlapDecision
from matching.records import issuing
from matching.records.catalogues import LookupForm
from matching.records.pdf import pdf
from matching.records.sheet import sheet
from people.admin_site.members_only import members_only
from people.current import person_of
from people.links.capability_urls import address_is_key
from projects.models import ProjectPage

# Sent by the button that saves what was found elsewhere.
LOOKED = "anderswo"
CHECKBOX = {"class": "kern-form-check__checkbox"}


class RecordForm(forms.Form):
    """What goes into the record besides what everybody may read."""

    with_plans = forms.BooleanField(
        label=gettext_lazy("Name plans of others that only members may read so far"),
        help_text=gettext_lazy("Only if those bodies agree: the record is filed where others read it."),
        required=False,
        widget=forms.CheckboxInput(attrs=CHECKBOX),
    )
    with_remarks = forms.BooleanField(
        label=gettext_lazy("Put our internal remarks into it as well"),
        required=False,
        widget=forms.CheckboxInput(attrs=CHECKBOX),
    )

    def __init__(self, project: ProjectPage, *args: Any) -> None:
        super().__init__(*args)
        if not OverlapDecision.objects.filter(project=project.pk).exclude(remark="").exists():
            del self.fields["with_remarks"]


@members_only
def records(request: HttpRequest, pk: int) -> HttpResponse:
    """The records of a project, newest first; a POST keeps what was found elsewhere, and issues another one."""
    project = own_project(request, pk)
    is_lookup = LOOKED in request.POST
    looks = LookupForm(project, request.POST if is_lookup or LookupForm.is_in(request.POST) else None)
    form = RecordForm(project, request.POST if request.method == "POST" else None)
    is_kept = looks.is_valid()
    if is_kept:
        looks.save()
    if is_lookup and is_kept:
        messages.success(request, _("Saved. The next check record says so."))
        return redirect("check_records", project.pk)
    if request.method == "POST" and not looks.errors and form.is_valid():
        try:
            issued = issuing.issue(project, person_of(request), **form.cleaned_data)
        except issuing.SearchAwayError:
            messages.error(request, _("The search does not answer at the moment. Please try again in a few minutes."))
        except issuing.TooManyError:
            messages.error(request, _("So many records have been issued today. Please try again tomorrow."))
        else:
            return redirect("check_record", project.pk, issued.pk)
        return redirect("check_records", project.pk)
    issued_before = project.check_records.select_related("issued_by")
    context = {"project": project, "records": issued_before, "form": form, "looks": looks, "looked": LOOKED}
    return render(request, "matching/records.html", context)


@members_only
@require_GET
def record(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One record as a page."""
    found = _record(request, pk, number)
    context = {"project": found.project, "record": found, "sheet": sheet(found)}
    return render(request, "matching/record.html", context)


@members_only
@require_GET
def record_pdf(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One record as a PDF file."""
    return _file(_record(request, pk, number))


@members_only
@require_GET
def newest_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of the newest record; 404 while there is none."""
    newest = own_project(request, pk).check_records.select_related("issued_by").first()
    if newest is None:
        raise Http404
    return _file(newest)


@address_is_key
@require_GET
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """For whoever holds the paper: that it was issued here, when, by which body, and its checksum."""
    found = get_object_or_404(CheckRecord, code=code)
    return render(request, "matching/record_confirmed.html", {"record": found, "project": found.content["project"]})


def _record(request: HttpRequest, pk: int, number: int) -> CheckRecord:
    project = own_project(request, pk)
    return get_object_or_404(project.check_records.select_related("issued_by"), id=number)


def _file(found: CheckRecord) -> HttpResponse:
    answer = HttpResponse(pdf(found), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="Pruefvermerk-{found.number}.pdf"'
    return answer
