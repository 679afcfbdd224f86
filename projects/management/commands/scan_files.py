"""`manage.py scan_files`: have stored files checked for viruses, as the worker does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projects.uploads import scanner
from projects.uploads.scanning import scan_due


class Command(BaseCommand):
    help = "Check files without a verdict, and those checked long ago; ends with 0 if none is left and none is harmful."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="check every file anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if not scanner.is_configured():
            raise CommandError("No virus scanner is configured: set CLAMD_URL.")
        done = scan_due(everything=options["all"])
        self.stdout.write(
            f"{done.clean} clean, {done.infected} harmful, {done.missing} missing, {done.waiting} still waiting"
        )
        if done.infected or done.waiting:
            raise CommandError("Not every file is clean.")
