"""The short form, filled from a council paper: what it says stands in the fields with its place, to be confirmed.

read ── each value into its field if that is empty ─┬─ confirm, or change it, then report the plan
                                                    ├─ leave out: the field is empty again
                                                    └─ take over instead of what was typed
"""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from matching.plans.drafts import draft_of
from matching.plans.forms import PlanForm
from matching.plans.lifecycle import PlanValues
from matching.reporting.offers import offers_for_plan
from matching.reporting.paper_forms import (
    COSTS,
    DECISION,
    OFFICE,
    PROBLEM,
    READ,
    TITLE,
    PaperForm,
    Quoted,
    Shown,
    confirmation,
    quoted_in,
    quoted_of,
    signed,
)
from people.models import User

# Names of the buttons.
TAKE, LEAVE = "vorlage_uebernehmen", "vorlage_weglassen"
# Fields that a paper fills. What it is about is recognised in them afterwards, as in everything that is typed.
FILLED = (TITLE, PROBLEM, DECISION)
# What the short form does not ask for, but a paper says: taken along only if that is ticked.
FURTHER = (COSTS, OFFICE)


class QuotedPlanForm(PlanForm):
    """The short form with what was read from a paper beside its fields."""

    quoted = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        for name, quotation in self.quotations.items():
            label = _("Take it along with the plan") if name in FURTHER else _("This is right")
            self.fields[f"confirmed_{name}"] = confirmation(quotation, label)

    @cached_property
    def quotations(self) -> dict[str, Quoted]:
        return quoted_in(self["quoted"].value())

    @property
    def further(self) -> list[Shown]:
        """What the form has no field for."""
        return [shown for name in FURTHER if (shown := self.shown.get(name))]

    @cached_property
    def shown(self) -> dict[str, Shown]:
        return {
            name: Shown(quotation, self._is_taken(quotation), self[f"confirmed_{name}"])
            for name, quotation in self.quotations.items()
        }

    def _is_taken(self, quotation: Quoted) -> bool:
        """True while the field holds what the paper says."""
        if quotation.name not in FILLED:
            return False
        value = self[quotation.name].value()
        return " ".join(str(value or "").split()) == " ".join(quotation.value.split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, shown in self.shown.items():
            if shown.is_taken and not cleaned.get(f"confirmed_{name}") and not self.has_error(name):
                self.add_error(name, _("This comes from the paper. Confirm it, change it, or leave it out."))
        return cleaned

    def values(self) -> PlanValues:
        """With costs and office, if they were ticked."""
        further: dict[str, Any] = {}
        for name in FURTHER:
            if self.cleaned_data.get(f"confirmed_{name}") and (quotation := self.quotations.get(name)):
                further |= _further(quotation)
        return replace(super().values(), further=further)


def _further(quotation: Quoted) -> dict[str, Any]:
    if quotation.name == OFFICE:
        return {"contact_role": quotation.value}
    return dict(zip(("cost_from", "cost_to"), quotation.costs, strict=True))


# --- what the buttons do ----------------------------------------------------------------------------------------------


def is_about_paper(request: HttpRequest) -> bool:
    """True if a button was pressed that reads a paper or changes what is taken from it."""
    return request.method == "POST" and any(name in request.POST for name in (READ, TAKE, LEAVE))


def answer(request: HttpRequest, user: User) -> dict[str, Any]:
    """The short form as it stands now, for its template: what was typed is kept, and nothing is checked yet."""
    typed = {name: request.POST.get(name, "") for name in QuotedPlanForm.base_fields}
    paper_form = PaperForm()
    is_read = False
    if READ in request.POST:
        paper_form = PaperForm(request.POST, request.FILES)
        if is_read := paper_form.is_valid():
            _fill(typed, list(quoted_of(paper_form.paper)))
            paper_form = PaperForm()
    else:
        _choose(typed, take=request.POST.get(TAKE, ""), leave=request.POST.get(LEAVE, ""))
    # Not of the form with quotations: to that one, what nobody has confirmed yet does not count.
    found = offers_for_plan(draft_of(PlanForm(user, typed))) if is_read else []
    return {
        "form": _unchecked(request, user, typed),
        "paper_form": paper_form,
        "is_read": is_read,
        "offers": found,
        "is_asked": is_read,
    }


def _fill(typed: dict[str, str], quotations: list[Quoted]) -> None:
    """Puts what a paper says where nothing was typed."""
    typed["quoted"] = signed(quotations)
    for quotation in quotations:
        if quotation.name in FILLED and not typed[quotation.name].strip() and not quotation.is_past:
            typed[quotation.name] = quotation.value


def _choose(typed: dict[str, str], *, take: str, leave: str) -> None:
    """Puts a quotation into its field, or takes one out of it and away."""
    quotations = quoted_in(typed["quoted"])
    if take in quotations:
        typed[take] = quotations[take].value
    elif left_out := quotations.pop(leave, None):
        typed["quoted"] = signed(quotations.values())
        if typed.get(leave, "").split() == left_out.value.split():
            typed[leave] = ""


def _unchecked(request: HttpRequest, user: User, typed: dict[str, str]) -> QuotedPlanForm:
    """The form with these values and without errors; what was ticked stays ticked."""
    ticked = {name: True for name in request.POST if name.startswith("confirmed_")}
    return QuotedPlanForm(user, initial=typed | ticked)
