"""What every test gets: a seeded database, an empty index of its own, no network."""

import gc
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import TransactionTestCase
from django_tasks import task_backends
from pytest_django.plugin import DjangoDbBlocker

from matching.recognition import recognition
from scripts.search_node import ServerError
from search.engines import Engine, get_engine
from search.indexing import meaning
from search.semantic import encoder, lines, vectors
from tests.database import KeptDatabase
from tests.search_server import own_indexes, running_server

# pytest-playwright keeps an event loop running in the test's thread; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_finish() -> None:
    """What is loaded stays, as in the server: to have it looked through each time took a sixth of all tests' time."""
    gc.collect()
    gc.freeze()


# What a test needs follows from the fixtures it asks for; the marks choose tests, as `make test-fast` does.
NEEDS = {"server": {"search_server", "search_url"}, "model": {"model"}}
MAY_START_PROCESSES = {"browser", "server", "process"}
# Seconds of a test itself, without what it is given; what takes longer says why: `slow("reads the whole register")`.
SLOW_SECONDS = 3.0


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Mark what tests need, and begin with the files that take long: whoever finishes last decides when all have."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if "elasticsearch" in getattr(getattr(item, "callspec", None), "params", {}).values():
            names.add("search_server")
        for mark, fixtures in NEEDS.items():
            if fixtures & names:
                item.add_marker(mark)
    yield  # now tests are chosen by their marks, and shuffled
    long = {
        item.path for item in items if any(item.get_closest_marker(mark) for mark in ("slow", "process", "browser"))
    }
    items.sort(key=lambda item: item.path not in long)


class _Processes:
    """Knows whether the test that runs may start a process: the fast ones do not, and say so by having no mark."""

    def __init__(self) -> None:
        self.test = ""
        sys.addaudithook(self)

    def __call__(self, event: str, _arguments: object) -> None:
        if self.test and event in {"subprocess.Popen", "os.fork", "os.posix_spawn"}:
            raise AssertionError(f"{self.test} starts a process; mark it `process`")


_processes = _Processes()


@pytest.fixture(autouse=True)
def _no_unmarked_process(request: pytest.FixtureRequest) -> Iterator[None]:
    marked = any(request.node.get_closest_marker(name) for name in MAY_START_PROCESSES)
    _processes.test = "" if marked else request.node.nodeid
    yield
    _processes.test = ""


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name the slow tests that do not say why."""
    reasons = {"slow", "model", *MAY_START_PROCESSES}
    found = {
        report.nodeid: report.duration
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        and report.duration > SLOW_SECONDS
        and not reasons & set(report.keywords)
    }
    if found:
        terminalreporter.section(f"longer than {SLOW_SECONDS:.0f} s without a reason")
        for nodeid, seconds in sorted(found.items(), key=lambda row: -row[1]):
            terminalreporter.write_line(f"{seconds:6.1f} s  {nodeid}")


def skip_or_fail(reason: str) -> None:
    """A service that is missing skips a test on a developer's machine and fails it in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test (or module) marked `both_engines` runs once with each engine behind the fixture `engine`."""
    if "engine" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_engines"):
        metafunc.parametrize("engine", ("tantivy", "elasticsearch"), indirect=True)


@pytest.fixture(scope="session")
def kept_database(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[KeptDatabase]:
    """What the migrations put into an empty database, and the way back to it."""
    with django_db_blocker.unblock(), KeptDatabase() as kept, pytest.MonkeyPatch.context() as patch:
        # Django would empty the tables after a test with real transactions.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: kept.restore())
        yield kept


@pytest.fixture(scope="session")
def django_db_setup(kept_database: KeptDatabase) -> None:
    """In place of what pytest-django does: migrate into an empty database at every run."""


@pytest.fixture(autouse=True)
def _same_settings() -> Iterator[None]:
    """What the code under test writes into the settings is the test's to take back (fixture `settings`).

    A test that leaves something behind fails, and no later one with it.
    """
    used = settings._wrapped.__dict__  # type: ignore[misc]
    before = {name: copy(value) if isinstance(value, (list, dict, set)) else value for name, value in used.items()}
    yield
    used = settings._wrapped.__dict__  # type: ignore[misc]
    left = sorted(name for name in {*before, *used} if before.get(name) != used.get(name))
    for name in left:
        settings.__dict__.pop(name, None)  # what Django remembers of it
        used.pop(name, None)
        used.update({name: before[name]} if name in before else {})
    if left:
        pytest.fail(f"left in the settings: {', '.join(left)}")


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    cache.clear()
    vectors.forget()
    meaning.compare_soon()
    lines.forget()
    recognition.forget()
    yield
    cache.clear()


@contextmanager
def wagtail_indexes_kept() -> Iterator[None]:
    """Wagtail's own search index and its index of references follow every change, in all threads."""
    before = task_backends.settings
    task_backends.settings = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    task_backends["default"] = task_backends.create_connection("default")
    yield
    task_backends.settings = before
    task_backends["default"] = task_backends.create_connection("default")


@pytest.fixture
def wagtail_indexes() -> Iterator[None]:
    """For tests about what the admin's own searches find and where something is used; off elsewhere, as it is dear."""
    with wagtail_indexes_kept():
        yield


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for uploads and renditions."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(scope="session")
def search_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real search server, without a prefix; one for all tests of a run."""
    own = tmp_path_factory.getbasetemp()
    with ExitStack() as stack:
        try:
            address = stack.enter_context(running_server(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own))
        except ServerError as error:
            skip_or_fail(str(error))
        yield address


@pytest.fixture
def search_url(search_server: str) -> Iterator[str]:
    """A SEARCH_URL of its own on the search server; there is no index yet."""
    with own_indexes(search_server) as url:
        yield url


@pytest.fixture
def engine(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Engine:
    """An empty index of its own: embedded, or with the mark `both_engines` once embedded and once on a server."""
    if getattr(request, "param", "tantivy") == "elasticsearch":
        settings.SEARCH_URL = request.getfixturevalue("search_url")
    else:
        settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    empty = get_engine()
    with empty.rebuild():
        pass
    return empty


@pytest.fixture
def model(settings: Any) -> None:
    """The model that knows what texts mean, turned on."""
    settings.SEARCH_MEANING = encoder.AUTO
    if missing := encoder.reason_missing():
        skip_or_fail(missing)
