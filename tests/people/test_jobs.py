"""Recurring jobs: each is run by one worker when it is due, and what fails is noted and tried again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail import hooks

from people.models import JobRun, QueuedMail
from people.operations.jobs import HOOK, RETRY_AFTER, Job, all_jobs, run_due

pytestmark = pytest.mark.django_db

Offer = Callable[..., None]


@pytest.fixture
def offer() -> Iterator[Offer]:
    """Replace the jobs of all apps by those of the test."""
    jobs: list[Job] = []
    kept = hooks._hooks.pop(HOOK, [])
    hooks.register(HOOK, lambda: jobs)

    def add(name: str, run: Callable[[], object], every: timedelta = timedelta(days=1)) -> None:
        jobs.append(Job(name, name, every, run))

    yield add
    hooks._hooks[HOOK] = kept


def make_due(name: str) -> None:
    JobRun.objects.filter(name=name).update(due_at=timezone.now() - timedelta(seconds=1))


def test_job_runs_once_until_it_is_due_again(offer: Offer) -> None:
    done: list[str] = []
    offer("count", lambda: done.append("x"))
    assert run_due() == ["count"]
    assert run_due() == []
    make_due("count")
    assert run_due() == ["count"]
    assert len(done) == 2


def test_second_worker_leaves_a_job_that_is_being_done(offer: Offer) -> None:
    nested: list[Any] = []
    offer("long", lambda: nested.append(run_due()))
    assert run_due() == ["long"]
    assert nested == [[]]


def test_job_that_fails_is_noted_and_stops_no_other(offer: Offer) -> None:
    def fail() -> None:
        raise RuntimeError("nicht zu erreichen")

    offer("bad", fail)
    offer("good", lambda: None)
    assert run_due() == ["good"]
    run = JobRun.objects.get(name="bad")
    assert run.last_error == "nicht zu erreichen"
    assert run.succeeded_at is None
    assert run.due_at <= timezone.now() + RETRY_AFTER
    assert JobRun.objects.get(name="good").succeeded_at is not None


def test_success_forgets_the_failure_before(offer: Offer) -> None:
    offer("job", lambda: None)
    run_due()
    JobRun.objects.update(last_error="früher")
    make_due("job")
    run_due()
    assert JobRun.objects.get(name="job").last_error == ""


def test_what_was_kept_long_enough_is_removed_without_anybody_asking() -> None:
    job = next(job for job in all_jobs() if job.name == "retention")
    assert job.every == timedelta(days=1)
    QueuedMail.objects.create(sender="a@example.org", recipients=["b@example.org"], subject="alt", is_dead=True)
    QueuedMail.objects.update(created_at=timezone.now() - timedelta(days=10_000))
    job.run()
    assert not QueuedMail.objects.exists()
