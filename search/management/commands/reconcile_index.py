from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.engines import Engine, EngineError, get_engine, get_fallback
from search.indexing.documents import searchable_page_ids
from search.indexing.rebuild import Comparison, compare
from search.indexing.upkeep import reconcile
from search.models import FALLBACK, IN_USE, IndexCheck


class Command(BaseCommand):
    """The comparison the worker makes every day: whatever no signal told of (restored backups) is repaired."""

    help = "Compare the search index with the database and repair it. Exit status 0 only if they are equal in the end."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only report; exit status 1 if anything differs")

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_quiet = options["verbosity"] == 0 or not self.stderr.isatty()
        try:
            indexes: list[tuple[str, Engine]] = [(IN_USE, get_engine())]
            if fallback := get_fallback():
                indexes.append((FALLBACK, fallback))
            differing = [index for index, engine in indexes if not self._is_equal(index, engine, options["dry_run"])]
        except EngineError as error:
            raise CommandError(str(error)) from error
        if differing:
            raise CommandError("The index differs from the database.")

    def _is_equal(self, index: str, engine: Engine, is_dry_run: bool) -> bool:
        """Compare one index, repair it unless told not to, and report."""
        if index == FALLBACK:
            self.stdout.write("The fall-back index:")
        with tqdm(total=len(searchable_page_ids()), unit=" pages", disable=self.is_quiet) as bar:
            found = left = compare(engine, bar.update)
        IndexCheck.objects.note_compared(index, len(found.differing))
        self._report(found)
        if not found.is_equal and not is_dry_run:
            left = reconcile(engine, index)[1]
            if left.is_equal:
                self.stdout.write("Repaired.")
            else:
                self.stdout.write("After the repair:")
                self._report(left)
        return left.is_equal

    def _report(self, comparison: Comparison) -> None:
        self.stdout.write(
            f"{comparison.documents} documents in the database, {comparison.indexed} in the index.\n"
            f"Documents missing: {comparison.missing_documents}, outdated: {comparison.stale_documents}, "
            f"left over: {comparison.orphaned_documents}.\n"
            f"Pages missing: {len(comparison.missing)}, outdated: {len(comparison.stale)}, "
            f"left over: {len(comparison.orphaned)}."
        )
        if comparison.unreadable:
            self.stdout.write(f"Pages that cannot be read: {', '.join(map(str, sorted(comparison.unreadable)))}.")
