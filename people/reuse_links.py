"""Links by which an adopter's people answer without logging in: signed, for one reuse, one question and one person."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.urls import reverse

from people.membership import absolute
from people.models import User
from projects.models import Reuse

SALT = "people.reuse"
# A claim is asked about twice, the yearly question three times within a month; and time after a long holiday.
VALID_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Link:
    """Which reuse, when it had been confirmed last when the letter was written (0: never), and who was written to."""

    reuse_id: int
    stamp: int
    user_id: int

    def is_open(self, reuse: Reuse) -> bool:
        """False once somebody has answered."""
        return stamp_of(reuse) == self.stamp and reuse.refused_at is None


def stamp_of(reuse: Reuse) -> int:
    """Changes with each answer."""
    return int(reuse.confirmed_at.timestamp()) if reuse.confirmed_at else 0


def sign(reuse: Reuse, user: User) -> str:
    """The signed part of the address; it names no person in plain words."""
    return signing.dumps([reuse.pk, stamp_of(reuse), user.pk], salt=SALT)


def read(text: str) -> Link | None:
    """What a signed part says; None if nobody here wrote it, or too long ago."""
    try:
        reuse_id, stamp, user_id = signing.loads(text, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Link(reuse_id, stamp, user_id)


def address(reuse: Reuse, user: User) -> str:
    """The whole address of the answer page."""
    return absolute(reverse("reuse_answer", args=[sign(reuse, user)]))
