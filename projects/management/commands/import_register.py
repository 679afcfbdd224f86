"""manage.py import_register FILE [--coordinates CSV]: the official register of municipalities."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from projects.importers.register import import_register
from projects.importers.reports import WrongFileError
from projects.management.printing import progress_bar, write_complaints, write_counts


class Command(BaseCommand):
    help = "Reads the official register (GV100AD): Länder, Kreise, associations, municipalities. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="GV100AD file, ISO-8859-1 or UTF-8")
        parser.add_argument("--coordinates", type=Path, metavar="CSV", help="table with the columns ars, lat, lon")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, with nothing changed, when a file is not what it should be."""
        verbosity: int = options["verbosity"]
        try:
            with progress_bar(verbosity, _("units")) as bar:
                report = import_register(options["file"], options["coordinates"], bar.update)
        except WrongFileError as error:
            raise CommandError(str(error)) from None
        write_complaints(self, report, verbosity)
        labels = {
            "states": _("Länder"),
            "districts": _("Kreise"),
            "associations": _("Associations"),
            "municipalities": _("municipalities"),
            "unincorporated_areas": _("Unincorporated areas"),
        }
        write_counts(self, report, labels)
        self.stdout.write(_("Inhabitants: %(count)d") % {"count": report.inhabitants})
        self.stdout.write(_("State of the register: %(date)s") % {"date": report.date})
