"""manage.py load_examples: bodies, projects, articles and log-ins to try the platform with."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from examples import content
from examples.accounts import LOGINS, example_password, load_accounts
from examples.bodies import BodyLoader, is_loaded
from examples.cooperation import load_cooperation
from examples.demands import load_demands
from examples.knowledge import KnowledgeLoader
from examples.media import PictureShelf
from examples.plans import load_plans
from examples.register import load_register, load_services
from examples.reuse import load_reuse
from examples.solutions import load_solutions
from projects.management.printing import progress_bar


class Command(BaseCommand):
    help = "Loads the example content once; a second run changes nothing, whatever people edited or deleted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="load outside development")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError outside development, unless told otherwise."""
        if not (example_password() or options["force"]):
            raise CommandError(_("Example content is for development. Use --force to load it all the same."))
        if is_loaded():
            self.stdout.write(_("The example content is already there; nothing was changed."))
        else:
            self._load(options["verbosity"])
        self._print_logins()

    def _load(self, verbosity: int) -> None:
        bodies, articles = content.bodies(), content.articles()
        projects = content.projects()
        total = len(bodies) + len(projects) + len(articles)
        # One transaction: either all of it is there or nothing, so that an interrupted run can simply be repeated.
        with progress_bar(verbosity, _("pages")) as bar, transaction.atomic():
            bar.total = total
            load_register()
            load_services()
            loader = BodyLoader(PictureShelf())
            loader.load(bodies, bar.update)
            KnowledgeLoader(loader).load(articles, bar.update)
            load_accounts()
            load_plans()
            load_demands()
            load_reuse()
            load_cooperation()
            load_solutions()
        counts = {"bodies": len(bodies), "projects": len(projects), "articles": len(articles)}
        self.stdout.write(_("Loaded: %(bodies)d bodies, %(projects)d projects, %(articles)d articles.") % counts)

    def _print_logins(self) -> None:
        if not (password := example_password()):
            return
        self.stdout.write(_("Log-ins for /admin/ (password “%(password)s”):") % {"password": password})
        for login in LOGINS:
            self.stdout.write(f"  {login.email}  {login.role}")
