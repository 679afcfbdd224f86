"""Issuing a Prüfvermerk in Chromium: by the rules, on a phone, and fetched as a file; and the way to the comparison."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from people.models import User
from projects.models import BodyPage, ProjectPage
from tests.browser.conftest import PHONE, READS_SITE, follow, nothing_found
from tests.browser.test_axe import COLOURS, EVERYTHING, complaints
from tests.browser.test_narrow import STICKING_OUT
from tests.factories import editor_of

pytestmark = READS_SITE

LogIn = Callable[[str, User], None]


@pytest.fixture
def plan(site: str) -> Iterator[ProjectPage]:
    """The plan of the site; what was issued for it goes again."""
    found = ProjectPage.objects.get(slug="vorhaben")
    before = set(found.check_records.values_list("pk", flat=True))
    yield found
    found.check_records.exclude(pk__in=before).delete()


@pytest.fixture
def editor(site: str) -> Iterator[User]:
    user = editor_of(BodyPage.objects.get(slug="neuenkirchen"))
    yield user
    user.delete()


def look(page: Page) -> None:
    """The page keeps to the rules in light and dark, and fits a phone."""
    page.emulate_media(color_scheme="light")
    found = {"light": complaints(page, EVERYTHING), "wide": page.evaluate(STICKING_OUT)}
    page.emulate_media(color_scheme="dark")
    nothing_found({**found, "dark": complaints(page, COLOURS)})


def test_a_record_is_issued_read_and_fetched_as_a_file(
    page: Page, site: str, plan: ProjectPage, editor: User, context: BrowserContext, log_in: LogIn
) -> None:
    log_in(site, editor)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{site}{plan.url}")
    follow(page.locator("a[href$='/pruefvermerk/']"))
    page.locator("main summary").click()
    look(page)
    follow(page.get_by_role("button", name="Prüfvermerk ausstellen"))
    page.wait_for_url("**/pruefvermerk/*/")
    look(page)
    href = page.locator("a[href$='.pdf']").get_attribute("href")
    answer = context.request.get(f"{site}{href}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-1.7")


def test_a_council_paper_is_chosen_and_fetched_as_a_text(
    page: Page, site: str, plan: ProjectPage, editor: User, log_in: LogIn
) -> None:
    log_in(site, editor)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{site}{plan.url}")
    follow(page.locator("a[href$='/beschlussvorlage/']"))
    look(page)
    page.get_by_role("radio", name="Nachnutzen, was andere haben").check()
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Als ODT herunterladen").click()
    assert fetched.value.suggested_filename == "Beschlussvorlage-neuenkirchen-vorhaben.odt"


def test_the_comparison_is_reached_from_the_page_of_a_body(page: Page, site: str) -> None:
    page.goto(f"{site}/kommunen/noch-ohne-projekt/")
    page.locator("a[href*='/kommunen-wie-wir/']").click()
    page.locator("main h1", has_text="Kommunen wie wir").wait_for()
    assert page.locator(".dsr-peers__offers > li").count() == 1
