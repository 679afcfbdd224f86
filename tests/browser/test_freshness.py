"""Answering a reminder and looking after one's entries, in Chromium: with and without script, wide and on a phone."""

from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from playwright.sync_api import BrowserContext, Page

from people.freshness import takeover
from people.models import User
from people.teams.teams import bodies_of
from projects.models import BodyPage, Freshness, FreshnessState, ProjectPage
from tests.browser.conftest import DESKTOP, PHONE, READS_SITE, follow, nothing_found
from tests.browser.test_axe import COLOURS, EVERYTHING, complaints
from tests.browser.test_narrow import STICKING_OUT
from tests.factories import ProjectPageFactory, UserFactory, editor_of, staff_member
from tests.people.ageing import orphaned, overdue, signed_for

pytestmark = READS_SITE

LogIn = Callable[[str, User], None]


@pytest.fixture
def project() -> Iterator[ProjectPage]:
    """An entry of its own, so that the site stays as other tests expect it."""
    body = BodyPage.objects.get(slug="noch-ohne-projekt")
    made: ProjectPage = ProjectPageFactory(parent=body, title="Hochwasserpegel im Netz", phase="P4", slug="pegel")
    yield made
    ProjectPage.objects.get(pk=made.pk).delete()


def state_of(project: ProjectPage) -> str:
    return Freshness.objects.get(page_id=project.pk).state


def look(page: Page) -> None:
    """The page keeps to the rules in light and dark, and fits a phone."""
    page.emulate_media(color_scheme="light")
    found = {"light": complaints(page, EVERYTHING), "wide": page.evaluate(STICKING_OUT)}
    page.emulate_media(color_scheme="dark")
    nothing_found({**found, "dark": complaints(page, COLOURS)})


def test_link_answers_by_itself_once_it_is_seen_and_can_be_taken_back(
    page: Page, site: str, project: ProjectPage
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    address = f"{site}/aktuell/{signed_for(overdue(project), None)}/stimmt/"
    page.goto(address)
    page.locator("form[action$='/zurueck/']").wait_for()
    assert state_of(project) == FreshnessState.CURRENT
    look(page)
    follow(page.locator("form[action$='/zurueck/'] button"))
    page.wait_for_url("**/aktuell/*/")
    assert state_of(project) == FreshnessState.DUE
    look(page)
    page.locator("form[action$='/beendet/'] button").click()
    page.locator("form[action$='/zurueck/']").wait_for()
    assert ProjectPage.objects.get(pk=project.pk).phase == "abgeschlossen"


def test_link_without_script_answers_by_one_button(
    without_script: BrowserContext, site: str, project: ProjectPage
) -> None:
    page = without_script.new_page()
    page.goto(f"{site}/aktuell/{signed_for(overdue(project), None)}/stimmt/")
    assert state_of(project) == FreshnessState.DUE, "opening the page is no answer"
    follow(page.locator("form button").last)
    follow(page.locator("form[action$='/zurueck/'] button"))
    assert state_of(project) == FreshnessState.DUE
    assert not without_script.cookies()


def test_pages_of_the_link_keep_to_the_rules(page: Page, without_script: BrowserContext, site: str) -> None:
    entry = Freshness.objects.filter(page__slug="maengelmelder").get()
    signed = signed_for(entry, None)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    # The page that sends itself is looked at with its script kept away.
    page.route("**/answer*.js", lambda route: route.abort())
    for path in (f"/aktuell/{signed}/beendet/", f"/aktuell/{signed}/", "/aktuell/unsinn/"):
        page.goto(site + path)
        look(page)


def test_note_about_a_change_reaches_the_team(page: Page, site: str, project: ProjectPage) -> None:
    editor = editor_of(project.public_body)
    page.goto(f"{site}/aktuell/{signed_for(overdue(project), None)}/aendern/")
    follow(page.locator("form.dsr-form button"))
    page.locator("#id_text").wait_for()
    look(page)
    page.locator("#id_text").fill("Der Pegel steht jetzt am Wehr.")
    follow(page.locator("form.dsr-form button"))
    page.get_by_role("heading", level=1).wait_for()
    look(page)
    # Other tests have made people of the same body.
    assert editor.email in {letter.to[0] for letter in mail.outbox if "am Wehr" in str(letter.body)}


def test_orphaned_entry_is_offered_to_others(page: Page, site: str, log_in: LogIn, project: ProjectPage) -> None:
    orphaned(project)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(site + project.url)
    look(page)
    follow(page.locator("main a[href*='/projekt-uebernehmen/']"))
    look(page)
    other = editor_of(BodyPage.objects.get(slug="neuenkirchen"))
    log_in(site, other)
    page.reload()
    look(page)
    page.locator("#id_message").fill("Wir betreiben den Pegel weiter.")
    follow(page.locator("main form button"))
    look(page)
    assert takeover.undecided_for(staff_member()).count() == 1


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_first_page_of_an_editor_keeps_to_the_rules(
    page: Page, site: str, log_in: LogIn, project: ProjectPage, viewport: dict[str, int]
) -> None:
    overdue(project)
    body = project.public_body
    ProjectPageFactory(parent=body, live=False, title="Entwurf")
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    log_in(site, editor_of(body))
    page.goto(f"{site}/admin/")
    panel = "section[aria-labelledby=own-bodies]"
    found = {"light": complaints(page, EVERYTHING, panel), "wide": page.evaluate(STICKING_OUT)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = complaints(page, COLOURS, panel)
    nothing_found(found)
    page.locator(f"{panel} form[action$='/stimmt/'] button").click()
    page.locator("#zuletzt button").wait_for()
    assert state_of(project) == FreshnessState.CURRENT
    page.locator("#zuletzt button").click()
    page.locator(f"{panel} form[action$='/stimmt/']").wait_for()
    assert state_of(project) == FreshnessState.DUE


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_pages_of_the_staff_keep_to_the_rules(
    page: Page, site: str, log_in: LogIn, project: ProjectPage, viewport: dict[str, int]
) -> None:
    orphaned(project)
    person = editor_of(BodyPage.objects.get(slug="neuenkirchen"))
    offer = takeover.offer(project, bodies_of(person).get(), person, "Wir übernehmen das gern.")
    log_in(site, staff_member())
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    places = {
        "/admin/": "section[aria-labelledby=staff-tasks]",
        "/admin/aktualitaet/?state=verwaist": "table.listing",
        f"/admin/uebernahme/{offer.pk}/": "main .dsr-decision",
        f"/admin/aktualitaet/{project.pk}/vergeben/": "main .dsr-decision",
    }
    found: dict[str, list[str]] = {}
    for address, place in places.items():
        page.emulate_media(color_scheme="light")
        page.goto(site + address)
        assert page.locator("h1").count() == 1, address
        found[f"{address} light"] = complaints(page, EVERYTHING, place)
        found[f"{address} wide"] = page.evaluate(STICKING_OUT)
        page.emulate_media(color_scheme="dark")
        found[f"{address} dark"] = complaints(page, COLOURS, place)
    nothing_found(found)


def test_stranger_with_an_account_learns_how_to_join(
    page: Page, site: str, log_in: LogIn, project: ProjectPage
) -> None:
    orphaned(project)
    log_in(site, UserFactory())
    page.goto(f"{site}/projekt-uebernehmen/{project.pk}/")
    look(page)
    assert page.locator("main a[href='/mitmachen/']").count() == 1
