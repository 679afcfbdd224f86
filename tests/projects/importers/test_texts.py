"""What others wrote is cleaned before it is stored."""

import pytest

from projects.importers.texts import cut_at_word, is_web_address, one_line, paragraphs


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("kurz", 10, "kurz"),
        ("zwei gute Wörter", 12, "zwei gute…"),
        ("zwei gute, Wörter", 12, "zwei gute…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("genau hier endet", 11, "genau hier…"),
    ],
)
def test_text_is_cut_after_a_word(text: str, limit: int, expected: str) -> None:
    assert cut_at_word(text, limit) == expected
    assert len(cut_at_word(text, limit)) <= limit


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("HTTPS://EXAMPLE.ORG", True),
        ("javascript:alert(1)", False),
        ("//example.org", False),
        ("ftp://example.org/a", False),
        ("data:text/html,x", False),
        ("https://user:pass@example.org", False),
        ("https://exa mple.org", False),
        ("https://example.org/" + "a" * 500, False),
        ("https://[::1", False),
    ],
)
def test_only_web_addresses_pass(address: str, is_allowed: bool) -> None:
    assert is_web_address(address, 500) is is_allowed


def test_unprintable_characters_vanish() -> None:
    assert one_line("a\x00b\n\u202ec\ud800  d") == "ab c d"
    assert paragraphs("") == paragraphs("\n \n") == ""
