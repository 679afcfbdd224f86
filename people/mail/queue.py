"""Mail queue (a transactional outbox): a letter is stored with what caused it, and sent afterwards, with retries.

A page never waits for a mail server and never fails because of one. Letters may carry links that open an account, so
what has been sent is not kept, and nobody is shown what waits. Must not know what letters say.
"""

import smtplib
import threading
from collections.abc import Sequence
from datetime import timedelta
from email.utils import formatdate, make_msgid
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import timezone

from people.models import QueuedMail
from people.models.mail import LEASE

log = structlog.get_logger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
# With these waits three days; a link in a letter does not work for longer either.
MAX_ATTEMPTS = 21
PERMANENT_FAILURES = range(500, 600)  # RFC 5321, 4.2.1: the server will not change its mind
BATCH = 50


def letter(subject: str, text: str, to: list[str], headers: dict[str, str] | None = None) -> EmailMultiAlternatives:
    """A mail with plain text, and with HTML made from the same text, so that the two never differ."""
    subject = " ".join(subject.split())
    mail = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, to, headers=headers)
    paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    context = {"subject": subject, "paragraphs": paragraphs, "site_name": settings.WAGTAIL_SITE_NAME}
    mail.attach_alternative(render_to_string("people/mail.html", context), "text/html")
    return mail


class QueueBackend(BaseEmailBackend):
    """Django's way to send mail, which stores it: in the transaction of the caller, so that both hold or neither."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the mails and return how many. Raises ValueError for one with a file: links are sent, files are not."""
        for mail in email_messages:
            if mail.attachments:
                raise ValueError("Mails with attachments are not queued.")
        rows = [_row_of(mail) for mail in email_messages if mail.recipients()]
        return len(QueuedMail.objects.bulk_create(rows))


def _row_of(mail: EmailMessage) -> QueuedMail:
    html = [body for body, kind in getattr(mail, "alternatives", ()) if kind == "text/html"]
    # Set now: however often it is tried, a letter keeps its number and its date, and arrives once.
    headers = {"Message-ID": make_msgid(domain="platform.invalid"), "Date": formatdate(localtime=True)}
    if mail.reply_to:
        headers["Reply-To"] = ", ".join(mail.reply_to)
    return QueuedMail(
        sender=mail.from_email,
        recipients=mail.recipients(),
        subject=str(mail.subject),
        text=str(mail.body) if mail.content_subtype == "plain" else "",
        html=str(html[0]) if html else (str(mail.body) if mail.content_subtype == "html" else ""),
        headers={**headers, **mail.extra_headers},
    )


def send_due(limit: int = BATCH, until: threading.Event | None = None) -> int:
    """Send what is due, oldest first, at most `limit` and nothing more once `until` is set; returns how many went out.

    Without a mail server (EMAIL_URL) everything waits. A server that cannot be reached ends the run, and its failure
    counts for the first letter only; one that refuses a letter is asked for the next one.
    """
    if not settings.MAIL_DELIVERY_BACKEND:
        return 0
    connection = get_connection(settings.MAIL_DELIVERY_BACKEND)
    sent = 0
    try:
        for row in list(QueuedMail.objects.due()[:limit]):
            if until and until.is_set():
                break
            if not row.claim(LEASE):
                continue
            try:
                # Django opens a connection that is not open; opened here, a server that is away shows itself at once.
                connection.open()
                connection.send_messages([_mail_of(row, connection)])
            except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
                _note_refusal(row, error)
            except (OSError, smtplib.SMTPException) as error:
                _note_failure(row, error)
                break
            else:
                row.delete()
                sent += 1
    finally:
        _close(connection)
    return sent


def _mail_of(row: QueuedMail, connection: Any) -> EmailMessage:
    mail = EmailMultiAlternatives(
        row.subject, row.text, row.sender, row.recipients, headers=row.headers, connection=connection
    )
    if row.html:
        mail.attach_alternative(row.html, "text/html")
    return mail


def _note_refusal(row: QueuedMail, error: Exception) -> None:
    codes = [answer[0] for answer in getattr(error, "recipients", {}).values()] or [getattr(error, "smtp_code", 0)]
    if all(code in PERMANENT_FAILURES for code in codes) and not isinstance(error, smtplib.SMTPAuthenticationError):
        row.give_up(_described(error))
        log.warning("mail_given_up", mail=row.pk, attempts=row.attempts)
    else:
        _note_failure(row, error)


def _note_failure(row: QueuedMail, error: Exception) -> None:
    if row.attempts >= MAX_ATTEMPTS:
        row.give_up(_described(error))
        log.warning("mail_given_up", mail=row.pk, attempts=row.attempts)
        return
    row.try_again(timezone.now() + wait_after(row.attempts), _described(error))
    log.warning("mail_failed", mail=row.pk, attempts=row.attempts, error=type(error).__name__)


def wait_after(attempts: int) -> timedelta:
    """How long a letter waits after so many attempts; at least one, at most MAX_ATTEMPTS."""
    return min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail_connection_not_closed", error=str(error))
