"""The worker sends letters beside the rest: neither waits for the other, and what goes wrong ends neither."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from people.mail import worker as sender
from people.mail.queue import letter
from people.mail.worker import LAST_LETTER_SECONDS, sending
from people.models import QueuedMail
from search.engines import Engine
from tests.people.mail_server import Sink, mail_server
from tests.processes import ROOT, environment_of_test

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.process]

# A process starts in seconds; a machine that also runs other tests takes longer.
PATIENCE_SECONDS = 60.0


@pytest.fixture(autouse=True)
def _queue(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_BACKEND = "people.mail.queue.QueueBackend"
    monkeypatch.setattr(sender, "PAUSE_SECONDS", 0.05)


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    assert is_so()


def write() -> None:
    letter("Guten Tag", "Bitte öffnen.", ["person@example.org"]).send()


def test_worker_process_sends_what_waits_and_ends_when_told(engine: Engine, settings: Any, tmp_path: Path) -> None:
    with mail_server(Sink(), settings) as sink:
        address = {"EMAIL_URL": f"smtp://{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"}
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "drain_index", "--follow"],
            cwd=ROOT,
            env={**environment_of_test(tmp_path), **address},
            stdout=subprocess.DEVNULL,
        )
        try:
            for number in (1, 2):
                write()
                wait_until(lambda number=number: len(sink.letters) == number)  # type: ignore[misc]
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(PATIENCE_SECONDS) == 0
        finally:
            worker.kill()
            worker.wait()
    assert not QueuedMail.objects.exists()


def test_mail_server_that_hangs_holds_up_nothing(settings: Any) -> None:
    settings.EMAIL_TIMEOUT = PATIENCE_SECONDS
    write()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        before = time.monotonic()
        with sending():
            accepted, _address = silent.accept()
            assert QueuedMail.objects.get().attempts == 1, "it is being sent, and waits for the server's greeting"
        assert time.monotonic() - before < LAST_LETTER_SECONDS + 5
        accepted.close()
    wait_until(lambda: "Disconnected" in QueuedMail.objects.get().last_error)


@pytest.mark.parametrize("error", [OperationalError("server closed the connection"), RuntimeError("not foreseen")])
def test_sending_goes_on_after_a_fault(settings: Any, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    faults = [error, error]
    real = sender.send_due

    def broken_twice(**options: Any) -> int:
        if faults:
            raise faults.pop()
        return real(**options)

    monkeypatch.setattr(sender, "send_due", broken_twice)
    write()
    with mail_server(Sink(), settings) as sink, sending():
        wait_until(lambda: len(sink.letters) == 1)
    assert connection.is_usable(), "the connection of the thread that asked stays open"


def test_letter_under_way_is_finished_and_the_next_one_waits(settings: Any) -> None:
    """Nothing is sent twice because a worker was stopped."""

    class Slow(Sink):
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (its protocol)
            is_over.append(True)
            time.sleep(0.5)
            return await super().handle_DATA(server, session, envelope)

    is_over: list[bool] = []
    write()
    write()
    with mail_server(Slow(), settings) as sink:
        with sending():
            wait_until(lambda: bool(is_over))
        assert len(sink.letters) == 1
    assert QueuedMail.objects.get().attempts == 0
