"""Days typed into the real admin stay as they were typed; the calendar beside them neither mends nor guesses."""

import datetime

import pytest
from playwright.sync_api import Page, expect

from projects.models import CentralSolution
from tests.browser.test_staff_tools import address, staff  # noqa: F401  (fixtures)
from tests.factories import OzgServiceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


def type_into(page: Page, field: str, text: str) -> None:
    """As a person does: with the calendar opening, and leaving the field by the tab key."""
    page.locator(field).fill("")
    page.locator(field).press_sequentially(text)
    page.wait_for_timeout(200)
    page.keyboard.press("Tab")


def test_a_typed_day_is_taken_as_it_is_and_a_wrong_one_is_an_error_beside_the_field(
    staff: Page,  # noqa: F811
    address: str,  # noqa: F811
) -> None:
    service = OzgServiceFactory()
    staff.goto(f"{address}/admin/snippets/projects/centralsolution/add/")
    staff.fill("#id_name", "Wohngeld")
    staff.fill("#id_actor", "Nordland")
    staff.locator("#id_service").evaluate("(field, pk) => { field.value = pk }", str(service.pk))
    type_into(staff, "#id_valid_from", "01.02.2024")
    type_into(staff, "#id_valid_to", "31.02.2024")
    type_into(staff, "#id_live_count", "1.200")
    expect(staff.locator("#id_valid_from")).to_have_value("01.02.2024")
    expect(staff.locator("#id_valid_to")).to_have_value("31.02.2024")
    save = staff.locator("footer button[type=submit], .footer [type=submit]").first
    with staff.expect_navigation():
        save.click()
    error = staff.locator("[data-field]", has=staff.locator("#id_valid_to")).locator(".error-message")
    expect(error).to_contain_text("01.02.2024")
    expect(staff.locator("#id_valid_to")).to_have_value("31.02.2024")
    expect(staff.locator("#id_live_count")).to_have_value("1.200")
    # Entering the field opens the calendar a moment later; a click into it while it is open would close it again.
    staff.locator("#id_name").focus()
    staff.locator("#id_valid_to").focus()
    staff.locator("#id_valid_to").fill("")
    staff.locator(".xdsoft_datetimepicker:visible .xdsoft_date[data-date='15']:not(.xdsoft_other_month)").click()
    picked = staff.locator("#id_valid_to").input_value()
    assert datetime.datetime.strptime(picked, "%d.%m.%Y").day == 15  # noqa: DTZ007  (a day, no moment)
    with staff.expect_navigation():
        save.click()
    solution = CentralSolution.objects.get()
    assert (solution.valid_from, solution.live_count) == (datetime.date(2024, 2, 1), 1_200)
    assert f"{solution.valid_to:%d.%m.%Y}" == picked
