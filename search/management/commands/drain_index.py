import math
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from search.engines import EngineError, get_engine
from search.models import OutboxEntry
from search.outbox import drain

# Publishing shall be seen in the search within a second.
PAUSE_SECONDS = 0.5
# Editors choose the minute in which a page appears or expires.
SCHEDULE_SECONDS = 20


class Command(BaseCommand):
    """Bring what changed into the index: once, or as the worker's endless task.

    The worker also publishes and ends pages whose time has come.
    """

    help = "Bring changed pages into the search index. Exit status 0 only if nothing is left to do."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--follow", action="store_true", help="go on until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            get_engine()
        except EngineError as error:
            raise CommandError(str(error)) from error
        if options["follow"]:
            self._follow()
            return
        done = drain()
        pending = OutboxEntry.objects.pending().count()
        self.stdout.write(f"{done.synced} pages brought into the index, {done.failed} failed, {pending} waiting.")
        if pending:
            raise CommandError("The index does not yet equal the database.")

    def _follow(self) -> None:
        self.stdout.write("Waiting for changes. Stop with Ctrl+C.")
        looked_at_schedule = -math.inf
        try:
            while True:
                if time.monotonic() - looked_at_schedule >= SCHEDULE_SECONDS:
                    call_command("publish_scheduled")
                    looked_at_schedule = time.monotonic()
                done = drain()
                if done.synced or done.failed:
                    self.stdout.write(f"{done.synced} pages brought into the index, {done.failed} failed.")
                time.sleep(PAUSE_SECONDS)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
