"""Links of letters: what is signed is read again, and letters that were sent keep working."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from matching.alerts import links as alerts_links
from people.cooperation import contact
from people.freshness import links as freshness_links
from people.joining import invitations
from people.joining import requests as joining
from people.links.signed import SignedLink
from people.reuse import links as reuse_links

SENT = datetime(2026, 1, 1, tzinfo=UTC)
# What letters of SENT hold, written down when each kind of link was signed by code of its own.
OLD: list[tuple[SignedLink[Any], str, Any]] = [
    (freshness_links.LINKS, "WzExLDIsMF0:1vb66i:Gh1x64ZPIQUg4ctC5Sf6kymhDHfr3NNATJjXXFEe7Ao", (11, 2, 0)),
    (
        reuse_links.LINKS,
        "WzEyLDE3MDAwMDAwMDAsNV0:1vb66i:EDBLsbmWje2lehHHa-Muvcj3ummq8NP_Ehaf9c4qXL8",
        (12, 1_700_000_000, 5),
    ),
    (alerts_links.LINKS, "WzUsInN1Y2hlIiw3XQ:1vb66i:P602guvSb-6ULmyBSMpGsccxyK0xazQccj3pqMc0ZKM", (5, "suche", 7)),
    (contact.ANSWERED, "MTM:1vb66i:Y1TX670pZ3n2tHMC3RhKNyClekMov6Pi-KVl8LGnTnk", 13),
    (joining.CONFIRMATION, "MTQ:1vb66i:ZHUDXraTmQGy0YYbKMknudQHYgdXO8EyfRMP4Sf5XLI", 14),
    (
        invitations.LINKS,
        "WzE1LDE3NjcyMjUwMDAuMjVd:1vb66i:CfqaTqWgO8avHSRYgxEzpoKd8qwvznajIp_h8N52kXw",
        (15, 1_767_225_000.25),
    ),
]
VALID_FOR = {
    "people.freshness": timedelta(days=90),
    "people.reuse": timedelta(days=90),
    "people.contact": timedelta(days=183),
    "people.access_request": timedelta(hours=48),
    "people.invitation": timedelta(days=14),
    "matching.alerts": None,
}


class Pair(NamedTuple):
    number: int
    word: str


LINK = SignedLink("tests.pair", "contact_answered", Pair._make, valid_for=timedelta(days=2))


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.signing.time.time", moment.timestamp)


@pytest.mark.parametrize(("link", "signed", "value"), OLD, ids=[link.salt for link, *_ in OLD])
def test_letters_that_were_sent_keep_working(
    link: SignedLink[Any], signed: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(SENT, monkeypatch)
    assert link.read(signed) == value
    assert link.sign(link.read(signed)) == signed


@pytest.mark.parametrize(("link", "signed"), [row[:2] for row in OLD], ids=[link.salt for link, *_ in OLD])
def test_link_ends_with_its_time(link: SignedLink[Any], signed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    valid_for = VALID_FOR[link.salt]
    at(SENT + (valid_for or timedelta(days=3650)), monkeypatch)
    assert link.read(signed)
    if valid_for:
        at(SENT + valid_for + timedelta(seconds=1), monkeypatch)
        assert link.read(signed) is None


def test_what_was_signed_is_read_as_the_same_value() -> None:
    assert LINK.read(LINK.sign(Pair(3, "Straße"))) == Pair(3, "Straße")


@pytest.mark.parametrize("changed", ["", "x", ":", "::", "WzFd:1vb66i:x"])
def test_what_nobody_here_signed_is_no_link(changed: str) -> None:
    assert LINK.read(changed) is None


def test_link_of_one_kind_is_none_of_another() -> None:
    other = SignedLink("tests.other", "contact_answered", Pair._make)
    assert LINK.read(other.sign(Pair(1, "a"))) is None


@pytest.mark.parametrize("value", [1, [1], [1, "a", 2], None])
def test_signed_value_of_another_shape_is_no_link(value: Any) -> None:
    assert LINK.read(SignedLink("tests.pair", "contact_answered", Pair._make).sign(value)) is None


def test_address_is_whole_and_may_be_of_another_view(settings: Any) -> None:
    settings.BASE_URL = "https://plattform.example/"
    assert LINK.url(Pair(1, "a")) == f"https://plattform.example/projekte/frage/{LINK.sign(Pair(1, 'a'))}/"
    other = LINK.url(Pair(1, "a"), "freshness_answer", "stimmt")
    assert other == f"https://plattform.example/aktuell/{LINK.sign(Pair(1, 'a'))}/stimmt/"
