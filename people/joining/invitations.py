"""Inviting colleagues by e-mail: the link proves that the address is theirs, and works until it is used or too old."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log

from people.links.signed import SignedLink
from people.mail.letters import write
from people.models import Invitation, Team, User
from people.teams import membership


class Token(NamedTuple):
    """Which invitation, and when it was sent last (seconds since 1970): sent again, the older link ends."""

    invitation_id: int
    sent: float


LINKS = SignedLink("people.invitation", "invitation", Token._make, valid_for=timedelta(days=settings.INVITATION_DAYS))
SESSION_KEY = "invitation"
INVITED = "dsr.colleague_invited"
WITHDRAWN = "dsr.invitation_withdrawn"


@dataclass
class Invited:
    """What became of a list of addresses."""

    sent: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)


def account_of(email: str) -> User | None:
    """The account this address belongs to for certain."""
    known = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    return known.user if known else None


@transaction.atomic
def invite(team: Team, addresses: Iterable[str], by: User, *, as_coordinator: bool = False) -> Invited:
    """Write to each address; one that was invited before gets a new link, one of a member none."""
    result = Invited()
    for address in sorted({address.lower() for address in addresses}):
        user = account_of(address)
        if user and user.groups.filter(pk=team.group_id).exists():
            result.members.append(address)
            continue
        invitation, is_new = Invitation.objects.get_or_create(
            team=team, email=address, defaults={"invited_by": by, "as_coordinator": as_coordinator}
        )
        if is_new:
            log(instance=team.body, action=INVITED, user=by)
            _write(invitation)
        else:
            invitation.as_coordinator = as_coordinator
            send_again(invitation, by)
        result.sent.append(address)
    return result


def welcome(team: Team, email: str, first_name: str, last_name: str, by: User, *, as_coordinator: bool) -> None:
    """Write to somebody without an account whose request was granted: the link lets them choose a password."""
    values = {
        "first_name": first_name,
        "last_name": last_name,
        "as_coordinator": as_coordinator,
        "invited_by": by,
        "sent_at": timezone.now(),
    }
    invitation, _is_new = Invitation.objects.update_or_create(team=team, email=email.lower(), defaults=values)
    _write(invitation, "access_granted")


def send_again(invitation: Invitation, by: User) -> None:
    """A new link; the one before stops working."""
    invitation.sent_at, invitation.invited_by = timezone.now(), by
    invitation.times_sent += 1
    invitation.save()
    _write(invitation)


@transaction.atomic
def withdraw(invitation: Invitation, by: User) -> None:
    log(instance=invitation.team.body, action=WITHDRAWN, user=by)
    invitation.delete()


def _write(invitation: Invitation, name: str = "invitation") -> None:
    context = {
        "invitation": invitation,
        "body": invitation.team.body,
        "has_account": account_of(invitation.email) is not None,
        "url": LINKS.url(token_for(invitation)),
    }
    write(name, [invitation.email], context)


def token_for(invitation: Invitation) -> Token:
    return Token(invitation.pk, invitation.sent_at.timestamp())


def invitation_of(signed: str) -> Invitation | None:
    """The invitation a link stands for; None once it was used, withdrawn, sent again, is too old or was made up."""
    token = LINKS.read(signed)
    if token is None:
        return None
    known = Invitation.objects.select_related("team__body", "team__group", "invited_by")
    found = known.filter(pk=token.invitation_id).first()
    return found if found and token_for(found) == token and not found.is_expired else None


@transaction.atomic
def accept(invitation: Invitation, user: User) -> None:
    """The person belongs to the team now, and whoever invited them is told."""
    membership.add(invitation.team, user, by=invitation.invited_by, as_coordinator=invitation.as_coordinator)
    inviter, team = invitation.invited_by, invitation.team
    if inviter and inviter.is_active and inviter != user:
        url = membership.absolute(reverse("team", args=[team.body_id]))
        write("invitation_accepted", [inviter.email], {"person": user, "body": team.body, "url": url})
    invitation.delete()


def accept_on_sign_up(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receiver of allauth's `user_signed_up`: the invitation that led here counts for the address it was sent to."""
    number = request.session.pop(SESSION_KEY, None)
    invitation = Invitation.objects.filter(pk=number, email__iexact=user.email).select_related("team__body").first()
    if invitation and not invitation.is_expired:
        accept(invitation, user)


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(INVITED, _("Invite"), _("Invited a colleague"))
    actions.register_action(WITHDRAWN, _("Withdraw invitation"), _("Withdrew an invitation"))
