"""From a stranger's request to a seat in a team: the address is confirmed first, then somebody decides.

Who decides: the coordinators of the body, and the staff; the first person of a body becomes its coordinator.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log

from people.joining.invitations import account_of, welcome
from people.links.signed import SignedLink
from people.mail.letters import write
from people.models import AccessRequest, RepresentationRequest, RequestState, Team, User
from people.models.joining import AnswerableQuerySet
from people.rights import is_staff
from people.teams import membership
from people.teams.teams import coordinators_of, is_coordinator
from people.teams.units import open_page, page_of, today
from projects.models import BodyPage
from projects.models.body import REGISTER_FIELDS

CONFIRMATION = SignedLink(
    "people.access_request", "confirm_access_request", int, valid_for=timedelta(hours=settings.CONFIRMATION_HOURS)
)
GRANTED = "dsr.access_granted"
REFUSED = "dsr.access_refused"


class DecidedError(Exception):
    """Somebody else has decided in the meantime."""


def ask(request: AccessRequest) -> None:
    """Keep a request and write to its address; nobody else sees it before the link there was opened.

    The letter says nothing the stranger wrote: it may go to somebody who never asked.
    """
    request.status, request.email = RequestState.UNCONFIRMED, request.email.lower()
    request.save()
    context = {
        "unit": request.unit,
        "hours": settings.CONFIRMATION_HOURS,
        "url": CONFIRMATION.url(request.pk),
    }
    write("access_confirm", [request.email], context)


def request_of(token: str) -> AccessRequest | None:
    """The request a link stands for, confirmed or not; None for a link that is too old or was made up."""
    number = CONFIRMATION.read(token)
    return AccessRequest.objects.filter(pk=number).first() if number else None


def page_for(request: AccessRequest) -> BodyPage | None:
    """The page of the body asked for; of its successor, if a reform ended it."""
    return page_of(today(request.unit)) if request.unit else None


@transaction.atomic
def confirm(request: AccessRequest) -> bool:
    """The address is right: tell those who decide. False if it was confirmed before.

    An older request of the same person for the same body gives way to this one.
    """
    now = timezone.now()
    mine = AccessRequest.objects.filter(pk=request.pk, status=RequestState.UNCONFIRMED)
    if not mine.update(status=RequestState.WAITING, waiting_since=now):
        return False
    request.refresh_from_db()
    same = {f"{field}_id": getattr(request, f"{field}_id") for field in REGISTER_FIELDS}
    older = AccessRequest.objects.waiting().filter(email=request.email, body_name__iexact=request.body_name, **same)
    older.exclude(pk=request.pk).delete()
    context = {"request": request, "url": membership.absolute(reverse("access_request", args=[request.pk]))}
    write("access_waiting", membership.decider_addresses(page_for(request)), context)
    return True


def may_decide(user: User, request: AccessRequest) -> bool:
    if is_staff(user):
        return True
    body = page_for(request)
    return body is not None and is_coordinator(user, body)


def waiting_for(user: User) -> AnswerableQuerySet:
    """The requests for access this person may decide, oldest first."""
    waiting = AccessRequest.objects.waiting().select_related("seat_state")
    if is_staff(user):
        return waiting
    mine = Q(pk__in=())
    for team in Team.objects.filter(coordinators=user, group__user=user).select_related("body"):
        field = next((name for name in REGISTER_FIELDS if getattr(team.body, f"{name}_id")), None)
        if field:
            number = getattr(team.body, f"{field}_id")
            # One step of a reform; longer chains are found by the staff.
            mine |= Q(**{f"{field}_id": number}) | Q(**{f"{field}__successor_id": number})
    return waiting.filter(mine)


@transaction.atomic
def grant(request: AccessRequest, by: User, *, as_coordinator: bool, body: BodyPage | None = None) -> BodyPage:
    """Let the person in; the body's page is made and published if it is missing. Raises DecidedError.

    `body` says whom a request means that stands in no register. Only staff make somebody a coordinator this way.
    """
    if not request.decide(RequestState.GRANTED, by):
        raise DecidedError
    unit = today(request.unit) if request.unit else None
    body = body or open_page(unit, by, request.body_name, request.seat_state)
    team = Team.objects.select_related("body", "group").get(body=body)
    as_coordinator = as_coordinator and is_staff(by)
    log(instance=body, action=GRANTED, user=by)
    if account := account_of(request.email):
        membership.add(team, account, by=by, as_coordinator=as_coordinator)
        context = {"body": body, "is_coordinator": as_coordinator, "has_account": True}
        write("access_granted", [request.email], {**context, "url": membership.absolute(reverse("account_login"))})
    else:
        welcome(team, request.email, request.first_name, request.last_name, by, as_coordinator=as_coordinator)
    return body


@transaction.atomic
def refuse(request: AccessRequest, by: User, reason: str) -> None:
    """Decline with a reason, which the person gets. Raises DecidedError."""
    if not request.decide(RequestState.REFUSED, by, reason):
        raise DecidedError
    if body := page_for(request):
        log(instance=body, action=REFUSED, user=by)
    write("access_refused", [request.email], {"request": request, "reason": reason})


def should_coordinate(request: AccessRequest) -> bool:
    """True for the first person of a body: nobody speaks for it, and nobody was invited to."""
    body = page_for(request)
    if body is None:
        return True
    invited = body.team.invitations.filter(as_coordinator=True).exists()
    return not invited and not coordinators_of(body).exists()


def remind() -> int:
    """Tell the staff, once, of each request nobody has decided in time; returns how many there were."""
    limit = timezone.now() - timedelta(days=settings.JOINING_REMINDER_DAYS)
    late: list[Any] = []
    for model in (AccessRequest, RepresentationRequest):
        late.extend(model.objects.waiting().filter(waiting_since__lt=limit, reminded_at=None))
    if not late:
        return 0
    with transaction.atomic():
        context = {"requests": [str(request) for request in late], "days": settings.JOINING_REMINDER_DAYS}
        write("requests_late", membership.staff_addresses(), {**context, "url": membership.absolute(reverse("teams"))})
        for request in late:
            request.reminded_at = timezone.now()
            request.save(update_fields=["reminded_at"])
    return len(late)


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(GRANTED, _("Grant access"), _("Granted a request for access"))
    actions.register_action(REFUSED, _("Refuse access"), _("Refused a request for access"))
