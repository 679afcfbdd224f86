"""Everything can be reached and used with the keys alone, and one always sees where one is."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import READS_SITE, nothing_found
from tests.browser.pages import ARTICLE_PATH, BODY_PATH, COMPARED_BODY, FULL_PROJECT_PATH, USED_PROJECT

pytestmark = READS_SITE

# More stops than any page has: whoever is still under way then is in a trap.
MOST_STOPS = 400
TABBED_PATHS = (
    "/",
    "/suche/?q=Mangel",
    "/suche/?q=Mangel+Neuenkirchen",
    FULL_PROJECT_PATH,
    BODY_PATH,
    ARTICLE_PATH,
    "/kommunen/",
    "/barriere-melden/",
    "/vermiedene-doppelarbeit/",
    f"/kommunen-wie-wir/{COMPARED_BODY}/",
    f"/projekte/{USED_PROJECT}/nachnutzung/",
    "/allianzen/",
    "/bedarf/",
    "/zentrale-loesungen/",
)
# A mark may be drawn on the element, on the card or list entry around it, or on a shape within it: what counts is that
# something around it looks different while it has the focus. A film's own controls are drawn by the browser.
WHERE = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) {
    return null;
  }
  const box = e.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const frames = [e.parentElement, e.closest("li"), e.closest("article")].filter(Boolean);
  const around = [e, ...frames, ...e.querySelectorAll("*")];
  const look = () => JSON.stringify(around.flatMap((part) => [null, "::before", "::after"].map((pseudo) => {
    const style = getComputedStyle(part, pseudo);
    const outline = style.outlineStyle === "none" ? "" : style.outlineWidth; // the width of none changes nothing
    return [outline, style.boxShadow, style.stroke, style.strokeWidth, style.border];
  })));
  const stop = {
    name: e.outerHTML.slice(0, 90).replace(/\\s+/g, " "),
    outOfSight: !box.width || box.bottom <= 0 || box.top >= innerHeight,
    covered: Boolean(top) && !e.contains(top) && !top.contains(e) && getComputedStyle(top).position === "fixed",
    last: e === [...document.querySelectorAll("footer a")].at(-1),
  };
  if (e.matches("video")) {
    return {...stop, unmarked: false};
  }
  const focused = look();
  e.blur();
  stop.unmarked = look() === focused;
  e.focus({focusVisible: true, preventScroll: true});
  return stop;
}"""


def tab_through(page: Page) -> list[dict[str, Any]]:
    stops: list[dict[str, Any]] = []
    while len(stops) < MOST_STOPS:
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop is None:
            break
        stops.append(stop)
        if stop["last"]:
            break
    return stops


@pytest.mark.parametrize("path", TABBED_PATHS)
def test_focus_is_always_seen_and_never_caught(page: Page, site: str, path: str) -> None:
    page.goto(f"{site}{path}")
    stops = tab_through(page)
    assert stops[-1]["last"], f"after {len(stops)} stops the keys are at {stops[-1]['name']}"
    faults = ("unmarked", "outOfSight", "covered")
    nothing_found({fault: [stop["name"] for stop in stops if stop[fault]] for fault in faults})


def test_first_stop_skips_to_the_content(page: Page, site: str) -> None:
    page.goto(site)
    page.keyboard.press("Tab")
    skip = page.locator(".dsr-skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#inhalt")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_search_and_facets_work_with_keys_and_keep_the_place(page: Page, site: str) -> None:
    page.goto(f"{site}/suche/")
    field = page.locator("#suchbegriff")
    field.focus()
    page.keyboard.type("Mängel melden")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=**")
    option = page.locator("input[name=typ][value=artefakt]")
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.closest('summary') && !document.activeElement.parentNode.open"):
            page.keyboard.press("Enter")
        if option.evaluate("(e) => e === document.activeElement"):
            break
    page.keyboard.press("Space")
    page.wait_for_url("**typ=artefakt**")
    expect(page.locator(".dsr-active__chip")).to_have_count(1)
    expect(option).to_be_checked()
    expect(option).to_be_focused()


def test_place_is_left_out_in_place_and_stays_left_out(page: Page, site: str) -> None:
    page.goto(f"{site}/suche/?q=Mangel+Neuenkirchen")
    note = page.locator(".dsr-search__place")
    toggle = note.locator("a").last
    favoured = toggle.inner_text()
    toggle.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**ort=egal**")
    expect(toggle).not_to_have_text(favoured)
    page.locator("input[name=typ][value=projekt]").check()
    page.wait_for_url("**typ=projekt**")
    assert "ort=egal" in page.url
    note.locator("a").last.click()
    expect(note.locator("a").last).to_have_text(favoured)
    assert "ort=" not in page.url


def test_search_help_opens_with_keys_and_stays_open(page: Page, site: str) -> None:
    page.goto(f"{site}/suche/?q=Mangel")
    page.locator(".dsr-search__help summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".dsr-search__signs")).to_be_visible()
    page.locator("input[name=typ][value=projekt]").check()
    page.wait_for_url("**typ=projekt**")
    expect(page.locator(".dsr-search__signs")).to_be_visible()


def test_suggestions_follow_the_arrow_keys(page: Page, site: str) -> None:
    page.goto(f"{site}/suche/")
    field = page.locator("#suchbegriff")
    field.focus()
    page.keyboard.type("Mäng")
    listbox = page.locator("[role=listbox]")
    expect(listbox).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    first = listbox.locator("[role=option]").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    page.keyboard.press("ArrowUp")
    expect(first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("Escape")
    expect(listbox).to_be_hidden()
    expect(field).to_be_focused()
    expect(field).to_have_value("Mäng")


def test_chosen_suggestion_is_opened_with_enter(page: Page, site: str) -> None:
    page.goto(f"{site}/suche/")
    page.locator("#suchbegriff").focus()
    page.keyboard.type("Mäng")
    expect(page.locator("[role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/suche/"))
    assert page.locator("h1").count() == 1


def test_suggestions_do_not_hold_the_tab_key(page: Page, site: str) -> None:
    page.goto(f"{site}/suche/")
    page.locator("#suchbegriff").focus()
    page.keyboard.type("Mäng")
    expect(page.locator("[role=listbox]")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    expect(page.locator(".dsr-search__box button")).to_be_focused()


def test_error_summary_takes_the_focus_and_leads_to_the_field(page: Page, site: str) -> None:
    page.goto(f"{site}/barriere-melden/")
    page.locator("#id_description").focus()
    page.locator("main button[type=submit]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".dsr-errors")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_description")).to_be_focused()


def test_map_is_walked_with_keys(page: Page, site: str) -> None:
    page.goto(site)
    tile = page.locator(".dsr-map svg a").first
    tile.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/**")
