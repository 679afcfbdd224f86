from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.engines import Engine, EngineError, get_engine, get_fallback
from search.indexing.documents import searchable_page_ids
from search.indexing.meaning import pending
from search.indexing.outbox import Drained, bring_in, bring_into_fallback
from search.indexing.rebuild import Comparison, rebuild
from search.indexing.upkeep import learn_meaning, reconcile
from search.models import FALLBACK, IN_USE, OutboxEntry

BRING = {IN_USE: bring_in, FALLBACK: bring_into_fallback}


class Command(BaseCommand):
    """Build the search index anew beside the one in use, swap them, and make sure it equals the database."""

    help = "Build the search index anew; searches go on meanwhile. Exit status 0 only if it equals the database."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--rollback", action="store_true", help="go back to the index before the last rebuild")
        parser.add_argument("--words-only", action="store_true", help="leave the meaning of texts to the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_quiet = options["verbosity"] == 0 or not self.stderr.isatty()
        try:
            engine, fallback = get_engine(), get_fallback()
            if options["rollback"]:
                engine.rollback()
                self.stdout.write("The earlier index is in use again.")
                self._return_to_equal(engine)
                return
            self._rebuild(engine, IN_USE)
            if fallback:
                self.stdout.write("The fall-back index:")
                self._rebuild(fallback, FALLBACK)
            if not options["words_only"]:
                with tqdm(total=pending(), unit=" meanings", disable=self.is_quiet) as bar:
                    learn_meaning(bar.update)
        except EngineError as error:
            raise CommandError(str(error)) from error

    def _rebuild(self, engine: Engine, index: str) -> None:
        with tqdm(total=len(searchable_page_ids()), unit=" pages", disable=self.is_quiet) as bar:
            rebuilt = rebuild(engine, bar.update, index)
        for page_id, reason in rebuilt.failed.items():
            self.stderr.write(f"Page {page_id} is not in the index: {reason}")
        if rebuilt.failed:
            raise CommandError(f"{len(rebuilt.failed)} pages are not in the index.")
        # Compared before the swap; what changed since is in the outbox.
        BRING[index](engine, Drained())
        if waiting := OutboxEntry.objects.pending(index).count():
            raise CommandError(f"{waiting} pages that changed meanwhile could not be brought in.")
        self.stdout.write(f"{rebuilt.documents} documents are in the index, {rebuilt.in_database} in the database.")

    def _return_to_equal(self, engine: Engine) -> None:
        """Bring in what an earlier index lacks. Raises CommandError unless index and database are equal."""
        left: Comparison = reconcile(engine, IN_USE)[1]
        if not left.is_equal:
            raise CommandError(
                f"{len(left.differing)} pages differ between index and database, {len(left.unreadable)} cannot be read."
            )
        self.stdout.write(f"{left.indexed} documents are in the index, {left.documents} in the database.")
