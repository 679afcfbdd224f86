"""manage.py send_digest: the letter about checks that the worker writes once a week."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from people.moderation import digest as moderation_digest


class Command(BaseCommand):
    help = "Writes to the centre's staff what waits to be checked; nothing to say, no letter."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(_("Letters written: %(count)d") % {"count": moderation_digest.send()})
