"""What this app says on the system page: worker and jobs, mail, storage, versions."""

import platform
import shutil
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Min
from django.template.defaultfilters import date, filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from pages.retries import QueueState
from people.mail.queue_views import address_of_list
from people.models import JobRun, QueuedMail
from people.operations.jobs import Job, all_jobs
from people.operations.system import Fact, Health, Section

HEARTBEAT = "heartbeat"
HEARTBEAT_EVERY = timedelta(minutes=1)
# A worker is busy for minutes while it builds an index; jobs wait for the end of that.
SILENT_AFTER = timedelta(minutes=10)
# A letter that waits longer than this has met more than a slow server.
MAIL_LATE_AFTER = timedelta(hours=1)
# With less room than this an upload or an index build may fail.
LEAST_FREE_BYTES = 2 * 1024**3
# That it ran is all there is to know.
JOBS = [Job(HEARTBEAT, _("Sign of life"), HEARTBEAT_EVERY, lambda: None)]
PACKAGES = ("Django", "wagtail", "django-allauth", "tantivy", "elasticsearch")


def worker() -> Section:
    """Whether somebody does what has to be done without a person, and how each job went."""
    runs = {run.name: run for run in JobRun.objects.all()}
    return Section(_("Worker and recurring jobs"), [_heartbeat(runs), *(_job(job, runs) for job in _shown_jobs())])


def _shown_jobs() -> list[Job]:
    return [job for job in all_jobs() if job.name != HEARTBEAT]


def _heartbeat(runs: dict[str, JobRun]) -> Fact:
    run = runs.get(HEARTBEAT)
    seen = run.succeeded_at if run else None
    if seen and timezone.now() - seen < SILENT_AFTER:
        return Fact(_("Worker"), _("at work"))
    value = _("silent for %(time)s") % {"time": timesince(seen)} if seen else _("never seen")
    advice = _("Mails, reminders and changes of the index wait. Start it: manage.py drain_index --follow")
    return Fact(_("Worker"), value, Health.BAD, advice)


def _job(job: Job, runs: dict[str, JobRun]) -> Fact:
    run = runs.get(job.name)
    if run is None or run.began_at is None:
        return Fact(job.label, _("has not run yet"))
    last = date(timezone.localtime(run.succeeded_at), "SHORT_DATETIME_FORMAT") if run.succeeded_at else _("never")
    if run.last_error:
        return Fact(job.label, _("failed; last success: %(time)s") % {"time": last}, Health.BAD, run.last_error)
    return Fact(job.label, _("last success: %(time)s") % {"time": last})


def mail() -> Section:
    """What waits to be sent, and what never was."""
    waiting = QueuedMail.objects.filter(is_dead=False)
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    given_up = QueuedMail.objects.given_up().count()
    if settings.MAIL_DELIVERY_BACKEND:
        server = Fact(_("Mail server"), _("set"))
    else:
        server = Fact(_("Mail server"), _("none"), Health.BAD, _("All letters wait until EMAIL_URL names one."))
    is_late = oldest is not None and timezone.now() - oldest > MAIL_LATE_AFTER
    value = (
        _("%(count)d, the oldest for %(time)s") % {"count": waiting.count(), "time": timesince(oldest)} if oldest else 0
    )
    return Section(
        _("Mail"),
        [
            server,
            Fact(_("Waiting letters"), value, Health.BAD if is_late else Health.GOOD, url=address_of_list()),
            Fact(
                _("Letters given up"),
                given_up,
                Health.BAD if given_up else Health.GOOD,
                url=address_of_list(QueueState.GIVEN_UP),
            ),
        ],
    )


def storage() -> Section:
    """Room for files and index, the database, the cache."""
    places = ((_("Room for files"), settings.MEDIA_ROOT), (_("Room for data"), settings.VAR))
    return Section(_("Storage"), [*(_room(label, Path(path)) for label, path in places), _cache()])


def _room(label: object, path: Path) -> Fact:
    existing = next((folder for folder in (path, *path.parents) if folder.exists()), Path("/"))
    free = shutil.disk_usage(existing).free
    is_scarce = free < LEAST_FREE_BYTES
    advice = _("Uploads and the building of an index may fail.") if is_scarce else ""
    value = _("%(size)s free") % {"size": filesizeformat(free)}
    return Fact(label, value, Health.BAD if is_scarce else Health.GOOD, advice)


def _cache() -> Fact:
    """Sessions' limits and counters live there; without it pages work, and attempts are not counted."""
    cache.set("system-page", 1, 10)
    if cache.get("system-page") == 1:
        return Fact(_("Shared cache"), _("it answers"))
    return Fact(_("Shared cache"), _("does not answer"), Health.BAD, _("Attempts to log in are not counted meanwhile."))


def versions() -> Section:
    """What runs here, for a report to the developers."""
    facts = [Fact("Python", platform.python_version()), Fact(connection.display_name, _database_version())]
    facts += [Fact(package, version(package)) for package in PACKAGES]
    return Section(_("Versions"), facts)


def _database_version() -> str:
    return ".".join(str(part) for part in connection.get_database_version())
