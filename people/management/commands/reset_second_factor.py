"""manage.py reset_second_factor ADDRESS: for somebody who lost telephone, key and recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from people.models import User


class Command(BaseCommand):
    help = "Removes all second factors of an account and ends its sessions; the next log-in leads to setting one up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="e-mail address of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for an unknown address."""
        user = User.objects.filter(email__iexact=options["address"]).first()
        if user is None:
            raise CommandError(_("There is no account with the address %(address)s.") % {"address": options["address"]})
        Authenticator.objects.filter(user=user).delete()
        for session in UserSession.objects.filter(user=user):
            session.end()
        self.stdout.write(_("The second factor of %(address)s was removed.") % {"address": user.email})
