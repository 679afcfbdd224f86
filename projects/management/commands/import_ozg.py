"""manage.py import_ozg LEISTUNGEN.csv LEIKA.csv: the catalogues of the Onlinezugangsgesetz."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from projects.importers.ozg import import_ozg
from projects.importers.reports import WrongFileError
from projects.management.printing import progress_bar, write_complaints, write_counts


class Command(BaseCommand):
    help = "Reads the OZG catalogues: Themenfelder, OZG services, service keys with their type. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("services", type=Path, help="table with the columns ozg_id, name, lage, themenfeld")
        parser.add_argument("keys", type=Path, help="table with the columns leika_schluessel, name, leika_typ, ozg_id")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, with nothing changed, when a file is not what it should be."""
        verbosity: int = options["verbosity"]
        try:
            with progress_bar(verbosity, _("rows")) as bar:
                report = import_ozg(options["services"], options["keys"], bar.update)
        except WrongFileError as error:
            raise CommandError(str(error)) from None
        write_complaints(self, report, verbosity)
        labels = {"fields": _("OZG fields"), "services": _("OZG services"), "keys": _("Service keys")}
        write_counts(self, report, labels)
