"""One way of counting: a line break is one character, an emoji too, for the browser and for the server."""

import pytest
from django.test import Client

from pages.models import SUMMARY_MAX_LENGTH
from projects.models import ContactRequest, ProjectPage
from tests.factories import ProjectPageFactory, editor_of
from tests.pages.test_numbers import typed
from tests.people.test_contact import ask

pytestmark = pytest.mark.django_db
LIMIT = ContactRequest._meta.get_field("message").max_length or 0


def of_lines(length: int) -> str:
    """A text of so many characters as a browser counts them, as it sends them."""
    return ("Zeile mit Text.\n" * length)[: length - 1].replace("\n", "\r\n") + "."


def test_a_text_that_fits_by_the_counter_is_taken_and_stored_as_it_was_seen(client: Client) -> None:
    project = ProjectPageFactory(contact_email="kontakt@example.org")
    text = of_lines(LIMIT)
    assert len(text) > LIMIT
    assert ask(client, project, message=text) == f"/projekte/{project.pk}/kontakt/gesendet/"
    assert ContactRequest.objects.get().message == text.replace("\r\n", "\n")


def test_an_emoji_is_one_character_and_the_first_too_many_is_refused(client: Client) -> None:
    project = ProjectPageFactory(contact_email="kontakt@example.org")
    assert f">{'😀' * (LIMIT + 1)}</textarea>" in ask(client, project, message="😀" * (LIMIT + 1)).replace("\n", "")
    assert not ContactRequest.objects.exists()
    assert ask(client, project, message="😀" * LIMIT).endswith("/gesendet/")


def test_a_text_of_the_editor_is_counted_in_the_same_way(client: Client) -> None:
    project = ProjectPageFactory()
    client.force_login(editor_of(project.public_body))
    text = of_lines(SUMMARY_MAX_LENGTH)
    response = client.post(f"/admin/pages/{project.pk}/edit/", typed(project, summary=text))
    assert response.status_code == 302
    draft = ProjectPage.objects.get(pk=project.pk).get_latest_revision_as_object()
    assert draft.summary == text.replace("\r\n", "\n")
