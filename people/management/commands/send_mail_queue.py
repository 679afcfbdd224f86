"""manage.py send_mail_queue: sends the letters that wait."""

import time
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _

from people.mail import send_due
from people.models import QueuedMail

log = structlog.get_logger(__name__)

# Somebody waits for a link to set a new password.
PAUSE_SECONDS = 5


class Command(BaseCommand):
    help = "Sends the letters that are due, once or until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--follow", action="store_true", help="go on until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends with status 0 if nothing due is left."""
        if not options["follow"]:
            self._send_once()
            return
        while True:
            try:
                send_due()
            except (OperationalError, InterfaceError) as error:
                # The database is away or busy: the letters wait in it.
                log.warning("mail_queue_unreachable", error=str(error))
                connection.close()
            time.sleep(PAUSE_SECONDS)

    def _send_once(self) -> None:
        if not settings.MAIL_DELIVERY_BACKEND:
            self.stdout.write(_("No mail server is named (EMAIL_URL): letters wait."))
        sent = 0
        while batch := send_due():
            sent += batch
        waiting = QueuedMail.objects.filter(is_dead=False).count()
        self.stdout.write(_("Sent: %(sent)d. Waiting: %(waiting)d.") % {"sent": sent, "waiting": waiting})
        if QueuedMail.objects.due().exists() and settings.MAIL_DELIVERY_BACKEND:
            raise SystemExit(1)
