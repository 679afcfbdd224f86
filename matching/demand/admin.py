"""/admin/bedarf/: what was looked for in vain, and the demands staff open because of it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail.admin.widgets import AdminPageChooser

from matching.demand import demands
from matching.models import Demand, SearchMiss
from pages.keys import key_in
from people import too_late
from people.current import staff_of
from projects.models import ProjectPage

# More than staff go through in one go; the rest comes up when these are dealt with.
MISSES_SHOWN = 100


class DemandForm(forms.ModelForm):
    class Meta:
        model = Demand
        fields = ("title", "description", "query")
        widgets = {"description": forms.Textarea(attrs={"rows": 5})}


class ClosingForm(forms.Form):
    """With what a demand ends."""

    answer: Any = forms.ModelChoiceField(
        ProjectPage.objects.none(),
        label=gettext_lazy("Project that answers it"),
        required=False,
        widget=AdminPageChooser(target_models=[ProjectPage]),
        help_text=gettext_lazy("Those who need it are told."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Why it ends, or what the project leaves open. Everybody reads it."),
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Everybody is led to it.
        self.fields["answer"].queryset = ProjectPage.objects.readable()  # type: ignore[attr-defined]


@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Searches without a hit that enough visitors made, and all demands."""
    staff_of(request)
    misses = SearchMiss.objects.to_look_at()
    found = Demand.objects.with_supporters()
    context = {
        "misses": misses[:MISSES_SHOWN],
        "open": found.filter(closed_at=None),
        "closed": found.exclude(closed_at=None)[:MISSES_SHOWN],
        "threshold": settings.DEMAND_THRESHOLD,
    }
    return render(request, "matching/admin/demands.html", context)


@never_cache
def open_demand(request: HttpRequest) -> HttpResponseBase:
    """A new demand; `suche` names the search without a hit it is opened for."""
    user = staff_of(request)
    number = key_in(request.GET.get("suche", ""))
    miss = SearchMiss.objects.to_look_at().filter(pk=number).first() if number else None
    # As a title, not as it was typed into a box.
    initial = {"title": miss.text.capitalize(), "query": miss.text} if miss else {}
    form = DemandForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        demand = demands.open_for(form.save(commit=False), miss, user)
        messages.success(request, _("“%(title)s” is open. Municipalities can join.") % {"title": demand.title})
        return redirect("demand_admin")
    return render(request, "matching/admin/demand_form.html", {"form": form, "miss": miss})


@never_cache
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change what a demand says."""
    staff_of(request)
    demand = get_object_or_404(Demand, pk=pk)
    form = DemandForm(request.POST or None, instance=demand)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("“%(title)s” is saved.") % {"title": demand.title})
        return redirect("demand_admin")
    return render(request, "matching/admin/demand_form.html", {"form": form, "demand": demand})


@never_cache
def close(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End a demand, or open it again."""
    staff_of(request)
    demand = get_object_or_404(Demand.objects.with_supporters(), pk=pk)
    if request.method == "POST" and "reopen" in request.POST:
        demands.reopen(demand)
        messages.success(request, _("“%(title)s” is open again.") % {"title": demand.title})
        return redirect("demand_admin")
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            demands.close(demand, form.cleaned_data["answer"], form.cleaned_data["note"])
            messages.success(request, _("“%(title)s” is closed.") % {"title": demand.title})
        except demands.ClosedError:
            demand.refresh_from_db()
            too_late.tell(request, demand.title, _("The demand is closed"), when=demand.closed_at, form=form)
        return redirect("demand_admin")
    return render(request, "matching/admin/demand_close.html", {"form": form, "demand": demand})


@never_cache
@require_POST
def hide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Nothing comes of this search; it is not shown again."""
    staff_of(request)
    SearchMiss.objects.filter(pk=pk).update(hidden_at=timezone.now())
    messages.success(request, _("The search is not shown any more."))
    return redirect("demand_admin")
