"""A page that gets another address is found at the old one as well."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import ProjectPageFactory

pytestmark = pytest.mark.django_db


def test_renamed_address_leads_to_the_new_one(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    page = ProjectPageFactory(slug="alt")
    before = page.get_url()
    page.slug = "neu"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    response = client.get(before)
    assert (response.status_code, response.headers["Location"]) == (301, before.replace("/alt/", "/neu/"))


def test_addresses_of_a_renamed_body_lead_on(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    page = ProjectPageFactory(slug="melder")
    body, before = page.public_body, page.get_url()
    body.slug = "umbenannt"
    with django_capture_on_commit_callbacks(execute=True):
        body.save_revision().publish()
    assert client.get(before).headers["Location"] == "/kommunen/umbenannt/melder/"
