"""The door asks what is routed: nothing that is said about where the site is mounted leads around it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import clear_script_prefix

from tests.factories import BodyPageFactory, editor_of, staff_member

pytestmark = pytest.mark.django_db

# With the first, `request.path` begins like the pages of the account, where people without second factor are let in.
MOUNTED = ["/konto", "/static", "/anderswo"]


@pytest.fixture(params=["", None], ids=["as shipped", "rules alone"], autouse=True)
def _mounted(request: Any, settings: Any) -> Iterator[None]:
    """Each rule holds by itself, and the setting that takes no such word holds for all."""
    settings.FORCE_SCRIPT_NAME = request.param
    yield
    clear_script_prefix()


@pytest.mark.parametrize("mounted", MOUNTED)
def test_a_word_about_where_the_site_is_mounted_opens_no_area_of_the_staff(client: Client, mounted: str) -> None:
    client.force_login(editor_of(BodyPageFactory()))
    for path in ("/admin/reports/site-history/", "/admin/workflows/list/"):
        assert client.get(path, SCRIPT_NAME=mounted).status_code == 403, path


@pytest.mark.parametrize("mounted", MOUNTED)
def test_a_word_about_where_the_site_is_mounted_replaces_no_second_factor(
    client: Client, mounted: str, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(staff_member())
    answer = client.get("/admin/", SCRIPT_NAME=mounted)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/konto/zweiter-faktor/")


@pytest.mark.parametrize("mounted", MOUNTED)
def test_maintenance_and_policy_go_by_what_is_routed(client: Client, mounted: str, settings: Any) -> None:
    assert "unsafe" not in client.get("/barriere-melden/", SCRIPT_NAME="/admin").headers["Content-Security-Policy"]
    client.force_login(staff_member())
    assert "unsafe-inline" in client.get("/admin/", SCRIPT_NAME=mounted).headers["Content-Security-Policy"]
    settings.MAINTENANCE = True
    assert client.get("/barriere-melden/", SCRIPT_NAME=mounted).status_code == 503
