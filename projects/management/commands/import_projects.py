"""manage.py import_projects FILE.jsonl: projects of a list, one JSON object a line."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from projects.importers.lines import read_entries
from projects.importers.projects import ProjectReport, import_entries
from projects.importers.reports import WrongFileError
from projects.management.printing import progress_bar, write_complaints


class Command(BaseCommand):
    help = "Reads projects from JSON lines. Safe to repeat; what a person edited since stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="one project a line, JSON in UTF-8")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the file cannot be read or none of its lines is a project."""
        verbosity: int = options["verbosity"]
        try:
            with progress_bar(verbosity, _("projects")) as bar:
                report = import_entries(read_entries(options["file"]), bar.update)
        except WrongFileError as error:
            raise CommandError(str(error)) from None
        write_complaints(self, report, verbosity)
        self.write_counts(report)
        if len(report.bad_lines) == report.read:
            raise CommandError(_("%(path)s contains no project that could be read.") % {"path": options["file"]})

    def write_counts(self, report: ProjectReport) -> None:
        counts = {
            _("Projects read"): report.read,
            _("created"): report.created,
            _("updated"): report.updated,
            _("unchanged"): report.unchanged,
            _("kept as a person left them"): report.kept,
            _("lines left out"): len(report.bad_lines),
            _("summaries cut"): report.cut_summaries,
            _("new bodies"): report.new_bodies,
            _("proposed tags"): report.proposed_tags,
        }
        for label, number in counts.items():
            self.stdout.write(f"{label}: {number}")
