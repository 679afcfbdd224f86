"""Queries are plain data: what a text becomes is compared with what it should."""

from search.engines.queries import (
    PART_WEIGHT,
    SYNONYM_WEIGHT,
    Clause,
    Group,
    Role,
    beginning_clause,
    group_of,
    phrase_of,
    title_clauses,
    usual_minimum,
)
from search.text.analysis import SEPARATOR, Word, words
from search.text.synonyms import SynonymTable


def word(text: str) -> Word:
    (found,) = words(text)
    return found


def test_a_word_is_looked_for_itself_and_in_its_parts() -> None:
    assert group_of(word("Laternenmast")) == Group(
        (
            Clause("text", ("laternenmast",), 1.0),
            Clause("parts", ("laternenmast",), PART_WEIGHT),
            Clause("parts", ("latern",), PART_WEIGHT),
            Clause("parts", ("mast",), PART_WEIGHT),
        )
    )


def test_quoted_words_stand_side_by_side() -> None:
    assert phrase_of(words("digitaler Zwilling")) == Clause("text", ("digital", "zwilling"), 1.0, is_phrase=True)


def test_quoted_stop_words_ask_for_nothing() -> None:
    assert phrase_of(words("und oder")) is None


def test_one_or_two_words_all_have_to_match_and_half_of_more() -> None:
    assert [usual_minimum(count) for count in range(7)] == [0, 1, 2, 2, 2, 3, 3]


def test_synonyms_work_in_both_directions() -> None:
    table = SynonymTable.from_rows([["Kita", "Kindertagesstätte"]])
    assert table.readings([word("Kita")]) == [(("kindertagesstatt",),)]
    assert table.readings([word("Kindertagesstätte")]) == [(("kita",),)]


def test_expressions_of_several_words_are_recognised() -> None:
    table = SynonymTable.from_rows([["IoT", "Internet der Dinge"]])
    assert table.readings(list(words("Internet der Dinge"))) == [(("iot",),), (("iot",),)]
    assert table.readings([word("IoT")]) == [(("internet", "ding"),)]


def test_a_part_of_a_compound_brings_its_synonyms() -> None:
    table = SynonymTable.from_rows([["PV", "Photovoltaik"]])
    assert table.readings([word("PV-Anlage")]) == table.readings([word("PV")]) != [()]


def test_synonyms_weigh_less_than_the_word() -> None:
    assert SYNONYM_WEIGHT < 1


def test_a_title_is_recognised_between_its_separators() -> None:
    whole, beginning = title_clauses(("offen", "dat"))
    assert whole.tokens == (SEPARATOR, "offen", "dat", SEPARATOR)
    assert beginning.tokens == (SEPARATOR, "offen", "dat")
    assert whole.is_phrase
    assert beginning.is_phrase


def test_the_role_of_a_clause_makes_it_no_other_clause() -> None:
    assert Clause("text", ("ampel",), role=Role.GUESS) == Clause("text", ("ampel",))


def test_figures_are_begun_among_the_tokens_and_words_in_the_vocabulary() -> None:
    assert beginning_clause("05315").field == "parts"
    assert beginning_clause("burger").field == "vocabulary"
