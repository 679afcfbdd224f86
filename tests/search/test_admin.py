"""Staff see what waits for the index, retry what was given up, and keep the synonyms; nobody else does."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django.asserts import assertNotContains

from projects.models import BodyPage
from search.models import MAX_ATTEMPTS, OutboxEntry, OutboxState, Synonym
from tests.factories import ProjectPageFactory, editor_of, staff_member

pytestmark = pytest.mark.django_db

OUTBOX = "/admin/snippets/search/outboxentry/"
PAGES = ("/admin/snippets/search/synonym/", OUTBOX)


@pytest.fixture
def states() -> dict[OutboxState, int]:
    """Page numbers, one in each state."""
    numbers = {state: 900_001 + position for position, state in enumerate(OutboxState)}
    OutboxEntry.objects.all().delete()
    OutboxEntry.objects.enqueue(numbers.values())
    page = OutboxEntry.objects.filter
    page(page_id=numbers[OutboxState.FAILING]).update(attempts=2, last_error="<b>wrong</b> field")
    page(page_id=numbers[OutboxState.GIVEN_UP]).update(attempts=MAX_ATTEMPTS, is_dead=True, last_error="hopeless")
    entry = OutboxEntry.objects.get(page_id=numbers[OutboxState.DONE])
    OutboxEntry.objects.note_success({entry.page_id: entry.version})
    return numbers


@pytest.mark.parametrize("address", PAGES)
def test_staff_see_the_rooms_of_the_search(client: Client, address: str) -> None:
    OutboxEntry.objects.enqueue([1])
    client.force_login(staff_member())
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", [*PAGES, f"{OUTBOX}retry/", f"{OUTBOX}retry/1/"])
def test_editors_do_not(client: Client, address: str) -> None:
    body = BodyPage.objects.get(pk=ProjectPageFactory().public_body.pk)
    client.force_login(editor_of(body))
    assert client.get(address).status_code == 302
    assert client.post(address).status_code == 302


def test_a_change_shows_the_title_of_its_page(client: Client) -> None:
    project = ProjectPageFactory(title="Ampel <mit> Vorrang")
    OutboxEntry.objects.enqueue([project.pk])
    client.force_login(staff_member())
    assert "Ampel &lt;mit&gt; Vorrang" in client.get(OUTBOX).content.decode()


@pytest.mark.parametrize("state", OutboxState.values)
def test_the_list_can_be_narrowed_to_one_state(client: Client, states: dict[OutboxState, int], state: str) -> None:
    client.force_login(staff_member())
    shown = client.get(OUTBOX, {"state": state}).content.decode()
    assert {found for found, number in states.items() if str(number) in shown} == {state}


def test_errors_are_shown_as_text(client: Client, states: dict[OutboxState, int]) -> None:
    client.force_login(staff_member())
    shown = client.get(OUTBOX).content.decode()
    assert "&lt;b&gt;wrong&lt;/b&gt; field" in shown
    assert "<b>wrong</b>" not in shown


def test_staff_can_have_one_page_tried_again(client: Client, states: dict[OutboxState, int]) -> None:
    dead = OutboxEntry.objects.given_up().get()
    client.force_login(staff_member())
    assert f"{OUTBOX}retry/{dead.pk}/" in client.get(OUTBOX).content.decode()
    asked = client.get(f"{OUTBOX}retry/{dead.pk}/")
    assert "hopeless" in asked.content.decode()
    assert OutboxEntry.objects.given_up().count() == 1
    answered = client.post(f"{OUTBOX}retry/{dead.pk}/", follow=True)
    assert [str(message) for message in answered.context["messages"]]
    dead.refresh_from_db()
    assert dead.state == OutboxState.WAITING
    assert OutboxEntry.objects.failing().count() == 1


def test_staff_can_have_everything_tried_again(client: Client, states: dict[OutboxState, int]) -> None:
    client.force_login(staff_member())
    assert f"{OUTBOX}retry/" in client.get(OUTBOX).content.decode()
    answered = client.post(f"{OUTBOX}retry/", follow=True)
    assert [str(message) for message in answered.context["messages"]]
    assert OutboxEntry.objects.waiting().count() == 3
    assert OutboxEntry.objects.done().count() == 1
    assertNotContains(client.get(OUTBOX), f'href="{OUTBOX}retry/"')


def test_staff_cannot_change_or_delete_what_the_drain_writes(client: Client, states: dict[OutboxState, int]) -> None:
    entry = OutboxEntry.objects.given_up().get()
    client.force_login(staff_member())
    for action in ("edit", "delete"):
        assert client.post(f"{OUTBOX}{action}/{entry.pk}/").status_code == 302
    assert OutboxEntry.objects.given_up().get() == entry


@pytest.mark.parametrize("words", ["Kita", "Kita,", "Kita, kita", "und, oder", ","])
def test_a_synonym_needs_two_different_expressions(words: str) -> None:
    with pytest.raises(ValidationError):
        Synonym(words=words).full_clean()


def test_a_new_installation_has_synonyms() -> None:
    table = Synonym.objects.table()
    assert ("onlinezugangsgesetz",) in table.others[("ozg",)]
