"""Queues of work that is tried again: letters and changes for the search follow the same rules."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from pages.retries import QueueState
from people.models import QueuedMail
from search.models import OutboxEntry, OutboxState
from tests.factories import staff_member

pytestmark = pytest.mark.django_db

Make = Callable[..., Any]


def letter(**values: Any) -> QueuedMail:
    row: QueuedMail = QueuedMail.objects.create(recipients=["a@example.org"], subject="Brief", **values)
    return row


def change(**values: Any) -> OutboxEntry:
    now = timezone.now()
    values = {"next_try_at": now, **values}
    page_id = 900_001 + OutboxEntry.objects.count()
    row: OutboxEntry = OutboxEntry.objects.create(page_id=page_id, version=1, changed_at=now, **values)
    return row


@pytest.fixture(params=[letter, change])
def make(request: pytest.FixtureRequest) -> Make:
    OutboxEntry.objects.all().delete()
    found: Make = request.param
    return found


def in_each_state(make: Make) -> dict[QueueState, Any]:
    later = timezone.now() + timedelta(hours=2)
    return {
        QueueState.WAITING: make(),
        QueueState.FAILING: make(attempts=2, next_try_at=later, last_error="nicht da"),
        QueueState.GIVEN_UP: make(attempts=8, is_dead=True),
    }


@pytest.mark.parametrize("state", QueueState)
def test_row_is_in_one_state_and_listed_there(make: Make, state: QueueState) -> None:
    rows = in_each_state(make)
    assert list(type(rows[state]).objects.in_state(state)) == [rows[state]]
    assert rows[state].state == state


def test_there_are_no_other_states(make: Make) -> None:
    with pytest.raises(ValueError, match="delete"):
        type(make()).objects.in_state("delete")


def test_what_was_given_up_and_what_was_put_off_is_not_due(make: Make) -> None:
    rows = in_each_state(make)
    assert list(type(rows[QueueState.WAITING]).objects.due()) == [rows[QueueState.WAITING]]


def test_person_has_tried_again_what_would_not_be_tried_now_and_nothing_else(make: Make) -> None:
    rows = in_each_state(make)
    known = type(rows[QueueState.WAITING]).objects
    put_off = timezone.now() + timedelta(minutes=1)
    known.filter(pk=rows[QueueState.WAITING].pk).update(next_try_at=put_off)
    asked = {row.pk for state, row in rows.items() if state != QueueState.WAITING}
    assert {row.pk for row in known.retriable()} == asked
    assert {row.pk for row in known.all() if row.is_retriable} == asked
    assert known.retry() == len(asked)
    assert {row.pk for row in known.due()} == asked
    assert set(known.values_list("attempts", "is_dead")) == {(0, False)}
    assert known.get(pk=rows[QueueState.WAITING].pk).next_try_at == put_off


def test_done_change_is_neither_due_nor_retried() -> None:
    OutboxEntry.objects.all().delete()
    row = change(attempts=3, synced_version=1)
    assert row.state == OutboxState.DONE
    assert not row.is_retriable
    assert not OutboxEntry.objects.due().exists()
    assert OutboxEntry.objects.retry() == 0


def test_states_of_changes_are_those_of_queues_and_done() -> None:
    assert OutboxState.choices[:-1] == QueueState.choices


def test_letter_that_went_out_meanwhile_is_said_to_have_gone(client: Client) -> None:
    client.force_login(staff_member())
    for send in (client.get, client.post):
        answered = send("/admin/snippets/people/queuedmail/retry/4711/", follow=True)
        assert answered.redirect_chain == [("/admin/snippets/people/queuedmail/", 302)]
        assert len(list(answered.context["messages"])) == 1


def test_change_that_never_was_is_not_found(client: Client) -> None:
    client.force_login(staff_member())
    assert client.get("/admin/snippets/search/outboxentry/retry/4711/").status_code == 404
