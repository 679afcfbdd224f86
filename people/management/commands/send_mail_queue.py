"""manage.py send_mail_queue: sends the letters that wait, without waiting for the worker."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from people.mail.queue import send_due
from people.models import QueuedMail


class Command(BaseCommand):
    help = "Sends the letters that are due, once. The worker does so all the time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends with status 0 if nothing due is left."""
        if not settings.MAIL_DELIVERY_BACKEND:
            self.stdout.write(_("No mail server is named (EMAIL_URL): letters wait."))
        sent = 0
        while batch := send_due():
            sent += batch
        waiting = QueuedMail.objects.filter(is_dead=False).count()
        self.stdout.write(_("Sent: %(sent)d. Waiting: %(waiting)d.") % {"sent": sent, "waiting": waiting})
        if QueuedMail.objects.due().exists() and settings.MAIL_DELIVERY_BACKEND:
            raise SystemExit(1)
