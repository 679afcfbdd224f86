"""No input causes an error page."""

import random

import pytest
from django.test import Client

from search.engines import Engine
from search.indexing.outbox import drain
from tests.factories import ProjectPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

PARAMETERS = ("q", "typ", "tag", "land", "sort", "seite", "unbekannt")

STRANGE = [
    '"', "''", "(((", ")", "[", "*", "~", "^", "\\", "/", ":", "+-", "AND OR NOT", 'a "b', '"a b" c"', "\x00",
    "\x1b[31m", "a\u0000b", "\ud7ff", "\u202e", "🙂", "ß" * 10_000, "%00", "..", "' OR 1=1 --", "{{ 7*7 }}",
    "{% debug %}", "a" * 10_000, "-" * 3_000, "„Ampel“", "»x«", "\u2028", "\uffff", "𝔘𝔫𝔦", "İ", "ﬀ", "\n\r\t",
]  # fmt: skip


def test_no_input_breaks_the_search(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Ampel", summary=" ".join(STRANGE).replace("\x00", "")[:300])
    drain()
    for text in STRANGE:
        assert client.get("/suche/", {name: [text, text] for name in PARAMETERS}).status_code == 200
        assert client.get("/suche/", {"q": text}).status_code == 200
        assert client.get("/suche/vorschlaege/", {"q": text}).status_code == 200


def test_no_random_bytes_break_the_search(engine: Engine, client: Client) -> None:
    ProjectPageFactory(title="Ampel")
    drain()
    dice = random.Random(4)
    for _round in range(25):
        raw = bytes(dice.randrange(256) for _byte in range(dice.randrange(1, 60)))
        escaped = "".join(f"%{byte:02x}" for byte in raw)
        assert client.get(f"/suche/?q={escaped}").status_code == 200
        assert client.get(f"/suche/?phase={escaped}&seite={escaped}&tag={escaped}").status_code == 200
        assert client.get(f"/suche/vorschlaege/?q={escaped}").status_code == 200
