"""What any engine has to do; the embedded one is tried."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from search.analysis import words
from search.engines import (
    Document,
    Engine,
    EngineError,
    IndexMissingError,
    PageDocuments,
    UnknownEngineError,
    create_engine,
)
from search.engines.tantivy import TantivyEngine
from search.queries import Query, Sort, group_of, phrase_of


def document(page_id: int, title: str, **fields: Any) -> Document:
    defaults: dict[str, Any] = {"content": "", "audience": "public", "newest": page_id}
    return Document(f"projekt-{page_id}", page_id, title, **(defaults | fields))


def put(engine: Engine, *documents: Document) -> None:
    engine.write([PageDocuments(found.page_id, (found,)) for found in documents])


def query(text: str, **fields: Any) -> Query:
    groups = tuple(group_of(word) for word in words(text))
    return Query(groups, **fields)


def titles(engine: Engine, asked: Query, audience: Any = "public") -> list[str]:
    return [hit.title for hit in engine.search(asked, audience=audience).hits]


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


def test_writing_a_page_replaces_all_its_documents(engine: Engine) -> None:
    first = document(1, "Ampel")
    engine.write([PageDocuments(1, (first, replace(first, key="artefakt-a", title="Ampel alt")))])
    engine.write([PageDocuments(1, (replace(first, title="Ampel neu"),))])
    assert titles(engine, query("Ampel")) == ["Ampel neu"]
    engine.write([PageDocuments(1)])
    assert engine.count(audience="members") == 0


def test_a_page_is_not_replaced_by_another_whose_number_begins_alike(engine: Engine) -> None:
    put(engine, document(1, "Eins"), document(11, "Elf"))
    engine.write([PageDocuments(1)])
    assert titles(engine, Query()) == ["Elf"]


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


def test_a_search_sees_what_another_process_wrote(engine: Engine, settings: Any) -> None:
    put(engine, document(1, "Ampel"))
    assert titles(engine, Query()) == ["Ampel"]
    other = TantivyEngine(settings.SEARCH_URL.removeprefix("tantivy://"))
    put(other, document(2, "Bank"))
    assert sorted(titles(engine, Query())) == ["Ampel", "Bank"]


def test_searches_read_the_old_index_until_a_rebuild_is_complete(engine: Engine) -> None:
    put(engine, document(1, "Alt"))
    with engine.rebuild() as building:
        building.write([PageDocuments(2, (document(2, "Neu"),))])
        assert titles(engine, Query()) == ["Alt"]
    assert titles(engine, Query()) == ["Neu"]


def test_a_change_during_a_rebuild_is_in_both_indexes(engine: Engine) -> None:
    with engine.rebuild() as building:
        building.write([PageDocuments(1, (document(1, "Veraltet"),))])
        put(engine, document(1, "Aktuell"))
        assert titles(engine, Query()) == ["Aktuell"]
    assert titles(engine, Query()) == ["Aktuell"]


def test_a_failed_rebuild_leaves_the_index_as_it_was(engine: Engine) -> None:
    put(engine, document(1, "Alt"))

    def fail_halfway() -> None:
        with engine.rebuild() as building:
            building.write([PageDocuments(2, (document(2, "Neu"),))])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert titles(engine, Query()) == ["Alt"]
    put(engine, document(3, "Später"))
    assert sorted(titles(engine, Query())) == ["Alt", "Später"]


def test_a_second_rebuild_at_the_same_time_is_refused(engine: Engine) -> None:
    errors: list[Exception] = []

    def rebuild() -> None:
        try:
            with engine.rebuild():
                pass
        except EngineError as error:
            errors.append(error)

    with engine.rebuild():
        thread = threading.Thread(target=rebuild)
        thread.start()
        thread.join()
    assert len(errors) == 1


def test_concurrent_writers_lose_nothing(engine: Engine) -> None:
    def write_three(base: int) -> None:
        put(engine, *(document(base + step, f"Ampel {base + step}") for step in range(3)))

    threads = [threading.Thread(target=write_three, args=(base,)) for base in (10, 20, 30, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.count(audience="public") == 12


def test_a_missing_index_is_an_error_and_not_an_empty_answer(tmp_path: Any) -> None:
    missing = create_engine(f"tantivy://{tmp_path}/none")
    with pytest.raises(IndexMissingError):
        missing.count(audience="public")
    with pytest.raises(IndexMissingError):
        missing.write([PageDocuments(1)])


def test_an_index_of_another_schema_has_to_be_rebuilt(
    engine: Engine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, document(1, "Ampel"))
    monkeypatch.setattr("search.engines.tantivy.SCHEMA_VERSION", -1)
    newer = TantivyEngine(settings.SEARCH_URL.removeprefix("tantivy://"))
    with pytest.raises(IndexMissingError, match="rebuild_index"):
        newer.count(audience="public")
    with newer.rebuild():
        pass
    assert newer.count(audience="public") == 0


def test_damaged_files_are_an_engine_error(engine: Engine, tmp_path: Any) -> None:
    put(engine, document(1, "Ampel"))
    (generation,) = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    (generation / "meta.json").write_text("{")
    with pytest.raises(EngineError):
        engine.count(audience="public")


@pytest.mark.parametrize("url", ["", "solr://localhost", "tantivy://", "tantivy:///", "index"])
def test_a_wrong_search_url_is_named(url: str) -> None:
    with pytest.raises(UnknownEngineError, match="tantivy:///"):
        create_engine(url)


def test_a_digest_changes_with_every_part_of_a_document() -> None:
    original = document(1, "Ampel")
    changes: list[dict[str, Any]] = [
        {"title": "Bank"},
        {"content": "x"},
        {"audience": "members"},
        {"newest": 2},
        {"extra": "x"},
        {"facets": {"phase": ("P1",)}},
    ]
    assert len({original.digest, *(replace(original, **change).digest for change in changes)}) == 7
