"""An association or Kreis acts for its members: asked by its coordinator, granted by the member, ended by either."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page

from people.joining.requests import DecidedError
from people.mail.letters import write
from people.models import RepresentationRequest, RequestState, Team, User
from people.models.joining import AnswerableQuerySet
from people.rights import EDITOR_PAGE_PERMISSIONS, PUBLISH_PERMISSION, grant_files, grant_pages, is_staff
from people.teams import membership
from people.teams.teams import coordinators_of, is_coordinator
from people.teams.units import open_page, page_of, today
from projects.models import BodyKind, BodyPage, Municipality

BEGUN = "dsr.representation_begun"
ENDED = "dsr.representation_ended"


def members_of(body: BodyPage) -> QuerySet[Municipality]:
    """The municipalities of today that belong to the association or Kreis, by name; none for other bodies."""
    members: QuerySet[Municipality] = Municipality.objects.current().filter(is_unincorporated=False)
    if body.kind == BodyKind.ASSOCIATION:
        return members.filter(association=body.association)
    return members.filter(district=body.district) if body.kind == BodyKind.DISTRICT else members.none()


def can_be_asked_for(team: Team) -> QuerySet[Municipality]:
    """Members the team does not act for yet, and has not asked for."""
    represented = team.acts_for.exclude(municipality=None).values("municipality")
    asked = RepresentationRequest.objects.waiting().filter(team=team).order_by().values("municipality")
    return members_of(team.body).exclude(pk__in=represented).exclude(pk__in=asked)


@transaction.atomic
def ask(team: Team, municipality: Municipality, by: User, message: str = "") -> RepresentationRequest:
    """Ask those who decide for the member. Raises ValueError for a municipality that is none."""
    if not can_be_asked_for(team).filter(pk=municipality.pk).exists():
        raise ValueError("Not a member the team could act for.")
    request: RepresentationRequest = RepresentationRequest.objects.create(
        team=team, municipality=municipality, asked_by=by, message=message, waiting_since=timezone.now()
    )
    context = {"request": request, "url": membership.absolute(reverse("representation_request", args=[request.pk]))}
    write("representation_asked", membership.decider_addresses(page_of(municipality)), context)
    return request


def may_decide(user: User, request: RepresentationRequest) -> bool:
    """The member's coordinators decide, or the staff."""
    if is_staff(user):
        return True
    body = page_of(today(request.municipality))
    return body is not None and is_coordinator(user, body)


def waiting_for(user: User) -> AnswerableQuerySet:
    """The requests this person may decide, oldest first."""
    waiting = RepresentationRequest.objects.waiting().select_related("team__body", "municipality")
    if is_staff(user):
        return waiting
    teams = Team.objects.filter(coordinators=user, group__user=user)
    mine = Q(municipality__in=teams.exclude(body__municipality=None).values("body__municipality"))
    return waiting.filter(mine)


@transaction.atomic
def grant(request: RepresentationRequest, by: User) -> BodyPage:
    """Let the team edit the member's pages; its page is made if it is missing. Raises DecidedError."""
    if not request.decide(RequestState.GRANTED, by):
        raise DecidedError
    unit = today(request.municipality)
    body = page_of(unit) or open_page(unit, by)
    begin(request.team, body, by)
    write("representation_granted", _askers(request), {"request": request, "body": body, "url": _team_url(request)})
    return body


@transaction.atomic
def refuse(request: RepresentationRequest, by: User, reason: str) -> None:
    """Decline with a reason, which who asked gets. Raises DecidedError."""
    if not request.decide(RequestState.REFUSED, by, reason):
        raise DecidedError
    write("representation_refused", _askers(request), {"request": request, "reason": reason})


def begin(team: Team, body: BodyPage, by: User) -> None:
    """Pages and files of the body are open to the team; published directly only where the team may at home."""
    team.acts_for.add(body)
    names = (*EDITOR_PAGE_PERMISSIONS, PUBLISH_PERMISSION) if team.publishes_directly else EDITOR_PAGE_PERMISSIONS
    grant_pages(team.group, Page.objects.get(pk=body.pk), names)
    grant_files(team.group, body.team.collection)
    log(instance=body, action=BEGUN, user=by, data={"team": team.body.title})


def may_end(user: User, team: Team, body: BodyPage) -> bool:
    return is_staff(user) or is_coordinator(user, body) or is_coordinator(user, team.body)


def withdraw(team: Team, body: BodyPage) -> None:
    """Take the rights back, and say nothing to anybody."""
    team.acts_for.remove(body)
    GroupPagePermission.objects.filter(group=team.group, page_id=body.pk).delete()
    GroupCollectionPermission.objects.filter(group=team.group, collection=body.team.collection).delete()


@transaction.atomic
def end(team: Team, body: BodyPage, by: User) -> None:
    """Take the rights back, and tell both sides; what was written stays with the body."""
    withdraw(team, body)
    log(instance=body, action=ENDED, user=by, data={"team": team.body.title})
    people = [*coordinators_of(team.body), *coordinators_of(body)]
    write(
        "representation_ended",
        [person.email for person in people if person != by],
        {"actor": team.body, "body": body},
    )


def _askers(request: RepresentationRequest) -> list[str]:
    """Who asked, and the others who coordinate the team."""
    addresses = list(coordinators_of(request.team.body).values_list("email", flat=True))
    asked_by = request.asked_by
    return [*addresses, asked_by.email] if asked_by and asked_by.is_active else addresses


def _team_url(request: RepresentationRequest) -> str:
    return membership.absolute(reverse("team", args=[request.team.body_id]))


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(BEGUN, _("Begin to act for"), _("Another body acts for this one now"))
    actions.register_action(ENDED, _("End acting for"), _("Another body no longer acts for this one"))
