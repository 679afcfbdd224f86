"""Who sends a request, for views that are not for everybody."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from people.models import User
from people.rights import is_staff


def person_of(request: HttpRequest) -> User:
    """Whoever is logged in. Raises PermissionDenied for a visitor."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def staff_of(request: HttpRequest) -> User:
    """Like `person_of`, for the centre's staff only."""
    person = person_of(request)
    if not is_staff(person):
        raise PermissionDenied
    return person
