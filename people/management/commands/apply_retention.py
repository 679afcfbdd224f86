"""manage.py apply_retention: removes what has been kept long enough."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from people.privacy import retention


class Command(BaseCommand):
    help = "Tells owners of unused accounts, erases those told long ago, and removes what RETENTION_DAYS limits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        result = retention.apply(is_rehearsal=options["dry_run"])
        if options["dry_run"]:
            self.stdout.write(_("Nothing was changed. This would happen:"))
        self.stdout.write(
            _(
                "Owners of unused accounts told: %(announced)d. Accounts erased: %(erased)d. Removed: %(mails)d mails "
                "that were given up, %(reports)d answered barrier reports, %(sessions)d ended sessions, "
                "%(joining)d requests and invitations, the personal data of %(questions)d questions to projects, the "
                "way back of %(removals)d deleted or merged entries."
            )
            % asdict(result)
        )
