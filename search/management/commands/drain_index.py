import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people.mail.worker import sending
from search.engines import EngineError, get_engine, get_fallback
from search.indexing.outbox import drain, drain_fallback
from search.indexing.upkeep import Worker, learn_meaning
from search.models import FALLBACK, OutboxEntry


class Command(BaseCommand):
    """Bring what changed into the index: once, or as the worker's endless task.

    The worker also publishes and ends pages whose time has come, sends letters, does the recurring jobs of all apps,
    builds an index that is missing, and compares the index with the database once a day and whenever the engine was
    away.
    """

    help = "Bring changed pages into the search index. Exit status 0 only if nothing is left to do."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--follow", action="store_true", help="go on until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            get_engine()
            has_fallback = get_fallback() is not None
        except EngineError as error:
            raise CommandError(str(error)) from error
        if options["follow"]:
            self._follow()
            return
        done = drain()
        pending = OutboxEntry.objects.pending().count()
        self.stdout.write(f"{done.synced} pages brought into the index, {done.failed} failed, {pending} waiting.")
        if not pending:
            learn_meaning()
            pending = OutboxEntry.objects.pending().count()
        error_of_fallback = drain_fallback().error
        if pending:
            given_up = OutboxEntry.objects.given_up().count()
            reason = f" {given_up} pages were given up." if given_up else ""
            raise CommandError(f"The index does not yet equal the database.{reason} {done.error}".rstrip())
        if has_fallback and OutboxEntry.objects.pending(FALLBACK).exists():
            raise CommandError(f"The fall-back index does not yet equal the database. {error_of_fallback}".rstrip())

    def _follow(self) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, stop)
        self.stdout.write("Waiting for changes. Stop with Ctrl+C.")
        try:
            with sending():
                Worker(self.stdout.write).follow()
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")


def stop(number: int, frame: FrameType | None) -> None:
    """End as with Ctrl+C: what was claimed is given back at once, for another worker."""
    raise KeyboardInterrupt
