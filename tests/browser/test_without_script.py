"""Everything works in a browser that runs no script."""

import pytest
from playwright.sync_api import BrowserContext, Page

from knowledge.models import BarrierReport
from tests.browser.conftest import DESKTOP, PHONE, READS_SITE, follow

pytestmark = READS_SITE


@pytest.fixture
def page(without_script: BrowserContext) -> Page:
    return without_script.new_page()


def test_search_finds_from_the_home_page(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("#startsuche").fill("Mangel melden")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/suche/?q=Mangel+melden")
    assert page.locator(".dsr-hit").count()


def test_facets_narrow_the_results_and_chips_widen_them(page: Page, site: str) -> None:
    page.goto(f"{site}/suche/?q=Mängelmelder")
    all_of_them = page.locator(".dsr-hit").count()
    option = page.locator("input[name=typ][value=artefakt]")
    if not option.is_visible():
        page.locator("[data-facet=typ] summary").click()
    option.check()
    page.locator(".dsr-facets__apply").click()
    page.wait_for_url("**typ=artefakt**")
    assert 0 < page.locator(".dsr-hit").count() < all_of_them
    follow(page.locator(".dsr-active__chip").first)
    assert page.locator(".dsr-hit").count() == all_of_them


def test_results_are_sorted_and_turned_page_by_page(page: Page, site: str) -> None:
    page.goto(f"{site}/suche/?typ=projekt")
    page.locator("#sortierung").select_option("titel")
    page.locator(".dsr-search__resort").click()
    page.wait_for_url("**sort=titel**")
    titles = page.locator(".dsr-hit__title").all_inner_texts()
    assert titles == sorted(titles)
    page.locator(".dsr-pagination a[rel=next]").click()
    page.wait_for_url("**seite=2**")
    assert set(page.locator(".dsr-hit__title").all_inner_texts()).isdisjoint(titles)


def test_search_help_opens(page: Page, site: str) -> None:
    page.goto(f"{site}/suche/")
    signs = page.locator(".dsr-search__signs")
    assert not signs.is_visible()
    page.locator(".dsr-search__help summary").click()
    assert signs.is_visible()


def test_place_narrows_to_its_land_and_can_be_left_out(page: Page, site: str) -> None:
    page.goto(f"{site}/suche/?q=Mangel+Neuenkirchen")
    note = page.locator(".dsr-search__place")
    assert "Neuenkirchen" in note.inner_text()
    note.locator("a").last.click()
    page.wait_for_url("**ort=egal**")
    note.locator("a").first.click()
    page.wait_for_url("**land=03**")
    assert "ort=egal" in page.url
    page.locator("input[name=typ][value=projekt]").check()
    page.locator(".dsr-facets__apply").click()
    page.wait_for_url("**typ=projekt**")
    assert "ort=egal" in page.url


def test_menu_opens(page: Page, site: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(site)
    page.locator(".dsr-menu summary").click()
    page.locator(".dsr-menu a[href='/wissen/']").click()
    page.wait_for_url(f"{site}/wissen/")


def test_filters_are_open_on_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{site}/suche/?q=Mängelmelder")
    assert page.locator(".dsr-facet summary").first.is_visible()
    assert page.locator(".dsr-facets__apply").is_visible()


def test_map_has_a_table_that_leads_to_the_same_places(page: Page, site: str) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto(site)
    tiles = {tile.get_attribute("href") for tile in page.locator(".dsr-map svg a").all()}
    page.locator(".dsr-map__table summary").click()
    links = page.locator(".dsr-map__table a")
    assert {link.get_attribute("href") for link in links.all()} == tiles
    assert len(tiles) == 16
    links.filter(has_text="Niedersachsen").click()
    page.wait_for_url("**/suche/**")
    assert page.locator(".dsr-hit").count()


def test_list_of_bodies_is_filtered(page: Page, site: str) -> None:
    page.goto(f"{site}/kommunen/")
    page.locator("#name").fill("neuenk")
    follow(page.locator(".dsr-filter button"))
    assert page.locator(".dsr-bodies li").count() == 1


def test_barrier_report_keeps_what_was_typed_and_is_stored(page: Page, site: str) -> None:
    page.goto(f"{site}/barriere-melden/?seite=/wissen/")
    page.locator("#id_description").fill("Das Menü öffnet sich nicht.")
    page.locator("#id_email").fill("keine-adresse")
    follow(page.locator("main button[type=submit]"))
    assert page.locator(".dsr-errors a[href='#id_email']").is_visible()
    assert page.locator("#id_description").input_value() == "Das Menü öffnet sich nicht."
    assert page.locator("#id_address").input_value() == "/wissen/"
    page.locator("#id_email").fill("jemand@example.org")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/danke/?antwort=ja")
    assert BarrierReport.objects.get(email="jemand@example.org").address == "/wissen/"


def test_language_changes_and_comes_back_to_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/kommunen/?name=neuenk")
    page.locator(".dsr-service a[hreflang=en]").click()
    page.wait_for_url(f"{site}/kommunen/?name=neuenk")
    assert page.locator("html").get_attribute("lang") == "en"
