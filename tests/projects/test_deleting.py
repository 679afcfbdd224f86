"""A page is deleted while somebody else notes something about it."""

from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models.signals import pre_delete
from wagtail.models import Page

from matching.models import SeenProject
from tests.factories import ProjectPageFactory

# A note that does not wait for the page is stored by then.
NOTING_SECONDS = 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.parametrize("is_whole_body", [False, True])
def test_a_page_goes_although_something_is_noted_about_it_at_that_moment(is_whole_body: bool) -> None:
    project = ProjectPageFactory()
    refused: list[IntegrityError] = []

    def note() -> None:
        try:
            SeenProject.objects.create(project_id=project.pk, phase=project.phase)
        except IntegrityError as error:
            refused.append(error)
        finally:
            connection.close()

    somebody_else = Thread(target=note)

    def note_meanwhile(instance: Page, **_rest: Any) -> None:
        """By now, all that refers to the page has been collected."""
        if instance.pk == project.pk and not somebody_else.ident:
            somebody_else.start()
            somebody_else.join(timeout=NOTING_SECONDS)

    pre_delete.connect(note_meanwhile)
    try:
        (project.public_body if is_whole_body else project).delete()
    finally:
        pre_delete.disconnect(note_meanwhile)
        somebody_else.join()
    assert not Page.objects.filter(pk=project.pk).exists()
    assert len(refused) == 1
