"""Who must have a second factor, who has one, and who used it: asked by the door, by log-in and by pages."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from people.models import User
from people.rights import is_staff
from people.teams.teams import coordinates_something, teams_of

# Recovery codes replace a factor that was lost; alone they are none.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
METHOD = "mfa"


def must_have(user: User | AnonymousUser) -> bool:
    """True for whoever may harm others with a stolen password: staff, administrators, coordinators and, by setting,
    editors.
    """
    if not isinstance(user, User):
        return False
    if is_staff(user) or coordinates_something(user):
        return True
    return bool(settings.SECOND_FACTOR_FOR_EDITORS) and teams_of(user).exists()


def has(user: User | AnonymousUser) -> bool:
    return bool(is_mfa_enabled(user, FACTORS))


def was_used(request: HttpRequest) -> bool:
    """True if this session began with a second factor, or set one up."""
    return any(record["method"] == METHOD for record in get_authentication_records(request, request.user))


def is_awaited(request: HttpRequest) -> bool:
    """True if the person is logged in, must have a second factor, and has not shown one in this session."""
    if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated or was_used(request):
        return False
    return must_have(request.user)


def note_new_factor(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Setting the first factor up proves that one has it; a further one proves nothing about the others.

    Receiver of `authenticator_added`.
    """
    others = Authenticator.objects.filter(user=user, type__in=FACTORS).exclude(pk=authenticator.pk)
    if authenticator.type in FACTORS and not others.exists():
        record_authentication(request, user, METHOD, id=authenticator.pk, type=authenticator.type)
        # This runs after the COMMIT; with PostgreSQL the session of the request has been stored by then.
        request.session.save()
