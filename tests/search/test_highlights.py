"""Excerpts are escaped text in which exactly the words that matched are marked."""

from search.analysis import part_tokens
from search.highlights import EXCERPT_LENGTH, excerpt, highlight


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
