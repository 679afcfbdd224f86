"""Capability URLs by which an adopter's people answer about reuse: for one reuse, one question and one person."""

from datetime import timedelta
from typing import NamedTuple

from people.links.signed import SignedLink
from people.models import User
from projects.models import Reuse


class Link(NamedTuple):
    """Which reuse, when it had been confirmed last when the letter was written (0: never), and who was written to."""

    reuse_id: int
    stamp: int
    user_id: int

    def is_open(self, reuse: Reuse) -> bool:
        """False once somebody has answered."""
        return stamp_of(reuse) == self.stamp and reuse.refused_at is None


# A claim is asked about twice, the yearly question three times within a month; and time after a long holiday.
LINKS = SignedLink("people.reuse", "reuse_answer", Link._make, valid_for=timedelta(days=90))


def stamp_of(reuse: Reuse) -> int:
    """Seconds since 1970; changes with each answer."""
    return int(reuse.confirmed_at.timestamp()) if reuse.confirmed_at else 0


def link_to(reuse: Reuse, user: User) -> Link:
    return Link(reuse.pk, stamp_of(reuse), user.pk)
