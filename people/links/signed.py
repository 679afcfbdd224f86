"""Signed links: capability URLs by which whoever was written to acts without logging in.

What a link stands for is in the link itself, signed with SECRET_KEY and a salt of its kind (`django.core.signing`);
nothing is stored. Letters that were sent keep working: a salt, and the shape of what is signed, never change.
The views behind such links are marked with `people.links.capability_urls.address_is_key`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Generic, TypeVar

from django.core import signing
from django.urls import reverse

from people.teams.membership import absolute

Value = TypeVar("Value")


@dataclass(frozen=True)
class SignedLink(Generic[Value]):
    """One kind of link.

    `salt` keeps the kinds apart; `view` is the name of the URL whose first argument is the signed value; `read_as`
    makes the value of what JSON kept of it, such as `int`, or `_make` of a NamedTuple. Without `valid_for` a link never
    ends.
    """

    salt: str
    view: str
    read_as: Callable[[Any], Value]
    valid_for: timedelta | None = None

    def sign(self, value: Value) -> str:
        """The signed part of the address; `value` names no person in plain words, as it can be read."""
        return signing.dumps(value, salt=self.salt)

    def read(self, signed: str) -> Value | None:
        """The value; None if this site did not sign it as a link of this kind, or too long ago."""
        try:
            return self.read_as(signing.loads(signed, salt=self.salt, max_age=self.valid_for))
        except (signing.BadSignature, ValueError, TypeError):
            return None

    def url(self, value: Value, view: str = "", *more: str) -> str:
        """The whole address, for letters; of another view than usual if one is named, with `more` arguments."""
        return absolute(reverse(view or self.view, args=[self.sign(value), *more]))
