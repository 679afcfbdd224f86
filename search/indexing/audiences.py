"""Whose search it is: visitors find what is public, members also what bodies plan."""

from django.http import HttpRequest

from pages.access import has_session
from people.teams.teams import is_member
from search.engines import Audience


def audience_of(request: HttpRequest) -> Audience:
    """A request without a session is a visitor's; no question is asked for it."""
    return "members" if has_session(request) and is_member(request.user) else "public"
