"""A database that is restarted in the middle of a request, with a PostgreSQL of its own."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext
from environ import Env

from bench.faults.database import Database, programs
from config import database as lost
from tests.conftest import skip_or_fail

pytestmark = pytest.mark.process

SMALL, LARGE = 10, 3 * 1024 * 1024  # bytes; Django keeps uploads above 2.5 MB in files


class Scene:
    """What happens to the database while a view works, and how often the view was called."""

    def __init__(self, server: Database) -> None:
        self.server = server
        self.events: list[Callable[[], None]] = []
        self.calls = 0
        self.helping: threading.Thread | None = None

    def act(self) -> None:
        self.calls += 1
        if self.events:
            self.events.pop(0)()

    def restart(self, how: str = "fast") -> None:
        self.server.stop(how)
        self.helping = threading.Timer(0.5, self.server.start)
        self.helping.start()

    def end_connection(self) -> None:
        with psycopg.connect(self.server.url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])

    def lock_crosswise(self) -> None:
        """Somebody else takes the second lock and waits for the first."""
        has_lock = threading.Event()

        def lock() -> None:
            with psycopg.connect(self.server.url) as other:
                other.execute("SET deadlock_timeout = '10s'; SELECT pg_advisory_xact_lock(2)")
                has_lock.set()
                other.execute("SELECT pg_advisory_xact_lock(1)")

        self.helping = threading.Thread(target=lock)
        self.helping.start()
        has_lock.wait()

    def stored(self) -> list[str]:
        with psycopg.connect(self.server.url) as other:
            return [str(row[0]) for row in other.execute("SELECT text FROM note ORDER BY 1")]


scene: Scene


def write(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES (%s)", [text])


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM note")
        return int(cursor.fetchone()[0])


def page(request: HttpRequest) -> HttpResponse:
    count()
    scene.act()
    return HttpResponse(f"{count()} notes")


def form(request: HttpRequest) -> HttpResponse:
    """Stores twice, with the fault in between, and its upload."""
    write(f"first {request.POST.get('text')}")
    content = b"".join(upload.read() for upload in request.FILES.getlist("file"))
    scene.act()
    write(f"second {len(content)}")
    return HttpResponse("stored")


def form_that_puts_its_file_away(request: HttpRequest) -> HttpResponse:
    write("only")
    for upload in request.FILES.getlist("file"):
        FileSystemStorage().save("plan.pdf", upload)
    scene.act()
    write("second")
    return HttpResponse("stored")


def form_that_hides_errors(request: HttpRequest) -> HttpResponse:
    write("first")
    scene.act()
    with suppress(OperationalError):
        write("second")
    return HttpResponse("stored")


def form_that_ends_with_the_fault(request: HttpRequest) -> HttpResponse:
    write("only")
    scene.act()
    return HttpResponse("stored")


def form_with_a_mistake(request: HttpRequest) -> HttpResponse:
    write("half")
    scene.act()
    raise ValueError("a mistake of ours")


def form_with_a_hook(request: HttpRequest) -> HttpResponse:
    """After the COMMIT something else needs the database."""

    def use_database() -> None:
        scene.act()
        count()

    transaction.on_commit(use_database)
    write("only")
    return HttpResponse("stored")


def form_with_locks(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL deadlock_timeout = '200ms'; SELECT pg_advisory_xact_lock(1)")
        scene.act()
        cursor.execute("SELECT pg_advisory_xact_lock(2)")
    write("only")
    return HttpResponse("stored")


def wrong_statement(request: HttpRequest) -> HttpResponse:
    scene.act()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
    return HttpResponse("never")


urlpatterns = [
    path("page/", page),
    path("form/", form),
    path("away/", form_that_puts_its_file_away),
    path("hides/", form_that_hides_errors),
    path("ends/", form_that_ends_with_the_fault),
    path("mistake/", form_with_a_mistake),
    path("hook/", form_with_a_hook),
    path("locks/", form_with_locks),
    path("wrong/", wrong_statement),
    path("readyz", page),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    try:
        programs()
    except FileNotFoundError as error:
        skip_or_fail(str(error))
    # The folder of the test run is closed to the account PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="dsr-test-") as folder:
        made = Database(Path(folder) / "data")
        made.create()
        yield made
        made.stop("immediate")


@pytest.fixture
def client(
    server: Database, settings: Any, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """A browser at a site of these views whose database is the server's."""
    global scene
    scene = Scene(server)
    own = connections.databases["default"] | Env.db_url_config(server.url)
    own |= {"OPTIONS": {"connect_timeout": 5}, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["config.language.ChosenLanguageMiddleware", "config.database.LostDatabaseMiddleware"]
    with psycopg.connect(server.url) as other:
        other.execute("DROP TABLE IF EXISTS note")
        other.execute("CREATE TABLE note (text text)")
    with monkeypatch.context() as patch, django_db_blocker.unblock():
        before = connections["default"]
        patch.setitem(connections.databases, "default", own)
        connections["default"] = connections.create_connection("default")
        try:
            yield Client(raise_request_exception=False)
        finally:
            connection.close()
            connections["default"] = before
    if scene.helping:
        scene.helping.join()


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_a_page_is_shown_after_the_restart(client: Client, how: str) -> None:
    scene.events = [lambda: scene.restart(how)]
    answer = client.get("/page/")
    assert (answer.status_code, answer.content) == (200, b"0 notes")
    assert scene.calls == 2


def test_a_connection_kept_from_before_the_restart_is_no_fault(client: Client, server: Database) -> None:
    assert client.get("/page/").status_code == 200
    server.restart("fast")
    assert client.post("/form/", {"text": "a"}).status_code == 200
    assert scene.stored() == ["first a", "second 0"]


@pytest.mark.parametrize("how", ["fast", "immediate"])
@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_form_is_stored_once_with_its_file(client: Client, how: str, size: int) -> None:
    scene.events = [lambda: scene.restart(how)]
    answer = client.post("/form/", {"text": "a", "file": SimpleUploadedFile("plan.pdf", b"x" * size)})
    assert answer.status_code == 200
    assert scene.stored() == ["first a", f"second {size}"]


def test_a_view_that_hides_the_error_does_not_claim_what_is_not_stored(client: Client) -> None:
    scene.events = [scene.end_connection]
    assert client.post("/hides/").status_code == 200
    assert scene.stored() == ["first", "second"]


def test_two_restarts_in_a_row_are_survived(client: Client) -> None:
    scene.events = [scene.end_connection, scene.end_connection]
    assert client.post("/form/", {"text": "a"}).status_code == 200
    assert scene.stored() == ["first a", "second 0"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_break_during_the_commit_is_told_and_never_repeated(client: Client, language: str) -> None:
    scene.events = [scene.end_connection]
    client.cookies["django_language"] = language
    answer = client.post("/ends/")
    assert answer.status_code == 503
    with translation.override(language):
        assert gettext("Please check whether it was saved") in answer.content.decode()
    assert "Retry-After" not in answer
    assert scene.calls == 1


def test_a_break_after_the_commit_leaves_the_good_answer(client: Client) -> None:
    scene.events = [scene.end_connection]
    assert client.post("/hook/").status_code == 200
    assert (scene.calls, scene.stored()) == (1, ["only"])


def test_an_exception_undoes_the_whole_form_and_is_not_repeated(client: Client) -> None:
    assert client.post("/mistake/").status_code == 500
    assert (scene.calls, scene.stored()) == (1, [])


def test_an_error_on_a_connection_that_works_is_not_repeated(client: Client) -> None:
    assert client.get("/wrong/").status_code == 500
    assert scene.calls == 1


def test_a_form_undone_by_a_deadlock_is_repeated(client: Client) -> None:
    scene.events = [scene.lock_crosswise]
    assert client.post("/locks/").status_code == 200
    assert (scene.calls, scene.stored()) == (2, ["only"])


def test_a_file_that_was_put_away_is_not_sent_again(client: Client, media: Path) -> None:
    """Storing a large file moves it; the form was not stored, and the person is told."""
    scene.events = [scene.end_connection]
    answer = client.post("/away/", {"file": SimpleUploadedFile("plan.pdf", b"x" * LARGE)})
    assert answer.status_code == 503
    assert gettext("The platform is not available at the moment") in answer.content.decode()
    assert (scene.calls, scene.stored()) == (1, [])


def test_nobody_waits_for_a_database_that_is_away_for_long(
    client: Client, server: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost, "WAIT_SECONDS", 1.0)
    assert client.get("/page/").status_code == 200
    server.stop("fast")
    try:
        for least, most in ((1.0, 5.0), (0.0, 1.0)):
            began = time.monotonic()
            answer = client.post("/form/", {"text": "a"})
            assert answer.status_code == 503
            assert answer["Retry-After"] == "30"
            assert least <= time.monotonic() - began < most
    finally:
        server.start()
    assert client.post("/form/", {"text": "b"}).status_code == 200
    assert scene.stored() == ["first b", "second 0"]


def test_readiness_is_answered_at_once(client: Client) -> None:
    scene.events = [scene.end_connection]
    assert client.get("/readyz").status_code == 500
    assert scene.calls == 1
