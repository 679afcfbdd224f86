"""One request, with everything that helps to decide, and the two answers to it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from people import too_late
from people.current import person_of
from people.joining import invitations, representation
from people.joining import requests as joining
from people.joining.forms import GrantForm, RefusalForm
from people.mail.letters import counted, say
from people.models import AccessRequest, RepresentationRequest, RequestState
from people.rights import is_staff
from people.teams.teams import coordinators_of
from people.teams.units import page_of, today


def access_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person in, or refuse with a reason."""
    wanted = get_object_or_404(AccessRequest.objects.exclude(status=RequestState.UNCONFIRMED), pk=pk)
    if not joining.may_decide(person_of(request), wanted):
        raise PermissionDenied
    body = joining.page_for(wanted)
    initial = {"as_coordinator": joining.should_coordinate(wanted)}
    is_granting = "grant" in request.POST
    grant_form = GrantForm(request.POST if is_granting else None, initial=initial, needs_body=wanted.unit is None)
    context = {
        "wanted": wanted,
        "body": body,
        "grant_form": grant_form,
        "has_account": invitations.account_of(wanted.email) is not None,
        "coordinators": coordinators_of(body) if body else (),
        "is_staff": is_staff(person_of(request)),
        "name": wanted.person_name,
    }

    def grant() -> None:
        values = grant_form.cleaned_data if is_staff(person_of(request)) else {}
        joining.grant(
            wanted,
            person_of(request),
            as_coordinator=bool(values.get("as_coordinator")),
            body=values.get("body") or None,
        )

    def refuse(reason: str) -> None:
        joining.refuse(wanted, person_of(request), reason)

    return _answer(request, "people/team/access_request.html", context, grant_form, grant, refuse)


def representation_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an association or Kreis act for its member, or refuse with a reason."""
    wanted = get_object_or_404(RepresentationRequest.objects.select_related("team__body", "municipality"), pk=pk)
    if not representation.may_decide(person_of(request), wanted):
        raise PermissionDenied
    context = {
        "wanted": wanted,
        "body": page_of(today(wanted.municipality)),
        "is_staff": is_staff(person_of(request)),
        "name": wanted.team.body.title,
    }

    def grant() -> None:
        representation.grant(wanted, person_of(request))

    def refuse(reason: str) -> None:
        representation.refuse(wanted, person_of(request), reason)

    form = forms.Form(request.POST if "grant" in request.POST else None)
    return _answer(request, "people/team/representation_request.html", context, form, grant, refuse)


def _answer(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    grant_form: forms.Form,
    grant: Callable[[], None],
    refuse: Callable[[str], None],
) -> HttpResponse:
    """Show the request, or carry out the answer; one that came too late is told so."""
    refusal = RefusalForm(request.POST if "refuse" in request.POST else None)
    name = {"name": context["name"]}
    try:
        with counted() as letters:
            if grant_form.is_bound and grant_form.is_valid():
                grant()
                done, told = _("The request was granted."), _("%(name)s gets an e-mail.")
            elif refusal.is_bound and refusal.is_valid():
                refuse(refusal.cleaned_data["reason"])
                done, told = _("The request was refused."), _("%(name)s gets an e-mail with your reason.")
            else:
                return render(request, template, {**context, "refusal_form": refusal})
    except joining.DecidedError:
        wanted = context["wanted"]
        decided = (wanted.get_status_display(), wanted.decided_by, wanted.decided_at)
        too_late.tell(request, str(context["name"]), *decided, form=refusal)
    else:
        say(request, done, told % name, if_written=letters.went())
    return redirect("teams")
