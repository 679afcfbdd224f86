from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.documents import searchable_page_ids
from search.engines import EngineError, get_engine
from search.whole import compare, rebuild, repair


class Command(BaseCommand):
    """Build the search index anew beside the one in use, swap them, and make sure it equals the database."""

    help = "Build the search index anew; searches go on meanwhile. Exit status 0 only if it equals the database."

    def handle(self, *args: Any, **options: Any) -> None:
        engine = get_engine()
        is_quiet = options["verbosity"] == 0 or not self.stderr.isatty()
        try:
            with tqdm(total=len(searchable_page_ids()), unit=" pages", disable=is_quiet) as bar:
                documents = rebuild(engine, bar.update)
            difference = compare(engine)
            if difference.differing:
                repair(engine, difference)
                difference = compare(engine)
        except EngineError as error:
            raise CommandError(str(error)) from error
        if difference.differing:
            raise CommandError(f"{len(difference.differing)} pages differ between index and database.")
        self.stdout.write(f"{documents} documents are in the index.")
