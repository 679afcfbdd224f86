"""After log-in an editor finds the own body and the button to describe a project."""

import pytest
from django.test import Client

from tests.factories import BodyPageFactory, editor_of, staff_member

pytestmark = pytest.mark.django_db


def test_editor_finds_the_own_body_and_no_other(client: Client) -> None:
    own = BodyPageFactory(title="Auental")
    BodyPageFactory(title="Fremdstadt")
    client.force_login(editor_of(own))
    html = client.get("/admin/").content.decode()
    assert f"/admin/pages/add/projects/projectpage/{own.pk}/" in html
    assert "Auental" in html
    assert "Fremdstadt" not in html


def test_person_without_a_body_sees_no_empty_panel(client: Client) -> None:
    client.force_login(staff_member())
    assert "own-bodies" not in client.get("/admin/").content.decode()
