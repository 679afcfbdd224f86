"""manage.py start: everything `make start` needs beyond the environment, in one process, so that it takes seconds."""

import io
import os
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from wagtail.models import Site

from examples.accounts import example_password
from search.engines import IndexMissingError, get_engine

HERE = "127.0.0.1"
ADDRESS = f"{HERE}:8000"
# What Wagtail's site is called as long as nobody has named it.
UNNAMED = (HERE, "localhost")


class Command(BaseCommand):
    help = "Prepares database, example content and search index, then serves the platform for trying it out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", nargs="?", default=ADDRESS, help=f"host and port, {ADDRESS} by default")
        parser.add_argument("--prepare-only", action="store_true", help="stop before serving")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError outside development: the example log-ins are known to everybody."""
        if not example_password():
            raise CommandError(_("This serves example content with known passwords; it works in development only."))
        settings.VAR.mkdir(parents=True, exist_ok=True)
        migrate()
        call_command("load_examples")
        bring_index_up_to_date()
        if not options["prepare_only"]:
            lead_letters_to(options["address"])
            self._announce(options["address"])
            os.environ.setdefault("DJANGO_RUNSERVER_HIDE_WARNING", "true")
            start_worker()
            call_command("runserver", options["address"], use_reloader=False, skip_checks=True)

    def _announce(self, address: str) -> None:
        base = f"http://{address}/"
        self.stdout.write(_("The platform: %(url)s") % {"url": base})
        self.stdout.write(_("For editors and staff: %(url)s") % {"url": f"{base}admin/"})


def lead_letters_to(address: str) -> None:
    """Let links in letters lead to what is served here: they begin with BASE_URL, or with the site of Wagtail.

    A BASE_URL of the environment and a site that somebody has named stay.
    """
    host, _colon, port = address.rpartition(":")
    host = host or HERE
    if "BASE_URL" not in os.environ:
        settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = f"http://{host}:{port}"
    if Site.objects.filter(is_default_site=True, hostname__in=UNNAMED).update(hostname=host, port=port):
        Site.clear_site_root_paths_cache()


def start_worker() -> None:
    """Bring late changes into the index and publish on schedule, as the worker process does in production.

    A thread is enough for one machine, and it ends with the process, however that ends.
    """
    quiet = {"follow": True, "stdout": io.StringIO()}
    threading.Thread(target=call_command, args=("drain_index",), kwargs=quiet, daemon=True).start()


def migrate() -> None:
    """Bring the database to the state of the code; nothing is done when it is there already."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)


def bring_index_up_to_date() -> None:
    """Build the index where there is none of this version, else repair what differs from the database."""
    try:
        get_engine().count(audience="public")
    except IndexMissingError:
        # The worker brings in the meaning of texts afterwards, which takes a minute.
        call_command("rebuild_index", words_only=True)
    else:
        call_command("reconcile_index")
