"""What any engine answers; both are tried."""

from dataclasses import replace

import pytest

from search.engines import Engine
from search.engines.queries import Boost, Clause, Query, Sort, beginning_clause, phrase_of
from search.text.analysis import words
from tests.search.examples import document, put, query, titles

pytestmark = pytest.mark.both_engines


def test_a_title_counts_more_than_a_text(engine: Engine) -> None:
    put(engine, document(1, "Bericht", content="Ampel"), document(2, "Ampel", content="Bericht"))
    assert titles(engine, query("Ampel")) == ["Ampel", "Bericht"]


def test_a_compound_is_found_by_its_part_after_the_word_itself(engine: Engine) -> None:
    put(engine, document(1, "Laternenmast"), document(2, "Laternen"))
    assert titles(engine, query("Laterne")) == ["Laternen", "Laternenmast"]


def test_members_documents_are_hidden_from_the_public(engine: Engine) -> None:
    put(engine, document(1, "Ampel"), document(2, "Ampel geheim", audience="members"))
    assert titles(engine, query("Ampel")) == ["Ampel"]
    assert sorted(titles(engine, query("Ampel"), "members")) == ["Ampel", "Ampel geheim"]
    assert (engine.count(audience="public"), engine.count(audience="members")) == (1, 2)
    assert engine.words("geheim", audience="public", limit=5) == []
    assert engine.nearest_words("gehiem", audience="public", distance=2, limit=5) == []
    assert engine.known({"geheim"}, audience="public") == frozenset()
    assert len(list(engine.digests(audience="public"))) == 1


def test_a_word_that_was_not_there_is_known_once_it_was_written(engine: Engine) -> None:
    put(engine, document(1, "Brücke"))
    assert engine.known({"ampel"}, audience="public") == frozenset()
    put(engine, document(2, "Ampel"))
    assert engine.known({"ampel"}, audience="public") == {"ampel"}


def test_factors_change_no_count(engine: Engine) -> None:
    put(engine, document(1, "Ampel", facets={"phase": ("P1",)}), document(2, "Brücke", facets={"phase": ("P2",)}))
    asked = replace(query("Ampel"), filters={"phase": ("P2",)}, facets={"phase": 10})
    favoured = replace(asked, boosts=(Boost("in_use", 5.0, "phase", ("P2",)),))
    for each in (asked, favoured):
        result = engine.search(each, audience="public")
        assert (result.total, result.before_filters, result.facets) == (0, 1, {"phase": {"P1": 1}})


def test_facet_counts_ignore_the_choice_of_their_own_facet(engine: Engine) -> None:
    put(
        engine,
        document(1, "Eins", facets={"phase": ("P1",), "land": ("03",)}),
        document(2, "Zwei", facets={"phase": ("P2",), "land": ("03",)}),
        document(3, "Drei", facets={"phase": ("P2",), "land": ("05",)}),
    )
    asked = Query(filters={"phase": ("P1",)}, facets={"phase": 10, "land": 10})
    result = engine.search(asked, audience="public")
    assert result.total == 1
    assert result.facets == {"phase": {"P1": 1, "P2": 2}, "land": {"03": 1}}


def test_values_of_a_facet_are_alternatives_and_facets_add_up(engine: Engine) -> None:
    put(
        engine,
        document(1, "Eins", facets={"phase": ("P1",), "tag": ("a", "b")}),
        document(2, "Zwei", facets={"phase": ("P2",), "tag": ("b",)}),
        document(3, "Drei", facets={"phase": ("P3",), "tag": ("b",)}),
    )
    both = Query(filters={"phase": ("P1", "P2")}, sort=Sort.TITLE)
    assert titles(engine, both) == ["Eins", "Zwei"]
    assert titles(engine, replace(both, filters={"phase": ("P1", "P2"), "tag": ("a",)})) == ["Eins"]


def test_sorting_by_title_follows_the_alphabet_of_people(engine: Engine) -> None:
    put(engine, document(1, "Zebra"), document(2, "Ämter"), document(3, "bauen"))
    assert titles(engine, Query(sort=Sort.TITLE)) == ["Ämter", "bauen", "Zebra"]
    assert titles(engine, Query(sort=Sort.NEWEST)) == ["bauen", "Ämter", "Zebra"]


def test_pages_of_hits_do_not_overlap(engine: Engine) -> None:
    put(engine, *(document(number, f"Ampel {number}") for number in range(1, 8)))
    pages = [titles(engine, query("Ampel", offset=offset, limit=3)) for offset in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({title for page in pages for title in page}) == 7


def test_quoted_words_have_to_stand_together(engine: Engine) -> None:
    put(engine, document(1, "Zwilling", content="digitaler Zwilling"), document(2, "Zwilling", content="ist digital"))
    phrase = phrase_of(words("digitaler Zwilling"))
    assert phrase is not None
    assert len(titles(engine, query("Zwilling", required=(phrase,)))) == 1


def test_the_end_of_a_title_and_its_repetition_form_no_phrase(engine: Engine) -> None:
    put(engine, document(1, "Zwilling digital"))
    phrase = phrase_of(words("digital Zwilling"))
    assert phrase is not None
    assert titles(engine, Query(required=(phrase,))) == []


def test_the_page_a_text_comes_from_can_be_left_out(engine: Engine) -> None:
    put(engine, document(1, "Ampel"), document(2, "Ampel"))
    assert [hit.page_id for hit in engine.search(query("Ampel", without_page=1), audience="public").hits] == [2]


def test_words_are_completed_whatever_way_umlauts_are_typed(engine: Engine) -> None:
    put(engine, document(1, "Bürgerbeteiligung"))
    for typed in ("bürgerb", "burgerb"):
        assert engine.words(typed.replace("ü", "u"), audience="public", limit=5) == ["Bürgerbeteiligung"]


def test_the_nearest_word_comes_first(engine: Engine) -> None:
    put(engine, document(1, "Hochwasser Hochwassers"))
    assert engine.nearest_words("hochwaser", audience="public", distance=2, limit=1) == ["Hochwasser"]


def test_excluded_words_take_documents_away(engine: Engine) -> None:
    put(engine, document(1, "Ampel"), document(2, "Ampel", content="mit Kamera"))
    found = engine.search(query("Ampel", excluded=(Clause("parts", ("kamera",)),)), audience="public")
    assert [hit.page_id for hit in found.hits] == [1]


def test_an_excluded_phrase_takes_away_what_contains_it_side_by_side(engine: Engine) -> None:
    put(engine, document(1, "Ampel", content="digitaler Zwilling"), document(2, "Ampel", content="Zwilling, digital"))
    phrase = phrase_of(words("digitaler Zwilling"))
    assert phrase is not None
    found = engine.search(query("Ampel", excluded=(phrase,)), audience="public")
    assert [hit.page_id for hit in found.hits] == [2]


def test_the_beginning_of_a_word_finds_all_words_that_begin_so(engine: Engine) -> None:
    put(engine, document(1, "Bürgerbüro"), document(2, "Bürgerhaus"), document(3, "Rathaus"))
    assert sorted(titles(engine, Query(required=(beginning_clause("burger"),)))) == ["Bürgerbüro", "Bürgerhaus"]


def test_the_beginning_of_a_figure_finds_keys_that_begin_so(engine: Engine) -> None:
    put(engine, document(1, "Köln", extra="05315000"), document(2, "Bonn", extra="05314000"))
    assert titles(engine, Query(required=(beginning_clause("05315"),))) == ["Köln"]


def test_signs_in_a_beginning_mean_nothing(engine: Engine) -> None:
    put(engine, document(1, "Ampel"))
    for beginning in (".", "a.*", "[", "(", "\\", '"', "<1-9>", "~"):
        assert titles(engine, Query(required=(Clause("vocabulary", (beginning,), is_prefix=True),))) == []
        assert engine.words(beginning, audience="public", limit=5) == []


def test_boosts_change_the_order_and_not_what_is_found(engine: Engine) -> None:
    put(
        engine,
        document(1, "Ampel", facets={"ort": ("05315000",)}),
        document(2, "Ampel", newest=50),
        document(3, "Ampel", facets={"ort": ("05",)}),
        document(4, "Bank", facets={"ort": ("05315000",)}),
    )
    boosts = (
        Boost("place", 1.0, field="ort", values=("05315000", "09")),
        Boost("state", 0.5, field="ort", values=("05",)),
        Boost("fresh", 0.1, since=40),
    )
    plain = engine.search(query("Ampel"), audience="public")
    found = engine.search(query("Ampel", boosts=boosts), audience="public")
    assert [hit.page_id for hit in found.hits] == [1, 3, 2]
    added = [hit.score - plain.hits[0].score for hit in found.hits]
    assert added == pytest.approx([1.0, 0.5, 0.1], abs=1e-4)


def test_scores_are_the_same_whichever_engine_answers(engine: Engine) -> None:
    put(engine, document(1, "Ampel"), document(2, "Bank"))
    (hit,) = engine.search(query("Ampel"), audience="public").hits
    # BM25 of both fields with k1 1.2 and b 0.75: the weights of all constant boosts rest on it.
    assert hit.score == pytest.approx(1.961, abs=0.001)


def test_only_some_pages_may_be_asked_for(engine: Engine) -> None:
    put(engine, *(document(number, f"Ampel {number}") for number in range(1, 5)))
    assert sorted(titles(engine, query("Ampel", only_pages=(2, 4, 99)))) == ["Ampel 2", "Ampel 4"]
    assert titles(engine, query("Ampel", only_pages=())) == []


def test_only_some_documents_may_be_asked_for(engine: Engine) -> None:
    put(engine, *(document(number, f"Ampel {number}") for number in range(1, 5)))
    assert sorted(titles(engine, Query(only_keys=("projekt-3", "projekt-1")))) == ["Ampel 1", "Ampel 3"]


def test_the_number_without_filters_is_told(engine: Engine) -> None:
    put(engine, *(document(number, "Ampel", facets={"phase": (f"P{number}",)}) for number in (1, 2, 3)))
    put(engine, document(9, "Bank"))
    asked = query("Ampel", filters={"phase": ("P1",)}, facets={"phase": 10, "typ": 10})
    found = engine.search(asked, audience="public")
    assert (found.total, found.before_filters) == (1, 3)
    assert engine.search(query("Ampel"), audience="public").before_filters == 3


def test_hits_carry_no_text_where_none_is_asked_for(engine: Engine) -> None:
    put(engine, document(1, "Ampel", content="Text"))
    for with_content, content in ((True, "Text"), (False, "")):
        (hit,) = engine.search(query("Ampel", with_content=with_content), audience="public").hits
        assert (hit.title, hit.content) == ("Ampel", content)


def test_a_text_of_any_length_is_taken(engine: Engine) -> None:
    put(engine, document(1, "Ampel", content="Kreuzung " * 20_000))
    assert len(engine.search(query("Kreuzung"), audience="public").hits[0].content) > 100_000


def test_a_word_with_the_wrong_first_letter_is_corrected(engine: Engine) -> None:
    put(engine, document(1, "Immatrikulation"))
    assert engine.nearest_words("exmatrikulation", audience="public", distance=2, limit=5) == ["Immatrikulation"]


def test_frequent_words_are_completed_first(engine: Engine) -> None:
    put(engine, document(1, "Ampelmast"), document(2, "Ampelanlage"), document(3, "Ampelanlage Ampelwart"))
    assert engine.words("ampel", audience="public", limit=2) == ["Ampelanlage", "Ampelmast"]
