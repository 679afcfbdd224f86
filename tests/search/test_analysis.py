"""The analysis decides what is found: each rule of German that a visitor relies on has its words here."""

import pytest

from search.text import word_lists
from search.text.analysis import SEPARATOR, analyse_word, part_tokens, surface_words, text_tokens, words
from search.text.compounds import split_compound
from search.text.spelling import fold, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bäume", "Baeume"),
        ("Straße", "Strasse"),
        ("Wärme", "Warme"),
        ("Führerschein", "Fuehrerschein"),
        ("Gebühr", "GEBÜHR"),
        ("Bürger", "Bu\u0308rger"),
    ],
)
def test_spellings_of_a_word_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("word", ["Feuer", "Quelle", "Bauer"])
def test_ue_that_is_no_umlaut_stays(word: str) -> None:
    assert fold(word) == word.lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Urkunde", "Urkunden"),
        ("Baum", "Bäumen"),
        ("Genehmigung", "Genehmigungen"),
        ("kommunal", "kommunaler"),
        ("Stadt", "Städte"),
    ],
)
def test_inflected_forms_share_a_token(one: str, other: str) -> None:
    assert text_tokens(one) == text_tokens(other)


@pytest.mark.parametrize(("one", "other"), [("Bürger", "Burg"), ("Gemeinde", "gemein"), ("Staat", "Stadt")])
def test_protected_words_do_not_become_others(one: str, other: str) -> None:
    assert stem(fold(one)) != stem(fold(other))


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("Straßenlaternen", {"strasse", "laterne"}),
        ("Bewässerungssteuerung", {"bewasserung", "steuerung"}),
        ("Friedhofsverwaltung", {"friedhof", "verwaltung"}),
        ("Wohngeldantrag", {"wohngeld", "antrag"}),
        ("Kindergarten", {"kind", "garten"}),
    ],
)
def test_compounds_are_split_at_their_linking_elements(compound: str, parts: set[str]) -> None:
    assert parts <= set(split_compound(fold(compound)))


@pytest.mark.parametrize("word", ["Verwaltung", "Beteiligung", "Organisation", "Gesellschaft", "Bäume", "Wohnung"])
def test_simple_words_are_not_split(word: str) -> None:
    assert split_compound(fold(word)) == ()


def test_parts_contain_the_main_tokens_and_the_text_does_not_contain_parts() -> None:
    assert "laternenmast" in text_tokens("Laternenmast")
    assert text_tokens("Laternenmast") == ["laternenmast"]
    assert {"laternenmast", "latern", "mast"} <= set(part_tokens("Laternenmast"))


def test_hyphenated_words_are_found_by_their_components_and_joined() -> None:
    main, parts = analyse_word("E-Akte")
    assert main == ("e", "akt")
    assert set(analyse_word("eAkte")[0]) <= set(parts)


def test_stop_words_leave_no_token() -> None:
    assert text_tokens("Wie und wo kann ich das") == []


def test_words_know_where_they_stand() -> None:
    text = "Die Ampel am Markt"
    assert [text[word.start : word.end] for word in words(text)] == ["Ampel", "Markt"]


def test_separator_is_no_token_of_any_text() -> None:
    assert SEPARATOR not in text_tokens(f"Ampel {SEPARATOR} Markt")


def test_surface_words_are_written_as_people_write_them() -> None:
    found = surface_words("Das Hochwasser-Frühwarnsystem für Städte, 2024er Stand")
    assert {"Hochwasser-Frühwarnsystem", "Hochwasser", "Frühwarnsystem", "Städte", "Stand"} == set(found)


@pytest.mark.parametrize(
    "name", ["STOP_WORDS", "SHORT_PARTS", "OTHER_PARTS", "NO_PARTS", "PROTECTED", "UNSPLIT", "SILENT_PARTS", "MANNERS"]
)
def test_word_lists_are_written_in_folded_spelling(name: str) -> None:
    assert [word for word in getattr(word_lists, name) if fold(word) != word] == []


@pytest.mark.parametrize("written", ["§ 5", "§5", "§§ 5", "Paragraf 5", "§\u00a05"])
def test_a_section_is_told_from_other_figures(written: str) -> None:
    assert text_tokens(written) == ["§5"]
    assert "5" in part_tokens(written)
    assert text_tokens("5 Tage") == ["5", "tag"]


@pytest.mark.parametrize(
    ("spaced", "key"),
    [
        ("05 3 15 000", "05315000"),
        ("05 315 000", "05315000"),
        ("05 3 15 0000 000", "053150000000"),
        ("99 107 023 017 000", "99107023017000"),
    ],
)
def test_official_keys_are_one_word_with_or_without_spaces(spaced: str, key: str) -> None:
    assert text_tokens(f"Schlüssel {spaced} neu") == text_tokens(f"Schlüssel {key} neu")


def test_other_figures_stay_apart() -> None:
    assert text_tokens("2024 3 Tage, 12 Monate") == ["2024", "3", "tag", "12", "monat"]


@pytest.mark.parametrize("written", ["u. a.", "z.B.", "z. B.", "d.h.", "i. d. R.", "bzw."])
def test_abbreviations_that_say_nothing_leave_no_token(written: str) -> None:
    assert text_tokens(f"Ampel {written} Bank") == ["ampel", "bank"]


def test_abbreviations_are_the_same_with_dots_and_spaces() -> None:
    assert text_tokens("e. V.") == text_tokens("e.V.") == text_tokens("eV")


@pytest.mark.parametrize("written", ["Bürger*innen", "Bürger:innen", "Bürger_innen", "Bürger/-innen", "BürgerInnen"])
def test_all_forms_of_address_are_the_word(written: str) -> None:
    assert text_tokens(written) == part_tokens(written) == text_tokens("Bürger")


def test_a_capital_within_a_word_shows_its_two_words() -> None:
    assert {"opendata", "open", "data"} == set(part_tokens("OpenData"))
    assert {"eakt", "e", "akt"} == set(part_tokens("eAkte"))
    assert part_tokens("LoRaWAN") == ["lorawan"]


def test_english_plurals_meet_their_singular() -> None:
    assert text_tokens("Smart Cities") == text_tokens("Smart City")
    assert text_tokens("Paradies") == text_tokens("Paradiese")


def test_a_workshop_is_about_neither_work_nor_a_place() -> None:
    assert part_tokens("Werkstatt") == part_tokens("Werkstätten") == ["werkstatt"]
    assert "statt" not in part_tokens("Gaststätte")


@pytest.mark.parametrize("text", ["", "\x00", "🙂" * 300, "a" * 10_000, "-" * 500, "'\"()[]{}*?~^:\\/"])
def test_no_text_is_too_strange_to_be_analysed(text: str) -> None:
    assert isinstance(text_tokens(text), list)
    assert all(len(token) <= 80 for token in part_tokens(text))
