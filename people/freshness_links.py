"""Links by which people answer without logging in: signed, for one entry, one round of asking and one person."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.urls import reverse

from people.membership import absolute
from people.models import User
from projects.models import Freshness

SALT = "people.freshness"
# Three reminders within six weeks, and time to read the last one after a long holiday.
VALID_FOR = timedelta(days=90)
NOBODY = 0


@dataclass(frozen=True)
class Link:
    """What a link says: which page, which round of asking, and who was written to (None: the contact of the page)."""

    page_id: int
    round: int
    user_id: int | None


def link_for(freshness: Freshness, user: User | None) -> str:
    """The signed part of the address; it names no person in plain words."""
    return signing.dumps([freshness.page_id, freshness.round, user.pk if user else NOBODY], salt=SALT)


def read(text: str) -> Link | None:
    """What a signed part says; None if nobody here wrote it, or too long ago."""
    try:
        page_id, round_, user_id = signing.loads(text, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Link(page_id, round_, user_id or None)


def address(name: str, signed: str) -> str:
    """The whole address of `freshness_<name>` with the signed part."""
    return absolute(reverse(f"freshness_{name}", args=[signed]))
