"""/mitmachen/: how a stranger gets in. Nothing here tells who has an account."""

from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from pages.limits import EVERYBODY, allows, letter_box, refuse
from people.accounts.forms import INVITED_NAME_KEY
from people.admin_site.admin_access import may_enter
from people.joining import invitations
from people.joining import requests as joining
from people.joining.forms import AccessRequestForm, OtherBodyForm
from people.links.capability_urls import address_is_key
from people.models import RequestState, User
from people.rights import is_staff
from people.teams.teams import coordinators_of
from people.teams.units import Found, find, search, taking_part, unit_of

SUGGESTIONS = 8


def start(request: HttpRequest) -> HttpResponse:
    """What joining takes, in four steps; for people who are in already, the way to work."""
    return render(request, "people/joining/start.html", {"can_work": may_enter(request)})


def choose_body(request: HttpRequest) -> HttpResponse:
    """Search in the register, then choose; only staff read how many people a body has here."""
    context = search(request.GET)
    pages = taking_part(context["found"])
    context |= {
        "found": [(item, pages.get(item)) for item in context["found"]],
        "shows_people": is_staff(request.user),
        "suggest_url": reverse("suggest_bodies"),
    }
    return render(request, "people/joining/choose.html", context)


def suggest_bodies(request: HttpRequest) -> JsonResponse:
    """{"suggestions": [{"text", "kind", "url"}]} for what was typed so far."""
    found = find(request.GET.get("q", ""), SUGGESTIONS)
    return JsonResponse({"suggestions": [_suggestion(item) for item in found]})


def _suggestion(item: Found) -> dict[str, str]:
    url = reverse("ask_for_access", args=[item.level.slug, item.key])
    return {"text": item.name, "kind": item.place or str(item.level.label), "url": url}


@never_cache
def ask(request: HttpRequest, level: str, key: str) -> HttpResponse:
    """The form for a body of the register; one that is not there leads back to the choice."""
    found = unit_of(level, key)
    if found is None:
        return redirect("choose_body")
    _level, unit = found
    form = AccessRequestForm(request.POST or None, initial=_known(request))
    return _take(request, form, {"unit": unit, "item": Found(_level, unit)}, **{_level.reference: unit})


@never_cache
def ask_for_other(request: HttpRequest) -> HttpResponse:
    """The form for a body that stands in no register."""
    initial = {**_known(request), "body_name": request.GET.get("name", "")[:150]}
    return _take(request, OtherBodyForm(request.POST or None, initial=initial), {})


def _known(request: HttpRequest) -> dict[str, Any]:
    """What the platform knows of somebody who is logged in."""
    user = request.user
    if not isinstance(user, User):
        return {}
    return {"first_name": user.first_name, "last_name": user.last_name, "email": user.email}


def _take(request: HttpRequest, form: AccessRequestForm, context: dict[str, Any], **unit: Any) -> HttpResponse:
    """Show the form, or keep what it says and write to its address; typed text stays on an error."""
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        if _may_ask(request, form.cleaned_data["email"]):
            if not form.cleaned_data["website"]:
                wanted = form.save(commit=False)
                for field, value in unit.items():
                    setattr(wanted, field, value)
                joining.ask(wanted)
            return redirect("access_asked")
        refuse(form)
        status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "people/joining/ask.html", {**context, "form": form}, status=status)


def _may_ask(request: HttpRequest, email: str) -> bool:
    """Few letters to one box, by one connection, and to strangers in all."""
    return allows(request, ask_for_access=letter_box(email), letters_to_strangers=f"access {EVERYBODY}")


def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "people/joining/asked.html")


@address_is_key
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing, because mail scanners open links; the button does."""
    wanted = joining.request_of(token)
    if wanted is not None and request.method == "POST":
        joining.confirm(wanted)
        wanted.refresh_from_db()
    body = joining.page_for(wanted) if wanted else None
    context = {
        "wanted": wanted,
        "is_open": wanted is not None and wanted.status == RequestState.UNCONFIRMED,
        "has_coordinators": body is not None and coordinators_of(body).exists(),
    }
    return render(request, "people/joining/confirm.html", context, status=200 if wanted else 404)


@address_is_key
def accept_invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """New people choose a password; people with an account say yes; somebody else's session is told to log out."""
    invitation = invitations.invitation_of(token)
    if invitation is None:
        return render(request, "people/joining/invitation_ended.html", status=404)
    account = invitations.account_of(invitation.email)
    is_stranger = request.user.is_authenticated and request.user != account
    if request.method == "POST" and not is_stranger:
        if account:
            invitations.accept(invitation, account)
            return render(request, "people/joining/accepted.html", {"body": invitation.team.body})
        get_adapter().stash_verified_email(request, invitation.email)
        request.session[invitations.SESSION_KEY] = invitation.pk
        request.session[INVITED_NAME_KEY] = [invitation.first_name, invitation.last_name]
        return redirect("account_signup")
    context = {"invitation": invitation, "body": invitation.team.body, "account": account, "is_stranger": is_stranger}
    return render(request, "people/joining/invitation.html", context)
