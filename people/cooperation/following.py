"""Who may know of what follows from a plan, and whom letters have told of it."""

from collections.abc import Iterable
from typing import Any

from django.db.models.functions import Lower

from people.models import User
from people.teams.teams import is_member
from projects.models import Partnership, Reuse, ToldTo

RANKS = {ToldTo.NOBODY: 0, ToldTo.MEMBERS: 1, ToldTo.EVERYBODY: 2}


def audience_of(row: Partnership | Reuse) -> ToldTo:
    """Who may know of it now; everybody of what was said for itself."""
    rows: Any = type(row)._default_manager.filter(pk=row.pk)
    if rows.readable().exists():
        return ToldTo.EVERYBODY
    return ToldTo.MEMBERS if rows.readable_by_members().exists() else ToldTo.NOBODY


def those_who_may_know(row: Partnership | Reuse, addresses: Iterable[str]) -> list[str]:
    """Those of the addresses that may be written to about it now: members' own while only they read the plan."""
    audience, asked = audience_of(row), list(addresses)
    if audience == ToldTo.MEMBERS:
        return [address for address in asked if address.lower() in _members_among(asked)]
    return asked if audience == ToldTo.EVERYBODY else []


def newly_told(row: Partnership | Reuse, addresses: Iterable[str]) -> list[str]:
    """Those who may know of it since now; noted with the row, so that nobody is told twice. Within a transaction."""
    audience, before, asked = audience_of(row), ToldTo(row.told_to), list(addresses)
    if RANKS[audience] <= RANKS[before]:
        return []
    told = _members_among(asked) if before == ToldTo.MEMBERS else set()
    row.told_to = audience
    row.save(update_fields=["told_to"])
    return [address for address in those_who_may_know(row, asked) if address.lower() not in told]


def _members_among(addresses: Iterable[str]) -> set[str]:
    """The addresses of members, in lower case."""
    asked = {address.lower() for address in addresses}
    people = User.objects.annotate(lower_email=Lower("email")).filter(lower_email__in=asked)
    return {person.email.lower() for person in people if is_member(person)}
