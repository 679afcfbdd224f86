"""What becomes of writes, rebuilds and the ways back, whatever the engine; both are tried."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from search.engines import Engine, IndexMissingError, PageDocuments, RebuildRunningError, create_engine
from search.engines.queries import Query, Sort
from tests.search.examples import document, put, query, titles

pytestmark = pytest.mark.both_engines


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


def test_a_search_sees_what_another_process_wrote(engine: Engine, settings: Any) -> None:
    put(engine, document(1, "Ampel"))
    assert titles(engine, Query()) == ["Ampel"]
    create_engine.cache_clear()
    other = create_engine(settings.SEARCH_URL)
    assert other is not engine
    put(other, document(2, "Bank"))
    assert sorted(titles(engine, Query())) == ["Ampel", "Bank"]


def test_searches_read_the_old_index_until_a_rebuild_is_complete(engine: Engine) -> None:
    put(engine, document(1, "Alt"))
    with engine.rebuild() as building:
        building.write([PageDocuments(2, (document(2, "Neu"),))])
        assert titles(engine, Query()) == ["Alt"]
    assert titles(engine, Query()) == ["Neu"]


def test_a_change_that_meets_a_filled_new_index_is_in_both(engine: Engine) -> None:
    with engine.rebuild() as building:
        building.write([PageDocuments(1, (document(1, "Veraltet"),))])
        building.finish_filling()
        put(engine, document(1, "Aktuell"))
        assert titles(engine, Query()) == ["Aktuell"]
    assert titles(engine, Query()) == ["Aktuell"]


def test_a_change_while_a_new_index_is_filled_waits_for_nothing(engine: Engine) -> None:
    put(engine, document(1, "Alt"))
    with engine.rebuild() as building:
        for number in (2, 3):
            building.write([PageDocuments(number, (document(number, "Gefüllt"),))])
            put(engine, document(1, f"Neu {number}"))
            assert titles(engine, Query()) == [f"Neu {number}"]


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
        except RebuildRunningError as error:
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


def test_a_missing_index_is_an_error_and_not_an_empty_answer(engine: Engine, settings: Any) -> None:
    head, question, options = settings.SEARCH_URL.partition("?")
    missing = create_engine(f"{head}-none{question}{options}")
    calls: list[Callable[[], object]] = [
        missing.ping,
        lambda: missing.search(Query(), audience="public"),
        lambda: missing.count(audience="public"),
        lambda: list(missing.digests(audience="public")),
        lambda: missing.words("a", audience="public", limit=1),
        lambda: missing.write([PageDocuments(1)]),
        lambda: missing.write([PageDocuments(1, (document(1, "Ampel"),), 1, ("artefakt-a",))]),
        missing.rollback,
        # None of them made an index.
        missing.ping,
    ]
    for call in calls:
        with pytest.raises(IndexMissingError):
            call()


def test_an_index_of_another_schema_has_to_be_rebuilt(
    engine: Engine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, document(1, "Ampel"))
    for name in ("tantivy", "elasticsearch_documents"):
        monkeypatch.setattr(f"search.engines.{name}.SCHEMA_VERSION", -1)
    create_engine.cache_clear()
    newer = create_engine(settings.SEARCH_URL)
    with pytest.raises(IndexMissingError, match="rebuild_index"):
        newer.count(audience="public")
    with pytest.raises(IndexMissingError):
        newer.write([PageDocuments(1, (document(1, "Bank"),), 1)])
    assert titles(engine, Query()) == ["Ampel"]
    with newer.rebuild():
        pass
    assert newer.count(audience="public") == 0
    with pytest.raises(IndexMissingError, match="another version"):
        newer.rollback()


def test_going_back_and_forth_between_the_last_two_indexes(engine: Engine) -> None:
    with pytest.raises(IndexMissingError, match="no earlier index"):
        # The first index of all came out of a rebuild, too: there is nothing before it.
        engine.rollback()
    put(engine, document(1, "Alt"))
    with engine.rebuild() as building:
        building.write([PageDocuments(2, (document(2, "Neu"),))])
    engine.rollback()
    assert titles(engine, Query()) == ["Alt"]
    put(engine, document(3, "Danach"))
    engine.rollback()
    assert titles(engine, Query()) == ["Neu"]


def test_only_the_last_index_is_kept_for_going_back(engine: Engine) -> None:
    for number in (1, 2, 3):
        with engine.rebuild() as building:
            building.write([PageDocuments(number, (document(number, f"Stand {number}"),))])
    engine.rollback()
    assert titles(engine, Query()) == ["Stand 2"]
    engine.rollback()
    assert titles(engine, Query()) == ["Stand 3"]


def test_a_long_list_of_digests_comes_in_several_answers(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.engines.elasticsearch_scan.PAGE", 2)
    put(engine, *(document(number, f"Ampel {number}") for number in range(1, 6)))
    found = engine.digests(audience="public")
    assert sorted(key for key, _page, _digest in found) == [f"projekt-{number}" for number in range(1, 6)]


def test_a_new_index_says_what_was_written_into_it_by_whomever(engine: Engine) -> None:
    put(engine, document(9, "Nur im alten"))
    with engine.rebuild() as building:
        building.write([PageDocuments(1, (document(1, "Gefüllt"),), 1)])
        building.finish_filling()
        put(engine, document(2, "Nebenher"), version=1)
        engine.write([PageDocuments(1, (), 2, ("projekt-1",))])
        found = sorted(building.digests(audience="members"))
        assert [(key, page_id) for key, page_id, _digest in found] == [("projekt-2", 2)]
        assert found[0][2] == document(2, "Nebenher").digest


def test_a_page_written_again_into_a_new_index_replaces_all_its_documents(engine: Engine) -> None:
    first = document(1, "Ampel")
    with engine.rebuild() as building:
        for _again in range(2):
            building.write([PageDocuments(1, (first, replace(first, key="artefakt-a", title="Ampel alt")), 1)])
        assert len(list(building.digests(audience="members"))) == 2
        building.write([PageDocuments(2, (document(2, "Bank"),), 1)])
        list(building.digests(audience="members"))
        building.write([PageDocuments(1, (first,), 1)])
    assert titles(engine, Query(sort=Sort.TITLE)) == ["Ampel", "Bank"]


def test_a_page_filled_twice_is_there_once_as_it_was_last(engine: Engine) -> None:
    first = document(1, "Ampel")
    with engine.rebuild() as building:
        building.write([PageDocuments(1, (first, replace(first, key="artefakt-a", title="Ampel alt")), 1)])
        building.write([PageDocuments(1, (replace(first, title="Bank"),), 1)])
    assert titles(engine, Query(sort=Sort.TITLE)) == ["Bank"]


def test_many_pages_are_written_in_one_call(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.engines.elasticsearch_writing.BULK_DOCUMENTS", 7)
    monkeypatch.setattr("search.engines.elasticsearch_writing.KEYS_READ", 3)
    engine.write([PageDocuments(number, (document(number, "Ampel"),), 1) for number in range(1, 51)])
    assert engine.search(query("Ampel"), audience="public").total == 50
    engine.write([PageDocuments(number, (), 2) for number in range(1, 51)])
    assert engine.count(audience="members") == 0
