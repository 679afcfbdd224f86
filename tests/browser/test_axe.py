"""axe finds nothing on any public page, in light and dark, on a wide screen and on a phone."""

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import DESKTOP, PHONE, READS_SITE, follow, nothing_found
from tests.browser.pages import PUBLIC_PAGES

pytestmark = READS_SITE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # WCAG 2.2; axe leaves it off unless asked
    "resultTypes": ["violations"],
}
# Between light and dark only colours change: the other rules would see the same document again.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}


def complaints(page: Page, options: dict[str, Any], context: str | None = None) -> list[str]:
    """Each violation as `rule: selector – why`."""
    violations = Axe().run(page, context=context, options=options).response["violations"]
    return [
        f"{violation['id']}: {json.dumps(node['target'])} – {node.get('failureSummary', '')}"
        for violation in violations
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_on_public_pages(
    browser: Browser, browser_context_args: dict[str, Any], site: str, viewport: dict[str, int]
) -> None:
    context = browser.new_context(**{**browser_context_args, "viewport": viewport})
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for public_page in PUBLIC_PAGES:
        page.emulate_media(color_scheme="light")
        page.goto(f"{site}{public_page.path}")
        found[f"{public_page.name} light"] = complaints(page, EVERYTHING)
        page.emulate_media(color_scheme="dark")
        found[f"{public_page.name} dark"] = complaints(page, COLOURS)
    context.close()
    nothing_found(found)


def test_dark_colours_are_really_used(page: Page, site: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(site)
    colour = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(colour) != light


def test_opened_parts_keep_to_the_rules_as_well(phone: BrowserContext, site: str) -> None:
    page = phone.new_page()
    page.goto(site)
    page.locator(".dsr-menu summary").click()
    page.locator(".dsr-map__table summary").click()
    nothing_found({page.url: complaints(page, EVERYTHING)})
    page.goto(f"{site}/suche/?q=Mangel")
    summaries = page.locator("main summary:visible").all()
    assert summaries
    for summary in summaries:
        summary.click()
    nothing_found({page.url: complaints(page, EVERYTHING)})


def test_form_with_errors_keeps_to_the_rules(page: Page, site: str) -> None:
    page.goto(f"{site}/barriere-melden/")
    page.locator("#id_email").fill("keine-adresse")
    follow(page.locator("main button[type=submit]"))
    assert page.locator(".dsr-errors").is_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        nothing_found({page.url: complaints(page, EVERYTHING)})
