"""/bedarf/: what is needed and nobody offers yet, and who needs it. The names of those are for members."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from matching.demand import demands
from matching.models import Demand
from matching.telling import hears_of_watched
from pages.access import is_in
from people import too_late
from people.admin_site.members_only import members_only
from people.current import person_of
from people.models import User
from people.teams.teams import bodies_of
from projects.models import BodyPage, ProjectPage

ON_A_PAGE = 20


class BodyForm(forms.Form):
    """For which of one's bodies; asked only of people who have several."""

    body: Any = forms.ModelChoiceField(BodyPage.objects.none(), label=gettext_lazy("For which body?"), empty_label=None)

    def __init__(self, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.fields["body"].queryset = bodies_of(user)  # type: ignore[attr-defined]


def overview(request: HttpRequest) -> HttpResponse:
    """Open demands first, newest first."""
    found = (
        Demand.objects.with_supporters()
        .with_answers()
        .order_by(F("closed_at").asc(nulls_first=True), "-opened_at", "-pk")
    )
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("seite"))
    return render(request, "matching/demand_list.html", {"page_obj": page})


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One demand; members see who needs it, and join."""
    demand = get_object_or_404(Demand.objects.with_supporters().with_answers(), pk=pk)
    answer = ProjectPage.objects.readable().filter(pk=demand.answer_id).first() if demand.answer_id else None
    context: dict[str, Any] = {"demand": demand, "answer": answer, "is_member": False}
    if is_in(request) and isinstance(request.user, User):
        context |= _for_member(demand, request.user)
    answered = render(request, "matching/demand.html", context)
    if context["is_member"]:
        answered.headers["Cache-Control"] = "private, no-store"
    return answered


def _for_member(demand: Demand, user: User) -> dict[str, Any]:
    mine = list(bodies_of(user))
    numbers = {body.pk for body in mine}
    supports = list(demand.supports.select_related("body"))
    joined = [support.body for support in supports if support.body_id in numbers]
    free = [body for body in mine if body not in joined]
    return {"is_member": True, "supports": supports, "joined": joined, "free": free}


@members_only
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of one's bodies needs the same."""
    demand = get_object_or_404(Demand, pk=pk)
    if not demand.is_open:
        # Its page says what became of it.
        too_late.tell(request, demand.title, _("The demand is closed"), when=demand.closed_at)
    elif body := _body(request):
        demands.join(demand, body, person_of(request))
        told = _("%(body)s needs this as well. You hear of projects that fit.")
        quiet = _("%(body)s needs this as well. You have switched off e-mails about projects that fit.")
        messages.success(request, (told if hears_of_watched(person_of(request)) else quiet) % {"body": body})
    return redirect("demand", demand.pk)


@members_only
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The body does not need it any more."""
    demand = get_object_or_404(Demand, pk=pk)
    if body := _body(request):
        demands.leave(demand, body)
        messages.success(request, _("%(body)s is no longer named with this demand.") % {"body": body})
    return redirect("demand", demand.pk)


def _body(request: HttpRequest) -> BodyPage | None:
    """Which of the person's bodies is meant; tells if none is."""
    form = BodyForm(person_of(request), request.POST)
    if form.is_valid():
        body: BodyPage = form.cleaned_data["body"]
        return body
    messages.error(request, _("Choose one of your bodies."))
    return None
