"""A project page on paper, as it goes to a council meeting."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import READS_SITE
from tests.browser.pages import FULL_PROJECT_PATH

pytestmark = READS_SITE

AFTER = "(e) => getComputedStyle(e, '::after').content"


@pytest.fixture
def paper(page: Page, site: str) -> Page:
    page.goto(f"{site}{FULL_PROJECT_PATH}")
    page.emulate_media(media="print", color_scheme="dark")
    return page


def test_paper_shows_no_navigation(paper: Page) -> None:
    for part in (".dsr-nav", ".dsr-service", ".dsr-breadcrumb", ".dsr-footer", ".dsr-skip", ".dsr-actions", "form"):
        elements = paper.locator(part).all()
        assert elements, part
        for element in elements:
            assert element.evaluate("(e) => !e.checkVisibility()"), part


def test_paper_shows_where_links_lead(paper: Page) -> None:
    assert "example.org/sehr/lange" in paper.locator(".dsr-prose a[href^='https://example.org/sehr']").evaluate(AFTER)
    assert "/artefakte/" in paper.locator(".dsr-artefacts h3 a").first.evaluate(AFTER)


def test_paper_names_its_origin(paper: Page) -> None:
    origin = paper.locator(".dsr-origin")
    assert origin.is_visible()
    assert FULL_PROJECT_PATH in origin.inner_text()


def test_paper_is_black_on_white_even_in_the_dark(paper: Page) -> None:
    assert paper.evaluate("() => getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    background = paper.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert background in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}


def test_dark_islands_are_black_on_white_as_well(page: Page, site: str) -> None:
    page.goto(site)
    page.emulate_media(media="print", color_scheme="dark")
    island = page.locator(".dsr-hero.kern-dark")
    assert island.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    for part in ("h1", ".dsr-lead", ".dsr-hero__ideas a"):
        colour = island.locator(part).first.evaluate("(e) => getComputedStyle(e).color")
        assert colour == "rgb(0, 0, 0)", part


def test_paper_keeps_title_problem_artefacts_and_contact(paper: Page) -> None:
    for part in ("h1", ".dsr-why", ".dsr-artefacts", ".dsr-contact", ".dsr-cost"):
        assert paper.locator(part).first.is_visible(), part


def test_print_makes_a_document(paper: Page) -> None:
    assert paper.pdf(format="A4").startswith(b"%PDF")
