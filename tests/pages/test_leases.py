"""Who takes a row has it for the length of the lease; then somebody else may take it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from pages.leases import LeasedQuerySet
from people.models import JobRun, QueuedMail
from search.models import IN_USE, IndexCheck, OutboxEntry

pytestmark = pytest.mark.django_db

LEASE = timedelta(minutes=5)
# Any leased row shows the rule.
ROWS: LeasedQuerySet[JobRun] = JobRun.objects.all()


def due(name: str = "job", ago: timedelta = timedelta(0)) -> JobRun:
    row: JobRun = JobRun.objects.create(name=name, due_at=timezone.now() - ago)
    return row


def test_row_is_taken_once() -> None:
    due()
    assert ROWS.take(LEASE) == 1
    assert ROWS.take(LEASE) == 0


def test_row_whose_time_has_not_come_is_not_taken() -> None:
    due(ago=-timedelta(minutes=1))
    assert not ROWS.free().exists()
    assert ROWS.take(LEASE) == 0


def test_lease_of_a_process_that_died_runs_out() -> None:
    due()
    assert ROWS.take(LEASE) == 1
    left = JobRun.objects.get().due_at - timezone.now()
    assert LEASE - timedelta(minutes=1) < left <= LEASE
    JobRun.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert ROWS.take(LEASE) == 1


def test_taking_changes_the_rows_that_are_taken_and_no_others() -> None:
    due("free")
    due("taken", ago=-timedelta(minutes=1))
    assert ROWS.take(LEASE, last_error="noted") == 1
    assert dict(JobRun.objects.values_list("name", "last_error")) == {"free": "noted", "taken": ""}


@pytest.mark.django_db(transaction=True)
def test_of_two_that_ask_at_once_one_gets_the_row() -> None:
    due()
    start, taken = threading.Barrier(2), []

    def ask() -> None:
        try:
            start.wait(timeout=10)
            taken.append(JobRun.objects.filter(name="job").take(LEASE))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _process in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [0, 1]


def test_each_claim_is_such_a_lease() -> None:
    QueuedMail.objects.create(recipients=["a@example.org"])
    OutboxEntry.objects.enqueue([1])
    assert JobRun.objects.claim("job", LEASE)
    assert not JobRun.objects.claim("job", LEASE)
    assert IndexCheck.objects.claim(IN_USE, LEASE)
    assert not IndexCheck.objects.claim(IN_USE, LEASE)
    assert QueuedMail.objects.get().claim(LEASE)
    assert not QueuedMail.objects.get().claim(LEASE)
    assert [entry.page_id for entry in OutboxEntry.objects.claim(5)] == [1]
    assert OutboxEntry.objects.claim(5) == []
