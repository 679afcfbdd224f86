"""An engine that is away costs one visitor less than two seconds, and nobody after that anything."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from search.engines import Engine, EngineError, EngineUnavailableError, TimeSpentError, create_engine, get_engine
from search.engines.deadline import deadline, within_deadline
from search.engines.guard import Breaker, ask, breaker_of, state_of_search
from search.engines.tantivy import TantivyEngine
from search.indexing.outbox import drain
from search.indexing.rebuild import rebuild
from tests.factories import ProjectPageFactory

pytestmark = pytest.mark.django_db

VISITORS = 12


class Switched(TantivyEngine):
    """The embedded engine, somewhere else: whether it can be reached is a switch."""

    is_embedded = False

    def __init__(self, directory: str) -> None:
        super().__init__(directory)
        self.is_away = False
        self.pings = 0

    def ping(self) -> None:
        self.pings += 1
        self._reach()
        super().ping()

    def count(self, **options: Any) -> int:
        self._reach()
        return super().count(**options)

    def _reach(self) -> None:
        if self.is_away:
            raise EngineUnavailableError("switched off")


@pytest.fixture
def remote(tmp_path: Path) -> Switched:
    engine = Switched(str(tmp_path / "remote"))
    with engine.rebuild():
        pass
    return engine


@pytest.fixture
def primary(remote: Switched, monkeypatch: pytest.MonkeyPatch) -> Iterator[Switched]:
    """The remote engine is the one in use."""
    monkeypatch.setattr("search.engines.guard.get_engine", lambda: remote)
    yield remote
    breaker_of(remote).close()


def eventually(reached: Any, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if reached():
            return True
        time.sleep(0.01)
    return bool(reached())


def test_engine_that_answers_is_asked(primary: Switched) -> None:
    asked = ask(lambda engine: engine.count(audience="public"))
    assert (asked.value, asked.is_fallback) == (0, False)


def test_engine_that_is_away_is_not_asked_again_by_visitors(primary: Switched) -> None:
    primary.is_away = True
    asked: list[Engine] = []

    def question(engine: Engine) -> int:
        asked.append(engine)
        return engine.count(audience="public")

    for _visitor in range(3):
        with pytest.raises(EngineError):
            ask(question)
    assert asked == [primary]


def test_fallback_answers_meanwhile(primary: Switched, settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    ProjectPageFactory()
    rebuild(create_engine(settings.SEARCH_FALLBACK_URL))
    primary.is_away = True
    asked = ask(lambda engine: engine.count(audience="public"))
    assert (asked.value, asked.is_fallback) == (2, True)


def test_question_that_fails_leaves_the_engine_to_others(primary: Switched) -> None:
    def wrong(engine: Engine) -> int:
        raise EngineError("this query is not understood")

    with pytest.raises(EngineError):
        ask(wrong)
    assert not ask(lambda engine: engine.count(audience="public")).is_fallback


def test_engine_without_an_index_is_given_up_as_well(primary: Switched, tmp_path: Path) -> None:
    (tmp_path / "remote" / "current").unlink()
    with pytest.raises(EngineError):
        ask(lambda engine: engine.count(audience="public"))
    assert breaker_of(primary).reason


def test_engine_that_is_back_is_asked_again_without_a_visitor(remote: Switched) -> None:
    breaker = Breaker(remote, first_pause=0.05)
    remote.is_away = True
    breaker.open(EngineUnavailableError("switched off"))
    assert eventually(lambda: remote.pings >= 2)
    assert breaker.reason == "switched off"
    remote.is_away = False
    assert eventually(lambda: not breaker.reason)
    pings = remote.pings
    time.sleep(0.2)
    assert remote.pings == pings, "nobody asks an engine that is back"


def test_recovery_that_does_not_last_makes_the_next_pause_longer(remote: Switched) -> None:
    breaker = Breaker(remote, first_pause=0.05)
    waits = []
    for _relapse in range(3):
        began = time.monotonic()
        breaker.open(EngineUnavailableError("slow"))
        assert eventually(lambda: not breaker.reason)
        waits.append(time.monotonic() - began)
    assert waits[1] > 0.1
    assert waits[2] > 0.2


def test_many_threads_open_it_once_and_start_one_watch(remote: Switched) -> None:
    breaker = Breaker(remote, first_pause=0.2)
    remote.is_away = True
    gate = threading.Barrier(VISITORS)
    watches: set[Any] = set()

    def visit() -> None:
        gate.wait()
        breaker.open(EngineUnavailableError("switched off"))
        assert breaker.reason
        watches.add(breaker._watcher)

    threads = [threading.Thread(target=visit) for _visitor in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(watches) == 1
    breaker.close()
    assert eventually(lambda: not any(watch.is_alive() for watch in watches))


def test_readiness_tells_a_fallback_from_nothing(primary: Switched, settings: Any, tmp_path: Path) -> None:
    assert state_of_search() == "ok"
    primary.is_away = True
    assert state_of_search() == "unreachable"
    settings.SEARCH_FALLBACK_URL = f"tantivy://{tmp_path}/fallback"
    with create_engine(settings.SEARCH_FALLBACK_URL).rebuild():
        pass
    assert state_of_search() == "degraded"
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["search"] == "degraded"


def test_operators_see_that_an_engine_was_given_up(primary: Switched, client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "geheim"

    def figures() -> dict[str, float]:
        text = client.get("/metrics", headers={"authorization": "Bearer geheim"}).content.decode()
        rows = (line.split(" ") for line in text.splitlines() if line.startswith("search_"))
        return {name: float(value) for name, value in rows}

    before = figures()
    primary.is_away = True
    with pytest.raises(EngineError):
        ask(lambda engine: engine.count(audience="public"))
    after = figures()
    assert after["search_breaker_openings_total"] == before["search_breaker_openings_total"] + 1
    assert after['search_answers_total{by="nothing"}'] == before.get('search_answers_total{by="nothing"}', 0) + 1
    assert after["search_breaker_open"] == 1
    breaker_of(primary).close()
    assert figures()["search_breaker_open"] == 0


def test_embedded_engine_is_asked_every_time(engine: Engine, tmp_path: Path, settings: Any) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/later"
    with pytest.raises(EngineError):
        ask(lambda engine: engine.count(audience="public"))
    ProjectPageFactory()
    rebuild(get_engine())
    drain()
    assert ask(lambda engine: engine.count(audience="public")).value == 2


def test_deadline_counts_the_time_of_calls_only() -> None:
    with deadline(0.1):
        time.sleep(0.15)
        with within_deadline(5) as seconds:
            assert seconds == pytest.approx(0.1)
            time.sleep(0.06)
        with within_deadline(5) as seconds:
            assert 0 < seconds < 0.05
            time.sleep(0.06)
        with pytest.raises(TimeSpentError), within_deadline(5):
            pass
    with within_deadline(5) as seconds:
        assert seconds == 5
