"""Excerpts are escaped text in which exactly the words that matched are marked."""

import pytest

from search.results.highlights import EXCERPT_LENGTH, excerpt, highlight
from search.text.analysis import part_tokens, text_tokens, words


def test_a_compound_is_marked_when_a_part_matched() -> None:
    assert highlight("Neue Laternenmasten", part_tokens("Laterne")) == "Neue <mark>Laternenmasten</mark>"


def test_markup_is_escaped_inside_and_outside_of_marks() -> None:
    assert highlight("<b>Ampel</b> & <i>", {"b", "ampel"}) == (
        "&lt;<mark>b</mark>&gt;<mark>Ampel</mark>&lt;/<mark>b</mark>&gt; &amp; &lt;i&gt;"
    )


def test_without_words_nothing_is_marked() -> None:
    assert excerpt("Eine Ampel", ()) == "Eine Ampel"


def test_the_excerpt_shows_where_most_words_stand_together() -> None:
    text = f"Ampel {'Füllwort ' * 60} hier stehen Ampel und Brücke {'Füllwort ' * 60}"
    found = excerpt(text, part_tokens("Ampel Brücke"))
    assert "<mark>Ampel</mark> und <mark>Brücke</mark>" in found
    assert found.startswith("… ")
    assert found.endswith(" …")


def test_a_long_text_is_cut_at_a_word() -> None:
    found = excerpt("Verwaltung " * 100, ())
    assert len(found) <= EXCERPT_LENGTH + 2
    assert found.removesuffix(" …").split()[-1] == "Verwaltung"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Nach <mark>§ 5</mark> gilt", "§ 5"),
        ("Nach <mark>Paragraf 5a</mark> gilt, nach § 5 nicht", "§ 5a"),
        ("Der Schlüssel <mark>05 3 15 000</mark> ist der von 2025", "05315000"),
        ("Förderverein Bad <mark>e. V.</mark> der Stadt", "eV"),
        ("In 2024 12 <mark>Ampeln</mark> z. B. am Ring", "Ampel"),
    ],
)
def test_words_that_go_over_a_space_are_marked_as_a_whole(text: str, query: str) -> None:
    plain = text.replace("<mark>", "").replace("</mark>", "")
    assert highlight(plain, text_tokens(query)) == text


def test_a_text_is_marked_as_the_analysis_finds_its_words() -> None:
    text = "Die OpenData-Plattform (§ 5) nutzt 3 LoRaWAN-Sensoren, u. a. für Bürger*innen 05 3 15 000 e.V. 12 34 a. b"
    every = part_tokens(text)
    assert highlight(text, every).count("<mark>") == len(list(words(text)))


def test_decomposed_umlauts_are_marked_as_a_whole() -> None:
    assert highlight("Bru\u0308cke", part_tokens("Brücke")) == "<mark>Brücke</mark>"


def test_a_text_without_spaces_does_not_break_the_excerpt() -> None:
    assert len(excerpt("x" * 5_000, {"x"})) <= EXCERPT_LENGTH + 40


def test_words_that_begin_as_asked_are_marked() -> None:
    text = "Bürgerinnen, Bürger und der Online-Bürgerdienst; der Burgherr und das Neubürgerfest"
    assert highlight(text, {"burger*"}) == (
        "<mark>Bürgerinnen</mark>, <mark>Bürger</mark> und der <mark>Online-Bürgerdienst</mark>; "
        "der Burgherr und das Neubürgerfest"
    )
