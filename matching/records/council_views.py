"""The draft of a council paper about a project: choosing what is proposed, and the file."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from matching.alike.own_projects import own_project
from matching.records.council_odt import MIME_TYPE, odt
from matching.records.council_paper import Variant, file_name, left_open, paper_of, suggested
from matching.records.issuing import SearchAwayError
from people.admin_site.members_only import members_only


class VariantForm(forms.Form):
    """What the council is asked to decide."""

    variante = forms.ChoiceField(
        label=gettext_lazy("What is proposed to the council?"),
        choices=Variant.choices,
        widget=forms.RadioSelect(attrs={"class": "kern-form-check__radio"}),
    )


@members_only
@require_GET
def council_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The choice, with what the paper leaves open; nothing is stored."""
    project = own_project(request, pk)
    form = VariantForm(request.GET if "variante" in request.GET else None, initial={"variante": suggested(project)})
    context = {"project": project, "form": form, "left_open": left_open(project)}
    return render(request, "matching/council_paper.html", context)


@members_only
@require_GET
def council_paper_odt(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as a file; an unknown variant leads back to the choice."""
    project = own_project(request, pk)
    form = VariantForm(request.GET)
    if not form.is_valid():
        return render(
            request,
            "matching/council_paper.html",
            {"project": project, "form": form, "left_open": left_open(project)},
            status=400,
        )
    try:
        paper = paper_of(project, Variant(form.cleaned_data["variante"]))
    except SearchAwayError:
        messages.error(request, _("The search does not answer at the moment. Please try again in a few minutes."))
        return redirect("council_paper", project.pk)
    answer = HttpResponse(odt(paper), content_type=MIME_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(project, project.public_body)}"'
    return answer
