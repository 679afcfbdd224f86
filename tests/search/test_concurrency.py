"""Several real processes at once on one database and one index: no change is lost, no hit double or ever missing."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from search.engines import Engine, EngineError
from search.engines.queries import Query
from search.indexing.outbox import drain
from search.indexing.rebuild import compare, rebuild
from search.models import OutboxEntry
from tests.factories import ProjectPageFactory, artefact
from tests.processes import ROOT, environment_of_test
from tests.search.editing import UNTOUCHED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_engines, pytest.mark.process]

EDITING_SECONDS = 3.0
# After the last change, a worker that runs needs a second; a machine that also runs other tests takes longer.
SETTLED_SECONDS = 60.0


@pytest.fixture
def environment(engine: Engine, tmp_path: Path) -> dict[str, str]:
    return environment_of_test(tmp_path)


def start(environment: dict[str, str], *command: Any) -> subprocess.Popen[str]:
    arguments = [sys.executable, *(str(part) for part in command)]
    return subprocess.Popen(
        arguments, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def end_of(process: subprocess.Popen[str]) -> str:
    """What it printed; fails if it did not end well."""
    printed, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return printed


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = start(environment, "manage.py", "drain_index", "--follow")
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def edit(environment: dict[str, str], seed: int) -> subprocess.Popen[str]:
    return start(environment, "-m", "tests.search.editing", seed, EDITING_SECONDS)


def assert_all_changes_worked(*editors: subprocess.Popen[str]) -> None:
    for editor in editors:
        report = json.loads(end_of(editor))
        assert report["errors"] == []
        assert report["done"] > 0


def wait_until_settled(engine: Engine) -> None:
    """Until nothing waits any more; what a killed process had claimed is free after its lease."""
    end = time.monotonic() + SETTLED_SECONDS
    while OutboxEntry.objects.pending().exists() and time.monotonic() < end:
        OutboxEntry.objects.filter(next_try_at__gt=timezone.now()).update(next_try_at=timezone.now())
        time.sleep(0.2)
    assert not OutboxEntry.objects.pending().exists()
    assert compare(engine).is_equal


@pytest.fixture
def pages(engine: Engine) -> int:
    """Pages to change, and some that nobody touches."""
    body = ProjectPageFactory(title=f"{UNTOUCHED} 0", children={"artefacts": [artefact()]}).get_parent().specific
    for number in range(1, 6):
        ProjectPageFactory(title=f"{UNTOUCHED} {number}", parent=body)
    for number in range(12):
        ProjectPageFactory(title=f"Ampel {number}", children={"artefacts": [artefact()]} if number % 3 else {})
    drain()
    return 6


def rebuild_when_free(engine: Engine) -> None:
    """A search server takes a rebuild for alive until it has shown no sign for half a minute."""
    end = time.monotonic() + SETTLED_SECONDS
    while True:
        try:
            rebuild(engine)
        except EngineError:
            if time.monotonic() > end:
                raise
            time.sleep(1)
        else:
            return


def look(engine: Engine) -> tuple[int, list[str]]:
    """How many of the untouched projects are found, and what is found twice."""
    found = engine.search(Query(filters={"typ": ("projekt",)}, limit=1000), audience="members").hits
    twice = [key for key, count in Counter(hit.key for hit in found).items() if count > 1]
    return sum(hit.title.startswith(UNTOUCHED) for hit in found), twice


def test_two_web_processes_and_two_workers_at_once_lose_nothing(
    engine: Engine, environment: dict[str, str], pages: int
) -> None:
    with worker(environment), worker(environment):
        editors = [edit(environment, seed) for seed in (1, 2)]
        assert_all_changes_worked(*editors)
        wait_until_settled(engine)
        assert look(engine) == (pages, [])


def test_changes_during_rebuilds_are_not_lost_and_searches_show_no_gap(
    engine: Engine, environment: dict[str, str], pages: int
) -> None:
    with worker(environment):
        editor = edit(environment, 1)
        rebuilds, seen = 0, []
        while editor.poll() is None:
            rebuilding = start(environment, "manage.py", "rebuild_index")
            while rebuilding.poll() is None:
                seen.append(look(engine))
                time.sleep(0.01)
            # Its last comparison may meet a change that is on its way; a second rebuild at once is told to wait.
            rebuilding.communicate()
            rebuilds += 1
        assert_all_changes_worked(editor)
        wait_until_settled(engine)
    assert rebuilds
    assert {count for count, _twice in seen} == {pages}
    assert not any(twice for _count, twice in seen)


def test_a_rebuild_killed_at_any_point_does_no_harm(engine: Engine, environment: dict[str, str], pages: int) -> None:
    chance = random.Random(7)
    alone = start(environment, "manage.py", "rebuild_index")
    began = time.monotonic()
    end_of(alone)
    takes = time.monotonic() - began
    for _round in range(4):
        rebuilding = start(environment, "manage.py", "rebuild_index")
        time.sleep(takes * chance.uniform(0.5, 1))
        rebuilding.kill()
        rebuilding.communicate()
        assert look(engine) == (pages, [])
        ProjectPageFactory()
        drain()
        assert compare(engine).is_equal
    rebuild_when_free(engine)
    assert compare(engine).is_equal


def test_workers_and_editors_killed_at_random_lose_nothing(
    engine: Engine, environment: dict[str, str], pages: int
) -> None:
    chance = random.Random(11)
    for _round in range(3):
        with ExitStack() as stack:
            stack.enter_context(worker(environment))
            editor = edit(environment, 1)
            time.sleep(chance.uniform(2, 6))
            editor.kill()
            editor.communicate()
    with worker(environment):
        wait_until_settled(engine)
    assert look(engine) == (pages, [])
