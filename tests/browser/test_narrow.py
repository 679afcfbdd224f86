"""Phones, and zoom of 400 %: nothing is cut off, everything can still be reached."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import PHONE, READS_SITE, REFLOW, nothing_found
from tests.browser.pages import PUBLIC_PAGES

pytestmark = READS_SITE

# What sticks out to the right, unless a frame around it scrolls by itself (tables may, WCAG 1.4.10).
STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) {
    return [];
  }
  const faults = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1);
  return faults.slice(0, 5).map((e) => e.outerHTML.slice(0, 120));
}"""


@pytest.mark.parametrize("viewport", [PHONE, REFLOW], ids=["375", "320"])
def test_no_page_scrolls_sideways(
    browser: Browser, browser_context_args: dict[str, Any], site: str, viewport: dict[str, int]
) -> None:
    context = browser.new_context(**{**browser_context_args, "viewport": viewport})
    page = context.new_page()
    found = {}
    for public_page in PUBLIC_PAGES:
        page.goto(f"{site}{public_page.path}")
        page.evaluate("() => document.querySelectorAll('details').forEach((e) => { e.open = !e.closest('header'); })")
        found[public_page.name] = page.evaluate(STICKING_OUT)
    context.close()
    nothing_found(found)


def test_menu_opens_leads_on_and_closes_with_escape(phone: BrowserContext, site: str) -> None:
    page = phone.new_page()
    page.goto(site)
    summary, link = page.locator(".dsr-menu summary"), page.locator(".dsr-menu a[href='/kommunen/']")
    assert link.is_hidden()
    summary.click()
    assert link.is_visible()
    page.keyboard.press("Escape")
    assert link.is_hidden()
    assert summary.evaluate("(e) => e === document.activeElement")
    summary.click()
    link.click()
    page.wait_for_url(f"{site}/kommunen/")


def test_filters_can_be_reached_on_a_phone(phone: BrowserContext, site: str) -> None:
    page = phone.new_page()
    page.goto(f"{site}/suche/?q=Mängel")
    option = page.locator("input[name=typ][value=artefakt]")
    if page.locator(".dsr-facets-fold > summary").is_visible():
        page.locator(".dsr-facets-fold > summary").click()
    if not option.is_visible():
        page.locator("[data-facet=typ] summary").click()
    option.check()
    page.wait_for_url("**typ=artefakt**")
    page.locator(".dsr-hit--artefakt").first.wait_for()
    assert page.locator(".dsr-hit--projekt").count() == 0
