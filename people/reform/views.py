"""The staff's way through a municipal reform: choose the successor, see what will happen, confirm."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.widgets import AdminSnippetChooser

from pages.days import DayField
from people import too_late
from people.current import staff_of
from people.reform.succession import LOG_ACTION, EndedError, carry_out, plan
from projects.models import Municipality

MUNICIPALITIES = "wagtailsnippets_projects_municipality:list"


class ReformForm(forms.Form):
    """Who takes over, and which day was the last."""

    successor = forms.ModelChoiceField(
        Municipality.objects.current(),
        label=_("Successor"),
        widget=AdminSnippetChooser(Municipality),
        help_text=_("If several take over parts, choose the one that goes on with the projects."),
    )
    ended_on = DayField(label=_("Last day of the old municipality"), widget=AdminDateInput)

    def __init__(self, municipality: Municipality, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.municipality = municipality

    def clean_ended_on(self) -> Any:
        day = self.cleaned_data["ended_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The reform has not happened yet."))
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if successor := values.get("successor"):
            try:
                self.plan = plan(self.municipality, successor)
            except ValueError as error:
                raise ValidationError({"successor": _("A municipality cannot be its own successor.")}) from error
        return values


def reform(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask who succeeds the municipality, show what follows, and carry it out when that was confirmed."""
    staff = staff_of(request)
    municipality = get_object_or_404(Municipality, pk=pk)
    if municipality.valid_to:
        return _tell_too_late(request, municipality)
    form = ReformForm(municipality, request.POST or None)
    context = {"municipality": municipality, "form": form, "cancel_url": reverse(MUNICIPALITIES)}
    if request.method == "POST" and form.is_valid():
        if "confirm" in request.POST:
            try:
                carry_out(form.plan, form.cleaned_data["ended_on"], staff)
            except EndedError:
                return _tell_too_late(request, municipality)
            names = {"name": municipality.name, "successor": form.plan.successor.name}
            messages.success(request, _("%(name)s has been succeeded by %(successor)s.") % names)
            return redirect(MUNICIPALITIES)
        context["plan"] = form.plan
    return render(request, "people/admin/reform.html", context)


def _tell_too_late(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    too_late.tell_from_history(request, municipality.name, municipality, LOG_ACTION, "wagtail.edit")
    return redirect(MUNICIPALITIES)


def register_reform(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(LOG_ACTION, _("Municipal reform"), _("Handed over to the successor in a municipal reform"))
