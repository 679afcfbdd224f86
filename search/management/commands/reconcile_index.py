from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.engines import EngineError, get_engine
from search.whole import compare, repair


class Command(BaseCommand):
    """The nightly comparison: whatever no signal told of (bulk updates, restored backups) is repaired."""

    help = "Compare the search index with the database and repair it. Exit status 0 only if they are equal in the end."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only report; exit status 1 if anything differs")

    def handle(self, *args: Any, **options: Any) -> None:
        engine = get_engine()
        try:
            before = compare(engine)
            self.stdout.write(
                f"{before.documents} documents; pages missing: {len(before.missing)}, "
                f"outdated: {len(before.stale)}, left over: {len(before.orphaned)}."
            )
            if not before.differing:
                return
            if options["dry_run"]:
                raise CommandError("The index differs from the database.")
            repair(engine, before)
            after = compare(engine)
        except EngineError as error:
            raise CommandError(str(error)) from error
        if after.differing:
            raise CommandError(f"{len(after.differing)} pages still differ.")
        self.stdout.write("Repaired.")
