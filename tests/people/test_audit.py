"""Who did what stays as it was: staff read it, nobody changes it in the interface."""

import pytest
from django.test import Client
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.snippets.models import get_snippet_models

from tests.factories import ProjectPageFactory, administrator, staff_member

pytestmark = pytest.mark.django_db


def test_no_address_changes_what_was_noted() -> None:
    """Neither as a snippet nor by an address of its own."""
    assert not {PageLogEntry, ModelLogEntry} & set(get_snippet_models())
    entry = PageLogEntry.objects.log_action(ProjectPageFactory(), "wagtail.publish")
    assert AdminURLFinder(administrator()).get_edit_url(entry) is None


def test_staff_read_who_did_what(client: Client) -> None:
    user, page = staff_member(first_name="Ada", last_name="Amt"), ProjectPageFactory(title="Mängelmelder")
    page.save_revision(user=user, log_action=True).publish(user=user)
    client.force_login(user)
    html = client.get("/admin/reports/site-history/").content.decode()
    assert "Mängelmelder" in html
    assert "Ada Amt" in html


def test_history_outlives_the_page(client: Client) -> None:
    user, page = administrator(), ProjectPageFactory(title="Gelöscht")
    page.delete(user=user)
    client.force_login(user)
    assert "Gelöscht" in client.get("/admin/reports/site-history/").content.decode()
