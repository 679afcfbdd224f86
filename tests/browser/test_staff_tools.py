"""The staff's tools on a phone and on a wide screen: axe finds nothing, and nothing runs out of the window."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from people.models import QueuedMail
from projects.models import RemovedPage
from tests.browser.conftest import DESKTOP, PHONE, nothing_found
from tests.browser.test_axe import COLOURS, EVERYTHING, complaints
from tests.factories import BodyPageFactory, ProjectPageFactory, staff_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Our own parts; the frame around them is Wagtail's.
OURS = "main"


@pytest.fixture
def address(_own_connection: None, live_server: LiveServer, engine: Any) -> str:
    return str(live_server.url)


@pytest.fixture
def staff(browser: Browser, browser_context_args: dict[str, Any], address: str) -> Iterator[Page]:
    client = Client()
    client.force_login(staff_member())
    context = browser.new_context(**browser_context_args)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}
    context.add_cookies([session])  # type: ignore[list-item]
    yield context.new_page()
    context.close()


def test_staff_tools_keep_to_the_rules(staff: Page, address: str) -> None:
    body, project = BodyPageFactory(), ProjectPageFactory()
    QueuedMail.objects.create(sender="a@example.org", recipients=["b@example.org"], subject="Brief", is_dead=True)
    assert body.municipality
    ProjectPageFactory(title="Gelöschtes").delete()
    alone = ProjectPageFactory(title="Gelöschtes ohne Ort")
    alone.delete()
    alone.public_body.delete()
    orphan, kept = RemovedPage.objects.get(page_id=alone.pk), RemovedPage.objects.get(title="Gelöschtes")
    paths = (
        reverse("removed_entries"),
        reverse("restore_page", args=[kept.pk]),
        reverse("restore_page", args=[orphan.pk]),
        reverse("forget_page", args=[kept.pk]),
        reverse("system"),
        reverse("municipal_reform", args=[body.municipality.pk]),
        f"/admin/bulk/wagtailcore/page/change/?id={project.pk}",
    )
    found: dict[str, list[str]] = {}
    for size in (PHONE, DESKTOP):
        staff.set_viewport_size(size)  # type: ignore[arg-type]
        for path in paths:
            staff.emulate_media(color_scheme="light")
            staff.goto(f"{address}{path}")
            name = f"{path} {size['width']}"
            found[name] = complaints(staff, EVERYTHING, OURS)
            if staff.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found[name].append("runs out of the window")
            staff.emulate_media(color_scheme="dark")
            found[f"{name} dark"] = complaints(staff, COLOURS, OURS)
    nothing_found(found)
