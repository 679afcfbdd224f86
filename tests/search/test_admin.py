"""Staff see what waits for the index and keep the synonyms; nobody else does."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from projects.models import BodyPage
from search.models import OutboxEntry, Synonym
from tests.factories import ProjectPageFactory, editor_of, staff_member

pytestmark = pytest.mark.django_db

PAGES = ("/admin/snippets/search/synonym/", "/admin/snippets/search/outboxentry/")


@pytest.mark.parametrize("address", PAGES)
def test_staff_see_the_rooms_of_the_search(client: Client, address: str) -> None:
    OutboxEntry.objects.enqueue([1])
    client.force_login(staff_member())
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_editors_do_not(client: Client, address: str) -> None:
    body = BodyPage.objects.get(pk=ProjectPageFactory().public_body.pk)
    client.force_login(editor_of(body))
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("words", ["Kita", "Kita,", "Kita, kita", "und, oder", ","])
def test_a_synonym_needs_two_different_expressions(words: str) -> None:
    with pytest.raises(ValidationError):
        Synonym(words=words).full_clean()


def test_a_new_installation_has_synonyms() -> None:
    table = Synonym.objects.table()
    assert ("onlinezugangsgesetz",) in table.others[("ozg",)]
