"""A plan is told in a few steps: with the keys alone, without a script, on a telephone; and then goes its way."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import User
from projects.models import BodyPage, Plan, ProjectPage
from tests.browser.conftest import PHONE, follow
from tests.browser.test_joining import look
from tests.factories import (
    BodyPageFactory,
    OzgServiceFactory,
    UserFactory,
    editor_of,
    field_of_action,
    staff_member,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Termine für den Ausweis online"
PROBLEM = "Wer einen Ausweis braucht, wartet im Amt. Das kostet Zeit."
PLAN = re.compile(r"/vorhaben/\d+/")
# Five fields, of which one is two, with the head of the page before them.
KEYS_MOST = 40


@pytest.fixture
def address(_own_connection: None, live_server: LiveServer, media: Any, engine: Any, settings: Any) -> str:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def body() -> BodyPage:
    body: BodyPage = BodyPageFactory(title="Neuenkirchen")
    OzgServiceFactory(name="Personalausweis")
    OzgServiceFactory(name="Personalausweis sperren")
    return body


class Keys:
    """A person without a mouse; counts what is pressed beside the text itself."""

    def __init__(self, page: Page) -> None:
        self._page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)
        self.pressed += 1

    def go_to(self, selector: str) -> None:
        for _step in range(KEYS_MOST):
            if self._page.evaluate("(wanted) => document.activeElement?.matches(wanted)", selector):
                return
            self.press("Tab")
        pytest.fail(f"{selector} is not reached")


def report(page: Page, address: str) -> int:
    """From the form to the plan with the keys alone; returns how many were needed beside the text."""
    page.goto(f"{address}/vorhaben/melden/")
    keys = Keys(page)
    # Whoever uses the keys skips the head of the page.
    keys.press("Tab")
    keys.press("Enter")
    keys.go_to("#id_title")
    page.keyboard.type(TITLE)
    keys.go_to("#id_problem")
    page.keyboard.type(PROBLEM)
    keys.go_to("#id_field_of_action")
    page.keyboard.type("Verwaltung")
    keys.go_to("#id_decision_on")
    # In which order day and month are typed is up to the browser.
    page.locator("#id_decision_on").fill((timezone.localdate() + datetime.timedelta(days=60)).isoformat())
    keys.go_to("[name=openness]")
    keys.press("Space")
    keys.go_to("form.dsr-plan [data-report]")
    keys.press("Enter")
    page.wait_for_url(PLAN)
    return keys.pressed


def test_plan_is_told_with_the_keys_alone_and_goes_its_way(
    page: Page, address: str, body: BodyPage, log_in: Callable[[str, User], None]
) -> None:
    editor = editor_of(body, first_name="Erika", last_name="Amt")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    log_in(address, editor)
    page.goto(f"{address}/vorhaben/")
    look(page)
    page.goto(f"{address}/vorhaben/melden/")
    look(page)
    assert report(page, address) <= KEYS_MOST
    look(page)
    project = ProjectPage.objects.get(title=TITLE)
    assert project.fields_of_action.get() == field_of_action("verwaltung")
    assert project.openness

    page.goto(f"{address}{project.url}")
    expect(page.locator(".dsr-chip--members")).to_be_visible()
    page.goto(f"{address}/vorhaben/")
    expect(page.locator(".dsr-hit")).to_have_count(1)
    look(page)

    page.goto(f"{address}/vorhaben/{project.pk}/")
    follow(page.locator(f"main form[action$='/{project.pk}/zurueckziehen/'] button"))
    look(page)
    follow(page.locator(f"main form[action$='/{project.pk}/zurueckholen/'] button"))
    follow(page.locator("main a[href$='/veroeffentlichen/']"))
    look(page)
    follow(page.locator("main form button[type=submit]"))
    page.wait_for_url(f"{address}/vorhaben/{project.pk}/")
    look(page)
    assert Plan.objects.get().is_public_wanted

    log_in(address, staff_member())
    page.goto(f"{address}/admin/vorhaben/")
    look(page, "main .dsr-moderation")
    follow(page.locator(".dsr-queue__row a.button"))
    page.locator("main [name=reason]").wait_for()
    look(page, "main .dsr-moderation")
    page.goto(f"{address}/admin/vorhaben/")
    follow(page.locator(".dsr-queue__row button"))
    page.wait_for_url(f"{address}/admin/vorhaben/")
    assert ProjectPage.objects.readable().filter(pk=project.pk).exists()


def test_plan_is_told_without_script_and_the_service_is_found(
    without_script: BrowserContext, address: str, body: BodyPage, client: Any
) -> None:
    client.force_login(editor_of(body))
    without_script.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
    page = without_script.new_page()
    page.goto(f"{address}/vorhaben/melden/")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_problem").fill(PROBLEM)
    page.locator("#id_service").fill("Personalausweis sp")
    page.locator("[name=openness]").first.check()
    follow(page.locator("form.dsr-plan [data-report]"))
    # Others lead its Themenfeld.
    page.locator("[name^=themenfeld-][value=mitmachen]").check()
    follow(page.locator("main form .kern-btn--primary"))
    page.wait_for_url(PLAN)
    assert ProjectPage.objects.get(title=TITLE).ozg_services.get().name == "Personalausweis sperren"


def test_services_are_suggested_while_typing(
    page: Page, address: str, body: BodyPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    page.goto(f"{address}/vorhaben/melden/")
    page.locator("#id_service").press_sequentially("ausweis")
    expect(page.locator("#leistungen option")).to_have_count(2)
    page.locator("#id_title").fill(TITLE)
    page.locator("form.dsr-plan [data-report]").click()
    # What is missing and which of the two is meant is said first; what was typed stays.
    expect(page.locator(".dsr-errors")).to_be_focused()
    assert page.locator("#id_title").input_value() == TITLE
    expect(page.locator("[name=service_found]")).to_have_count(2)
    look(page)


def test_accounts_without_a_body_are_led_to_taking_part(
    page: Page, address: str, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, UserFactory())
    page.goto(f"{address}/vorhaben/")
    look(page)
    page.locator("main a[href='/mitmachen/stelle/']").click()
    page.wait_for_url(f"{address}/mitmachen/stelle/")
    log_in(address, staff_member())
    page.goto(f"{address}/vorhaben/melden/")
    look(page)
