"""manage.py remind: asks for what is to be confirmed; the worker does it once a day."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from people.freshness import reminders as freshness_reminders


class Command(BaseCommand):
    help = "Marks entries as due or orphaned and writes to their contacts and teams; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        applied = freshness_reminders.run()
        self.stdout.write(
            _(
                "Entries that became due: %(became_due)d, asked about: %(reminded)d, orphaned: %(orphaned)d; "
                "letters written: %(letters)d."
            )
            % asdict(applied)
        )
