"""Keeping a search, watching a project, joining a demand and ending letters, in Chromium; with and without script."""

from collections.abc import Callable, Iterable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from matching.alerts.links import LINKS, SIMILAR, Stream
from matching.models import AlertSettings, DemandSupport, Rhythm, SavedSearch, SearchMiss, SearchMissDay, Watch
from people.models import User
from projects.models import BodyPage
from tests.browser.conftest import DESKTOP, PHONE, READS_SITE, follow, nothing_found
from tests.browser.pages import FULL_PROJECT_PATH, OPEN_DEMAND
from tests.browser.test_axe import COLOURS, EVERYTHING, complaints
from tests.browser.test_narrow import STICKING_OUT
from tests.factories import editor_of, staff_member

pytestmark = READS_SITE

LogIn = Callable[[str, User], None]


@pytest.fixture
def member(site: str) -> Iterator[User]:
    user = editor_of(BodyPage.objects.get(slug="noch-ohne-projekt"), email="merkt@example.org")
    yield user
    user.delete()


def look(page: Page) -> None:
    """The page keeps to the rules in light and dark, and fits a phone and a desk."""
    found: dict[str, Iterable[str]] = {}
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        found |= {f"light {size}": complaints(page, EVERYTHING), f"wide {size}": page.evaluate(STICKING_OUT)}
        page.emulate_media(color_scheme="dark")
        found[f"dark {size}"] = complaints(page, COLOURS)
    page.emulate_media(color_scheme="light")
    nothing_found(found)


def test_member_keeps_a_search_from_its_results_and_forgets_it(
    page: Page, site: str, member: User, log_in: LogIn
) -> None:
    log_in(site, member)
    page.goto(f"{site}/suche/?q=Mangel&phase=P4")
    follow(page.locator(".dsr-watch__ways a").first)
    look(page)
    follow(page.locator("main form button[type=submit]"))
    page.wait_for_url("**/merkliste/")
    assert SavedSearch.objects.get(user=member).parameters == "?q=Mangel&phase=P4"
    look(page)
    follow(page.locator("form[action$='/loeschen/'] button"))
    page.wait_for_url("**/merkliste/")
    assert not SavedSearch.objects.filter(user=member).exists()


def test_member_watches_a_project_by_its_page(page: Page, site: str, member: User, log_in: LogIn) -> None:
    log_in(site, member)
    page.goto(f"{site}{FULL_PROJECT_PATH}")
    look(page)
    follow(page.locator(".dsr-watch-one button"))
    page.wait_for_url(f"**{FULL_PROJECT_PATH}#beobachten")
    assert Watch.objects.filter(user=member).exists()
    assert page.locator(".dsr-watch-one button[name=end]").is_visible()
    page.goto(f"{site}/merkliste/")
    look(page)
    page.goto(f"{site}/konto/benachrichtigungen/")
    look(page)


def test_letters_are_ended_without_script_or_log_in(without_script: BrowserContext, site: str, member: User) -> None:
    page = without_script.new_page()
    page.goto(f"{site}/abo/{LINKS.sign(Stream(member, SIMILAR).link)}/")
    follow(page.locator("button[name=end]"))
    assert AlertSettings.objects.get(user=member).similar == Rhythm.NEVER
    follow(page.locator("button[name=back]"))
    assert AlertSettings.objects.get(user=member).similar == Rhythm.DAILY


def test_page_that_ends_letters_keeps_to_the_rules(page: Page, site: str, member: User) -> None:
    page.goto(f"{site}/abo/{LINKS.sign(Stream(member, SIMILAR).link)}/")
    look(page)


def test_member_joins_a_demand_and_leaves_it(page: Page, site: str, member: User, log_in: LogIn) -> None:
    log_in(site, member)
    page.goto(f"{site}/bedarf/{OPEN_DEMAND}/")
    page.locator("form[action$='/mitmachen/'] button").click()
    page.locator("form[action$='/verlassen/']").wait_for()
    look(page)
    assert DemandSupport.objects.filter(demand=OPEN_DEMAND).count() == 1
    page.locator("form[action$='/verlassen/'] button").click()
    page.locator("form[action$='/mitmachen/']").wait_for()
    assert not DemandSupport.objects.filter(demand=OPEN_DEMAND).exists()


def test_rooms_of_the_staff_keep_to_the_rules(page: Page, site: str, log_in: LogIn) -> None:
    miss = SearchMiss.objects.create(digest="x", text="quastenflosser")
    SearchMissDay.objects.create(miss=miss, day="2026-11-01", count=50)
    person = staff_member(email="bedarf@example.org")
    log_in(site, person)
    for path in ("/admin/bedarf/", f"/admin/bedarf/neu/?suche={miss.pk}", f"/admin/bedarf/{OPEN_DEMAND}/schliessen/"):
        page.goto(f"{site}{path}")
        nothing_found({path: complaints(page, EVERYTHING)})
    miss.delete()
    person.delete()
