"""Tags: readable addresses, and who proposed them."""

import pytest

from projects.models import ProjectTag
from tests.factories import ProjectPageFactory, editor_of

pytestmark = pytest.mark.django_db


def test_umlauts_become_two_letters_in_the_address() -> None:
    assert ProjectTag.objects.create(name="Bürgerbüro Größe").slug == "buergerbuero-groesse"


def test_tag_an_editor_invents_waits_for_the_staff_under_the_editors_name() -> None:
    project = ProjectPageFactory(tags=["Ganz neu"])
    user = editor_of(project.public_body)
    project.save_revision(user=user).publish()
    tag = ProjectTag.objects.get(name="Ganz neu")
    assert not tag.is_approved
    assert tag.proposed_by == user
