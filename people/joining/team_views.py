"""The coordinators' room in the admin: who belongs to a body, who wants to, for whom it acts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pages.limits import allows, letter_box, refuse
from people.current import person_of
from people.joining import invitations, representation
from people.joining import requests as joining
from people.joining.forms import InvitationForm, RepresentationForm
from people.mail.letters import counted, say
from people.models import Invitation, Team, User
from people.rights import is_staff
from people.teams import membership
from people.teams.teams import coordinators_of, is_coordinator, people_of
from projects.models import BodyPage

TEAMS_ON_A_PAGE = 50
NAME_MAX_LENGTH = 100


def team_for(request: HttpRequest, number: int) -> Team:
    """The team of that body, for its coordinators and the staff. Raises PermissionDenied, Http404."""
    team = get_object_or_404(Team.objects.select_related("body", "group", "collection"), body_id=number)
    if not is_staff(person_of(request)) and not is_coordinator(person_of(request), team.body):
        raise PermissionDenied
    return team


def teams(request: HttpRequest) -> HttpResponse:
    """What has to be decided, and the teams one looks after: one's own, or all for the staff."""
    user = person_of(request)
    mine = Team.objects.filter(coordinators=user, group__user=user)
    if is_staff(user):
        mine = Team.objects.all()
    elif not mine.exists():
        raise PermissionDenied
    name = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:NAME_MAX_LENGTH]
    if name:
        mine = mine.filter(body__title__icontains=name)
    if is_without := "ohne" in request.GET:
        mine = mine.filter(coordinators=None)
    people = Count("group__user", filter=Q(group__user__is_active=True), distinct=True)
    counted = mine.select_related("body").annotate(
        people=people, coordinator_count=Count("coordinators", distinct=True)
    )
    context = {
        "access_requests": joining.waiting_for(user),
        "representation_requests": representation.waiting_for(user),
        "page_obj": Paginator(counted.order_by("body__title", "pk"), TEAMS_ON_A_PAGE).get_page(request.GET.get("p")),
        "is_staff": is_staff(user),
        "name": name,
        "is_without": is_without,
    }
    return render(request, "people/team/teams.html", context)


def team(request: HttpRequest, pk: int) -> HttpResponse:
    """One body's people, requests and invitations; the form invites."""
    team = team_for(request, pk)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _may_invite(request, *form.cleaned_data["addresses"]):
            refuse(form, "addresses")
        else:
            _invite(request, team, form)
            return redirect("team", pk)
    return render(request, "people/team/team.html", {**_team_context(request, team), "form": form})


def _may_invite(request: HttpRequest, *addresses: str) -> bool:
    """Few letters by one person, and to one box; whoever is not asked again has the letters that came."""
    return all(allows(request, invite=letter_box(address)) for address in addresses)


def _invite(request: HttpRequest, team: Team, form: InvitationForm) -> None:
    values = form.cleaned_data
    result = invitations.invite(team, values["addresses"], person_of(request), as_coordinator=values["as_coordinator"])
    if count := len(result.sent):
        text = ngettext("%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count)
        messages.success(request, text % {"count": count})
    if result.members:
        addresses = ", ".join(result.members)
        messages.warning(request, _("Belong to the team already: %(addresses)s") % {"addresses": addresses})


def _team_context(request: HttpRequest, team: Team) -> dict[str, Any]:
    coordinators = set(coordinators_of(team.body).values_list("pk", flat=True))
    joined = membership.joined_at(team)
    people = [
        {"user": user, "is_coordinator": user.pk in coordinators, "since": joined.get(user.pk)}
        for user in people_of(team.body)
    ]
    return {
        "team": team,
        "body": team.body,
        "people": people,
        "invitations": team.invitations.select_related("invited_by"),
        "access_requests": [r for r in joining.waiting_for(person_of(request)) if joining.page_for(r) == team.body],
        "acts_for": team.acts_for.order_by("title"),
        "represented_by": team.body.represented_by.select_related("body").order_by("body__title"),
        "asked_for": team.representation_requests.waiting().select_related("municipality"),
        "can_ask": representation.can_be_asked_for(team).exists(),
        "is_staff": is_staff(person_of(request)),
    }


@require_POST
def invitation(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Send an invitation again, or withdraw it."""
    team = team_for(request, pk)
    if not Invitation.objects.filter(pk=number).exists():
        messages.warning(request, _("This invitation is no longer open: it was accepted or withdrawn."))
        return redirect("team", pk)
    found = get_object_or_404(Invitation, pk=number, team=team)
    if "withdraw" in request.POST:
        invitations.withdraw(found, person_of(request))
        messages.success(request, _("The invitation of %(address)s no longer works.") % {"address": found.email})
    elif not _may_invite(request, found.email):
        messages.error(request, _("This was not sent: so many have come today. Send it again tomorrow."))
    else:
        invitations.send_again(found, person_of(request))
        messages.success(request, _("%(address)s gets a new link; the old one no longer works.") % {"address": found})
    return redirect("team", pk)


def member(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One person of the team: what a coordinator can change, and what follows from it."""
    team = team_for(request, pk)
    person = people_of(team.body).filter(pk=number).first()
    if person is None:
        messages.warning(request, _("This person does not belong to the team."))
        return redirect("team", pk)
    context = {"team": team, "body": team.body, "person": person, "is_me": person == request.user}
    context["is_coordinator"] = is_coordinator(person, team.body)
    if request.method != "POST":
        return render(request, "people/team/member.html", context)
    try:
        text = _change(request, team, person)
    except membership.LastCoordinatorError:
        messages.error(
            request,
            _("Somebody has to coordinate the body. Appoint a colleague first, or ask the centre's staff."),
        )
        return render(request, "people/team/member.html", context)
    messages.success(request, text % {"person": person})
    still_there = is_staff(person_of(request)) or is_coordinator(person_of(request), team.body)
    return redirect("team", pk) if still_there else redirect("wagtailadmin_home")


def _change(request: HttpRequest, team: Team, person: User) -> str:
    """Do what the button says; returns the message. Raises PermissionDenied, LastCoordinatorError."""
    if "appoint" in request.POST:
        membership.appoint(team, person, by=person_of(request))
        return _("%(person)s is coordinator now.")
    if "step_down" in request.POST:
        membership.step_down(team, person, by=person_of(request))
        return _("%(person)s is no longer coordinator.")
    if "remove" in request.POST:
        membership.remove(team, person, by=person_of(request))
        return _("%(person)s no longer belongs to the team.")
    raise PermissionDenied


def ask_to_represent(request: HttpRequest, pk: int) -> HttpResponse:
    """An association or Kreis asks to act for one of its members."""
    team = team_for(request, pk)
    form = RepresentationForm(representation.can_be_asked_for(team), request.POST or None)
    if request.method == "POST" and form.is_valid():
        municipality = form.cleaned_data["municipality"]
        with counted() as letters:
            representation.ask(team, municipality, person_of(request), form.cleaned_data["message"])
        done = _("Your request for %(name)s is noted.") % {"name": municipality.name}
        say(request, done, _("Those who decide get an e-mail."), if_written=letters.went())
        return redirect("team", pk)
    return render(request, "people/team/ask_to_represent.html", {"team": team, "body": team.body, "form": form})


def end_representation(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Ask, then end that the team of body `pk` acts for body `number`; either side may."""
    team = get_object_or_404(Team.objects.select_related("body", "group"), body_id=pk)
    represented: BodyPage = get_object_or_404(BodyPage, pk=number)
    if not representation.may_end(person_of(request), team, represented):
        raise PermissionDenied
    names = {"actor": team.body.title, "body": represented.title}
    if not team.acts_for.filter(pk=represented.pk).exists():
        messages.warning(request, _("%(actor)s does not act for %(body)s.") % names)
        return redirect("teams")
    if request.method == "POST":
        representation.end(team, represented, person_of(request))
        messages.success(request, _("%(actor)s no longer acts for %(body)s.") % names)
        return redirect("teams")
    return render(request, "people/team/end_representation.html", {"team": team, "represented": represented})
