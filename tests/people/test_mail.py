"""Letters wait in the database and are sent afterwards: no mail server stops nothing, and none is sent twice."""

import socket
from datetime import timedelta
from email.message import EmailMessage as EmailMessageFromBytes
from email.message import Message
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage, send_mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from people.mail.queue import MAX_ATTEMPTS, letter, send_due, wait_after
from people.models import QueuedMail
from people.models.mail import LEASE
from tests.factories import UserFactory
from tests.people.mail_server import Sink, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queue(settings: Any) -> None:
    settings.EMAIL_BACKEND = "people.mail.queue.QueueBackend"
    settings.EMAIL_TIMEOUT = 5


def write(address: str = "person@example.org") -> None:
    letter("Guten Tag", "Bitte öffnen:\n\nhttps://example.org/x", [address]).send()


def text_of(message: Message) -> str:
    assert isinstance(message, EmailMessageFromBytes)
    plain = message.get_body(("plain",))
    assert plain
    return str(plain.get_content())


def later(**waiting: float) -> None:
    """Let all letters be due again after so long."""
    QueuedMail.objects.update(next_try_at=timezone.now() - timedelta(**waiting))


def test_letter_reaches_the_mailbox_as_text_and_html_and_leaves_no_copy(settings: Any) -> None:
    write()
    with mail_server(Sink(), settings) as sink:
        assert send_due() == 1
    [(recipients, message)] = sink.letters
    assert recipients == ["person@example.org"]
    assert message["Subject"] == "Guten Tag"
    plain, html = message.iter_parts()  # type: ignore[attr-defined]
    assert "Bitte öffnen:" in plain.get_content()
    assert '<a href="https://example.org/x"' in html.get_content()
    assert not QueuedMail.objects.exists()


def test_without_a_mail_server_pages_work_and_letters_wait(client: Client, settings: Any) -> None:
    settings.MAIL_DELIVERY_BACKEND = ""
    answer = client.post("/konto/passwort/vergessen/", {"email": UserFactory().email})
    assert answer.status_code == 302
    assert send_due() == 0
    assert QueuedMail.objects.get().attempts == 0
    with mail_server(Sink(), settings) as sink:
        send_due()
    assert "/konto/passwort/neu/" in text_of(sink.letters[0][1])


def test_server_that_is_away_is_tried_later_and_costs_the_first_letter_an_attempt(settings: Any) -> None:
    write("erste@example.org")
    write("zweite@example.org")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = unused.getsockname()
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert send_due() == 0
    first, second = QueuedMail.objects.order_by("pk")
    assert (first.attempts, second.attempts) == (1, 0)
    assert "Refused" in first.last_error
    with mail_server(Sink(), settings) as sink:
        assert send_due() == 1, "the first letter waits its minute"
        later(seconds=1)
        assert send_due() == 1
    assert [recipients for recipients, _ in sink.letters] == [["zweite@example.org"], ["erste@example.org"]]


def test_waiting_grows_with_every_attempt(settings: Any) -> None:
    write()
    waits = []
    with mail_server(Sink(*["451 later"] * 4), settings):
        for _ in range(4):
            send_due()
            waits.append(QueuedMail.objects.get().next_try_at - timezone.now())
            later(seconds=1)
    assert timedelta(seconds=30) < waits[0] <= timedelta(minutes=1)
    assert all(later_on > before * 1.5 for before, later_on in pairwise(waits))


def test_letter_is_tried_for_three_days() -> None:
    waits = [wait_after(attempts) for attempts in range(1, MAX_ATTEMPTS)]
    assert max(waits) == timedelta(hours=6)
    assert timedelta(days=3) <= sum(waits, timedelta()) < timedelta(days=3, hours=6)


def test_letter_refused_for_good_is_given_up_and_goes_out_when_somebody_has_it_tried_again(settings: Any) -> None:
    write("weg@example.org")
    write("da@example.org")
    with mail_server(Sink("550 no such mailbox"), settings) as sink:
        assert send_due() == 1
    dead = QueuedMail.objects.get()
    assert dead.is_dead
    assert "no such mailbox" in dead.last_error
    assert sink.letters[0][0] == ["da@example.org"]
    assert QueuedMail.objects.retry() == 1
    with mail_server(sink, settings):
        assert send_due() == 1
    assert "https://example.org/x" in text_of(sink.letters[1][1])


def test_letter_is_given_up_after_its_last_attempt(settings: Any) -> None:
    write()
    QueuedMail.objects.update(attempts=MAX_ATTEMPTS - 2)
    with mail_server(Sink("451 later", "451 later"), settings):
        send_due()
        assert not QueuedMail.objects.get().is_dead
        later(seconds=1)
        send_due()
    assert QueuedMail.objects.get().is_dead


def test_letter_that_is_being_sent_is_not_retried_so_it_arrives_once() -> None:
    write()
    assert QueuedMail.objects.get().claim(LEASE)
    assert QueuedMail.objects.retry() == 0
    QueuedMail.objects.update(next_try_at=timezone.now() + 2 * LEASE)
    assert QueuedMail.objects.get().is_retriable
    assert QueuedMail.objects.retry() == 1
    assert QueuedMail.objects.due().get().attempts == 0


def test_two_workers_send_a_letter_once(settings: Any) -> None:
    write()
    mine, theirs = QueuedMail.objects.get(), QueuedMail.objects.get()
    assert mine.claim(LEASE)
    assert not theirs.claim(LEASE)
    with mail_server(Sink(), settings) as sink:
        assert send_due() == 0
    assert not sink.letters


def test_worker_that_read_a_letter_before_another_tried_it_leaves_it(settings: Any) -> None:
    write()
    read_long_ago = QueuedMail.objects.get()
    with mail_server(Sink("451 later"), settings):
        send_due()
    later(minutes=1, seconds=1)
    assert QueuedMail.objects.due().exists()
    assert not read_long_ago.claim(LEASE)


def test_attempts_keep_number_and_date_of_the_letter(settings: Any) -> None:
    write()
    stored = QueuedMail.objects.get().headers
    with mail_server(Sink("451 later"), settings) as sink:
        send_due()
        later(seconds=1)
        send_due()
    assert sink.letters[0][1]["Message-ID"] == stored["Message-ID"]


def test_limit_of_a_run_is_kept(settings: Any) -> None:
    for number in range(3):
        write(f"person{number}@example.org")
    with mail_server(Sink(), settings):
        assert send_due(2) == 2
    assert QueuedMail.objects.count() == 1


def test_letter_of_a_change_that_was_rolled_back_is_not_sent() -> None:
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    assert not QueuedMail.objects.exists()


def test_plain_mails_of_wagtail_go_the_same_way(settings: Any) -> None:
    send_mail("Betreff", "Text", None, ["person@example.org"])
    with mail_server(Sink(), settings) as sink:
        send_due()
    assert sink.letters[0][1].get_content_type() == "text/plain"


def test_files_are_not_sent() -> None:
    attached = EmailMessage("Betreff", "Text", to=["person@example.org"], attachments=[("a.txt", "x", "text/plain")])
    with pytest.raises(ValueError, match="attachments"):
        attached.send()


def test_command_sends_all_and_says_what_waits(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    write()
    settings.MAIL_DELIVERY_BACKEND = ""
    call_command("send_mail_queue")
    assert "Wartend: 1" in capsys.readouterr().out
    with mail_server(Sink(), settings):
        call_command("send_mail_queue")
    assert "Gesendet: 1" in capsys.readouterr().out
    assert not mail.outbox
