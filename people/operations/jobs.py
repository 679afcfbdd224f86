"""What has to happen again and again without a person: each job is claimed by one worker, and its last run is kept.

An app offers its jobs with the hook `register_jobs`, whose receivers return a list of Job. Must not know what a job
does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from wagtail import hooks

from people.models import JobRun

log = structlog.get_logger(__name__)

HOOK = "register_jobs"
# A worker that is killed at work leaves the job to another after this time.
LEASE = timedelta(minutes=30)
# A job that failed is tried again after this time, or earlier if it is due more often.
RETRY_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Job:
    """`name` is its key in the database, `label` what staff read; `run` may do its work in any number of steps."""

    name: str
    label: Any
    every: timedelta
    run: Callable[[], object]


def all_jobs() -> list[Job]:
    return [job for offer in hooks.get_hooks(HOOK) for job in offer()]


def run_due() -> list[str]:
    """Run the jobs whose time has come; returns the names of those that succeeded.

    A job that fails is noted and leaves the others alone. Raises OperationalError or InterfaceError: then nothing can
    be noted, and the worker waits for the database.
    """
    return [job.name for job in all_jobs() if JobRun.objects.claim(job.name, LEASE) and _run(job)]


def _run(job: Job) -> bool:
    try:
        job.run()
    except (InterfaceError, OperationalError):
        raise
    except Exception as error:  # what one job did not foresee must not stop the others; staff see it
        log.exception("job_failed", job=job.name)
        _of(job).note_failure(timezone.now() + min(job.every, RETRY_AFTER), str(error) or type(error).__name__)
        return False
    _of(job).note_success(timezone.now() + job.every)
    return True


def _of(job: Job) -> JobRun:
    return JobRun.objects.get(name=job.name)
