"""What a text seems to be about is offered beside the fields: taken with a key, said, taken back, never set alone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import User
from projects.models import BodyPage
from tests.browser.conftest import PHONE
from tests.browser.test_joining import look
from tests.factories import BodyPageFactory, OzgServiceFactory, editor_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE, PROBLEM = "Sperrmüll anmelden", "Wer Sperrmüll hat, ruft an. Die Müllabfuhr kommt später."
FIELD, SERVICE = "Energie und Umwelt", "Sperrmüll (80110)"


@pytest.fixture
def address(_own_connection: None, live_server: LiveServer, media: Any, engine: Any, settings: Any) -> str:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def body(address: str) -> BodyPage:
    # Where there are few, every word is common.
    OzgServiceFactory.create_batch(20)
    OzgServiceFactory(ozg_id="80110", name="Sperrmüll")
    body: BodyPage = BodyPageFactory(title="Unser Dorf")
    return body


def offer(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=f"„{label}“ übernehmen", exact=True)


def type_plan(page: Page, address: str) -> None:
    page.goto(f"{address}/vorhaben/melden/")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_problem").fill(PROBLEM)


def test_an_offer_is_taken_with_a_key_said_and_taken_back(
    page: Page, address: str, body: BodyPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    type_plan(page, address)
    expect(offer(page, FIELD)).to_be_visible()
    expect(page.locator("#id_problem")).to_be_focused()
    chosen = page.locator("#id_field_of_action")
    expect(chosen).to_have_value("")
    look(page)

    offer(page, FIELD).focus()
    page.keyboard.press("Enter")
    expect(chosen.locator("option:checked")).to_have_text(FIELD)
    status = page.locator("[data-recognised-status]")
    expect(status).to_have_text(f"Übernommen: {FIELD}")
    expect(page.locator("[data-recognised-undo]")).to_be_focused()
    expect(offer(page, FIELD)).to_be_hidden()
    look(page)

    page.keyboard.press("Enter")
    expect(chosen).to_have_value("")
    expect(status).to_have_text(f"Rückgängig gemacht: {FIELD}")
    expect(offer(page, FIELD)).to_be_visible()

    page.locator("#id_service").fill("vorher")
    expect(offer(page, SERVICE)).to_be_visible()
    offer(page, SERVICE).click()
    expect(page.locator("#id_service")).to_have_value(SERVICE)
    page.locator("[data-recognised-undo]").click()
    expect(page.locator("#id_service")).to_have_value("vorher")


def test_enter_in_a_field_takes_nothing_over(
    page: Page, address: str, body: BodyPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    type_plan(page, address)
    expect(offer(page, FIELD)).to_be_visible()
    page.locator("#id_title").press("Enter")
    # The form was sent, and says what is missing.
    expect(page.locator(".kern-form-input--error").first).to_be_visible()
    expect(page.locator("#id_field_of_action")).to_have_value("")


def test_without_a_script_a_button_shows_them_and_nothing_typed_is_lost(
    without_script: BrowserContext, address: str, body: BodyPage, log_in: Callable[[str, User], None], page: Page
) -> None:
    log_in(address, editor_of(body))
    without_script.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain = without_script.new_page()
    type_plan(plain, address)
    plain.locator("[name=openness]").last.check()
    plain.get_by_role("button", name="Vorschläge zeigen").click()
    offer(plain, FIELD).click()
    expect(plain.locator("#id_field_of_action option:checked")).to_have_text(FIELD)
    expect(plain.locator("#id_problem")).to_have_value(PROBLEM)
    expect(plain.locator("[name=openness]").last).to_be_checked()
    plain.get_by_role("button", name="Rückgängig machen").click()
    expect(plain.locator("#id_field_of_action")).to_have_value("")


def test_the_editor_of_projects_ticks_a_field_and_adds_a_service(
    page: Page, address: str, body: BodyPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    page.add_init_script("addEventListener('w-unsaved:watch-edits', () => { window.isWatched = true })")
    page.goto(f"{address}/admin/pages/add/projects/projectpage/{body.pk}/")
    # Wagtail takes what stands there two seconds later for what was saved.
    page.wait_for_function("window.isWatched")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_problem").fill(PROBLEM)
    page.get_by_role("tab", name="Für wen").click()
    offer(page, FIELD).click()
    expect(page.get_by_role("checkbox", name=FIELD)).to_be_checked()
    offer(page, SERVICE).click()
    expect(page.locator("#id_ozg_services")).to_have_value(f'"{SERVICE}"')
    page.locator("[data-recognised-undo]").click()
    expect(page.locator("#id_ozg_services")).to_have_value("")
    expect(page.get_by_role("checkbox", name=FIELD)).to_be_checked()
    # The draft is stored by itself; the server must not be asked for that while it stops.
    page.wait_for_url("**/edit/")
