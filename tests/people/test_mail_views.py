"""Staff see which letters did not go out and have them tried again; nobody sees what they say."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertNotContains

from pages.retries import QueueState
from people.mail.queue import MAX_ATTEMPTS
from people.models import QueuedMail
from tests.factories import BodyPageFactory, editor_of, staff_member

pytestmark = pytest.mark.django_db

MAILS = "/admin/snippets/people/queuedmail/"
SECRET = "https://example.org/konto/passwort/neu/geheim/"


@pytest.fixture
def states() -> dict[QueueState, QueuedMail]:
    """One letter in each state."""
    values: dict[QueueState, dict[str, Any]] = {
        QueueState.WAITING: {},
        QueueState.FAILING: {
            "attempts": 8,
            "next_try_at": timezone.now() + timedelta(hours=2),
            "last_error": "<b>451</b> later",
        },
        QueueState.GIVEN_UP: {"attempts": MAX_ATTEMPTS, "is_dead": True, "last_error": "550 relaying denied"},
    }
    return {
        state: QueuedMail.objects.create(
            sender="noreply@example.org",
            recipients=[f"{state.value}@example.org"],
            subject=f"Brief <{state.value}>",
            text=SECRET,
            html=SECRET,
            **values[state],
        )
        for state in QueueState
    }


def test_list_shows_address_subject_and_error_as_text_and_no_letter(
    client: Client, states: dict[QueueState, QueuedMail]
) -> None:
    client.force_login(staff_member())
    shown = client.get(MAILS).content.decode()
    assert "given_up@example.org" in shown
    assert "Brief &lt;given_up&gt;" in shown
    assert "&lt;b&gt;451&lt;/b&gt; later" in shown
    inspected = client.get(f"{MAILS}inspect/{states[QueueState.GIVEN_UP].pk}/").content.decode()
    assert "550 relaying denied" in inspected
    assert SECRET not in shown + inspected


def test_staff_find_the_list_in_the_menu_and_editors_do_not(client: Client) -> None:
    for user, is_welcome in ((staff_member(), True), (editor_of(BodyPageFactory()), False)):
        client.force_login(user)
        assert (MAILS in client.get("/admin/").content.decode()) is is_welcome


@pytest.mark.parametrize("address", [MAILS, f"{MAILS}retry/", f"{MAILS}retry/1/"])
def test_editors_are_sent_away(client: Client, address: str) -> None:
    client.force_login(editor_of(BodyPageFactory()))
    assert client.get(address).status_code == 302
    assert client.post(address).status_code == 302


@pytest.mark.parametrize("state", QueueState)
def test_list_can_be_narrowed_to_one_state(
    client: Client, states: dict[QueueState, QueuedMail], state: QueueState
) -> None:
    client.force_login(staff_member())
    shown = client.get(MAILS, {"state": state.value}).content.decode()
    assert {found for found in QueueState if f"{found.value}@example.org" in shown} == {state}


def test_one_letter_is_tried_again_after_a_question(client: Client, states: dict[QueueState, QueuedMail]) -> None:
    dead = states[QueueState.GIVEN_UP]
    address = f"{MAILS}retry/{dead.pk}/"
    client.force_login(staff_member())
    assert address in client.get(MAILS).content.decode()
    assert "550 relaying denied" in client.get(address).content.decode()
    assert QueuedMail.objects.given_up().exists(), "a question changes nothing"
    answered = client.post(address, follow=True)
    assert [str(message) for message in answered.context["messages"]]
    assert set(QueuedMail.objects.due()) == {dead, states[QueueState.WAITING]}


def test_all_letters_are_tried_again(client: Client, states: dict[QueueState, QueuedMail]) -> None:
    client.force_login(staff_member())
    assert f'href="{MAILS}retry/"' in client.get(MAILS).content.decode()
    client.post(f"{MAILS}retry/")
    assert QueuedMail.objects.waiting().count() == len(states)
    assertNotContains(client.get(MAILS), f'href="{MAILS}retry/"')


def test_staff_neither_change_nor_delete_nor_write_letters(
    client: Client, states: dict[QueueState, QueuedMail]
) -> None:
    dead = states[QueueState.GIVEN_UP]
    client.force_login(staff_member())
    for path in (f"edit/{dead.pk}/", f"delete/{dead.pk}/", "add/"):
        assert client.post(f"{MAILS}{path}").status_code == 302
    assert QueuedMail.objects.count() == len(states)
    dead.refresh_from_db()
    assert dead.is_dead
