"""Capability URLs to say whether an entry is up to date: for one entry, one round of asking and one person."""

from datetime import timedelta
from typing import NamedTuple

from people.links.signed import SignedLink
from people.models import User
from projects.models import Freshness

NOBODY = 0


class Link(NamedTuple):
    """Which page, which round of asking, and who was written to (NOBODY: the contact of the page)."""

    page_id: int
    round: int
    user_id: int


# Three reminders within six weeks, and time to read the last one after a long holiday.
LINKS = SignedLink("people.freshness", "freshness_overview", Link._make, valid_for=timedelta(days=90))


def link_to(freshness: Freshness, user: User | None) -> Link:
    return Link(freshness.page_id, freshness.round, user.pk if user else NOBODY)
