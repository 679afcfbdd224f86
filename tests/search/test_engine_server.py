"""What a search server makes possible to go wrong: late writes, killed rebuilds, indexes of others, refusals."""

import threading
from typing import Any

import pytest

from search.engines import (
    EngineError,
    EngineUnavailableError,
    IndexMissingError,
    PageDocuments,
    RebuildRunningError,
    RejectedError,
    create_engine,
)
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_rebuild import ElasticsearchRebuild
from search.engines.queries import Query
from tests.search.examples import document, put, query, titles


@pytest.fixture
def engine(search_url: str) -> ElasticsearchEngine:
    """An empty index of its own on a search server."""
    made = create_engine(search_url)
    assert isinstance(made, ElasticsearchEngine)
    with made.rebuild():
        pass
    return made


def names(engine: ElasticsearchEngine) -> list[str]:
    """All indexes on the server that begin with the prefix."""
    prefix = engine.indexes.prefix
    return sorted(engine.connection.ask(lambda client: client.indices.get(index=f"{prefix}*").body))


def set_block(engine: ElasticsearchEngine, index: str, block: str, value: bool | None) -> None:
    change = {f"index.blocks.{block}": value}
    engine.connection.tell(lambda client: client.indices.put_settings(index=index, settings=change))


def test_a_write_that_is_late_loses_against_a_newer_one(engine: ElasticsearchEngine) -> None:
    put(engine, document(1, "Neu"), version=5)
    put(engine, document(1, "Alt"), version=4)
    assert titles(engine, Query()) == ["Neu"]
    put(engine, document(1, "Noch einmal"), version=5)
    assert titles(engine, Query()) == ["Noch einmal"]


def test_a_write_that_is_late_does_not_revive_what_was_removed(engine: ElasticsearchEngine) -> None:
    put(engine, document(1, "Ampel"), version=4)
    engine.write([PageDocuments(1, (), 5)])
    put(engine, document(1, "Ampel"), version=4)
    assert engine.count(audience="members") == 0


def test_a_removal_holds_for_documents_that_are_still_on_their_way(engine: ElasticsearchEngine) -> None:
    engine.write([PageDocuments(1, (), 5, former=("projekt-1",))])
    put(engine, document(1, "Ampel"), version=4)
    assert engine.count(audience="members") == 0
    put(engine, document(1, "Ampel"), version=6)
    assert engine.count(audience="members") == 1


def test_a_removal_that_is_late_loses_against_a_newer_write(engine: ElasticsearchEngine) -> None:
    put(engine, document(1, "Ampel"), version=6)
    engine.write([PageDocuments(1, (), 5, former=("projekt-1",))])
    assert titles(engine, Query()) == ["Ampel"]


def test_the_server_remembers_removals_for_an_hour(engine: ElasticsearchEngine) -> None:
    name = engine.indexes.current().name
    found = engine.connection.ask(lambda client: client.indices.get_settings(index=name).body)
    assert found[name]["settings"]["index"]["gc_deletes"] == "1h"


def test_a_page_that_the_server_refuses_is_named_and_the_others_are_written(engine: ElasticsearchEngine) -> None:
    broken = document(2, "Bank", facets={"unbekannt": ("x",)})
    with pytest.raises(RejectedError) as raised:
        put(engine, document(1, "Ampel"), broken, document(3, "Poller"))
    assert raised.value.pages.keys() == {2}
    assert "unbekannt" in raised.value.pages[2]
    assert sorted(titles(engine, Query())) == ["Ampel", "Poller"]


def test_a_page_refused_while_an_index_is_filled_is_named_in_the_end(engine: ElasticsearchEngine) -> None:
    refused: dict[int, str] = {}
    with engine.rebuild() as building:
        for number in range(1, 21):
            facets = {"unbekannt": ("x",)} if number in (2, 20) else {}
            try:
                building.write([PageDocuments(number, (document(number, "Ampel", facets=facets),), 1)])
            except RejectedError as error:
                refused.update(error.pages)
        with pytest.raises(RejectedError) as raised:
            building.finish_filling()
        refused.update(raised.value.pages)
    assert refused.keys() == {2, 20}
    assert engine.count(audience="members") == 18


def test_an_index_in_use_is_written_safely_and_shows_what_others_wrote(engine: ElasticsearchEngine) -> None:
    def options(name: str) -> tuple[str, str]:
        found = engine.connection.ask(lambda client: client.indices.get_settings(index=name, flat_settings=True).body)
        settings = found[name]["settings"]
        return settings["index.translog.durability"], settings["index.refresh_interval"]

    with engine.rebuild() as building:
        assert isinstance(building, ElasticsearchRebuild)
        assert options(building.target.name) == ("async", "-1")
    assert engine.indexes.current().name == building.target.name
    assert options(building.target.name) == ("request", "30s")


def test_filling_goes_on_when_the_server_was_busy_for_a_moment(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.elasticsearch_writing.FIRST_PAUSE_SECONDS", 0.1)
    with engine.rebuild() as building:
        assert isinstance(building, ElasticsearchRebuild)
        set_block(engine, building.target.name, "write", True)
        building.write([PageDocuments(1, (document(1, "Ampel"),), 1)])
        set_block(engine, building.target.name, "write", None)
    assert titles(engine, Query()) == ["Ampel"]


def test_a_new_index_that_could_not_be_filled_is_not_used(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(engine, document(1, "Alt"), version=1)
    monkeypatch.setattr("search.engines.elasticsearch_writing.RETRIES", 1)
    monkeypatch.setattr("search.engines.elasticsearch_writing.FIRST_PAUSE_SECONDS", 0.1)

    def blocked() -> None:
        with engine.rebuild() as building:
            assert isinstance(building, ElasticsearchRebuild)
            set_block(engine, building.target.name, "write", True)
            building.write([PageDocuments(2, (document(2, "Neu"),), 1)])

    with pytest.raises(EngineUnavailableError):
        blocked()
    assert titles(engine, Query()) == ["Alt"]
    assert names(engine) == [engine.indexes.current().name]


def test_a_server_that_takes_no_writes_is_unavailable_and_answers_searches(engine: ElasticsearchEngine) -> None:
    put(engine, document(1, "Ampel"), version=1)
    name = engine.indexes.current().name
    for block in ("read_only_allow_delete", "write"):
        set_block(engine, name, block, True)
        with pytest.raises(EngineUnavailableError):
            put(engine, document(1, "Bank"), version=2)
        assert titles(engine, Query()) == ["Ampel"]
        set_block(engine, name, block, None)
    put(engine, document(1, "Bank"), version=2)
    assert titles(engine, Query()) == ["Bank"]


def test_a_lost_index_does_not_come_back_by_a_write(engine: ElasticsearchEngine) -> None:
    put(engine, document(1, "Ampel"), version=1)
    engine.indexes.remove_all()
    for change in (PageDocuments(1, (document(1, "Ampel"),), 2), PageDocuments(1, (), 3, ("projekt-1",))):
        with pytest.raises(IndexMissingError):
            engine.write([change])
    with pytest.raises(IndexMissingError):
        engine.search(query("Ampel"), audience="public")
    assert names(engine) == []


def test_an_index_of_another_program_under_our_alias_is_left_alone(engine: ElasticsearchEngine) -> None:
    prefix, ours = engine.indexes.prefix, engine.indexes.current().name
    foreign = f"{prefix}-foreign"
    engine.connection.tell(lambda client: client.indices.create(index=foreign))
    actions: list[dict[str, Any]] = [
        {"remove": {"index": ours, "alias": prefix}},
        {"add": {"index": foreign, "alias": prefix, "is_write_index": True}},
    ]
    engine.connection.tell(lambda client: client.indices.update_aliases(actions=actions))
    try:
        with pytest.raises(IndexMissingError, match="another program"):
            engine.ping()
        with pytest.raises(IndexMissingError):
            put(engine, document(1, "Ampel"))
        with engine.rebuild():
            pass
        engine.ping()
        assert foreign in names(engine)
        with pytest.raises(IndexMissingError):
            engine.rollback()
    finally:
        engine.connection.tell(lambda client: client.indices.delete(index=foreign))


def test_an_index_that_bears_the_name_of_our_alias_is_not_touched(search_url: str) -> None:
    engine = create_engine(search_url)
    assert isinstance(engine, ElasticsearchEngine)
    prefix = engine.indexes.prefix
    engine.connection.tell(lambda client: client.indices.create(index=prefix))
    try:
        with pytest.raises(EngineError, match="choose another prefix"), engine.rebuild():
            pass
        assert names(engine) == [prefix]
    finally:
        engine.connection.tell(lambda client: client.indices.delete(index=prefix))


def test_of_rebuilds_that_begin_at_once_one_wins(search_url: str) -> None:
    engine = create_engine(search_url)
    start, end = threading.Barrier(3), threading.Event()
    outcomes: list[str] = []

    def rebuild() -> None:
        start.wait()
        try:
            with engine.rebuild():
                end.wait(20)
                outcomes.append("done")
        except RebuildRunningError:
            outcomes.append("refused")
            if len(outcomes) == 2:
                end.set()

    threads = [threading.Thread(target=rebuild) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused", "refused"]
    engine.ping()


def test_a_rebuild_that_was_killed_is_taken_over(engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, document(1, "Alt"), version=1)
    killed = engine.indexes.begin()
    with pytest.raises(RebuildRunningError), engine.rebuild():
        pass
    monkeypatch.setattr("search.engines.elasticsearch_indexes.LEASE_SECONDS", 0)
    with engine.rebuild() as building:
        building.write([PageDocuments(2, (document(2, "Neu"),), 1)])
        assert killed not in names(engine)
    assert titles(engine, Query()) == ["Neu"]


def test_a_rebuild_that_was_taken_over_changes_nothing(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.elasticsearch_indexes.LEASE_SECONDS", 0)

    def overtaken() -> None:
        with engine.rebuild() as slow:
            slow.write([PageDocuments(1, (document(1, "Langsam"),), 1)])
            with engine.rebuild() as fast:
                fast.write([PageDocuments(2, (document(2, "Schnell"),), 1)])

    with pytest.raises(EngineError):
        overtaken()
    assert titles(engine, Query()) == ["Schnell"]
    assert len(names(engine)) == 2


def test_a_running_rebuild_shows_that_it_lives(engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.engines.elasticsearch_rebuild.RENEW_SECONDS", 0.1)
    renewed = threading.Event()
    original = engine.indexes.renew

    def renew(name: str) -> None:
        original(name)
        renewed.set()

    monkeypatch.setattr(engine.indexes, "renew", renew)
    with engine.rebuild():
        assert renewed.wait(20)
        monkeypatch.setattr("search.engines.elasticsearch_indexes.LEASE_SECONDS", 20)
        with pytest.raises(RebuildRunningError), engine.rebuild():
            pass


def test_indexes_that_a_killed_process_forgot_go_with_the_next_rebuild(engine: ElasticsearchEngine) -> None:
    forgotten = f"{engine.indexes.prefix}-{'0' * 12}-{'1' * 12}"
    engine.connection.tell(lambda client: client.indices.create(index=forgotten))
    with engine.rebuild():
        pass
    assert forgotten not in names(engine)


def test_deep_pages_end_without_an_error(engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    put(engine, document(1, "Ampel"))
    found = engine.search(query("Ampel", offset=5_000_000), audience="public")
    assert (found.total, found.hits) == (1, ())


def test_a_search_is_one_request(engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.ping()
    requests: list[Any] = []
    transport = engine.connection.client.transport
    original = transport.perform_request

    def perform(*args: Any, **kwargs: Any) -> Any:
        requests.append(args)
        return original(*args, **kwargs)

    monkeypatch.setattr(transport, "perform_request", perform)
    asked = query("Ampel", filters={"phase": ("P1",)}, facets={"phase": 10, "typ": 10})
    engine.search(asked, audience="public")
    assert len(requests) == 1
