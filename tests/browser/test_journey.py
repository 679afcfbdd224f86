"""The reason for it all: a municipality tells, another one finds, the staff show it to everybody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import User
from projects.models import BodyPage, ProjectPage
from tests.browser.conftest import follow
from tests.factories import (
    PASSWORD,
    BodyPageFactory,
    ProjectPageFactory,
    TagFactory,
    editor_of,
    field_of_action,
    home,
    publisher_of,
    staff_member,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "Bäume gießen lassen"
SUMMARY = "Patenschaften für Straßenbäume: Anwohner melden sich an und sehen, welcher Baum Wasser braucht."
# Other word forms, and the parts of a compound the text does not take apart.
QUERY = "Straßenbaum Patenschaft"
FOUND_WITHIN_MS = 5_000


@pytest.fixture
def address(_own_connection: None, live_server: LiveServer, media: Any, engine: Any) -> str:
    return str(live_server.url)


@pytest.fixture
def enter(browser: Browser, browser_context_args: dict[str, Any], address: str) -> Iterator[Callable[..., Page]]:
    """A browser of one's own for each person; users log in through the form."""
    contexts: list[BrowserContext] = []

    def open_browser(user: User | None = None) -> Page:
        contexts.append(browser.new_context(**browser_context_args))
        page = contexts[-1].new_page()
        page.goto(f"{address}/admin/" if user else address)
        if user:
            page.locator("#id_login").fill(user.email)
            page.locator("#id_password").fill(PASSWORD)
            page.locator("main form button[type=submit]").first.click()
            page.wait_for_url(f"{address}/admin/")
        return page

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def body() -> BodyPage:
    body: BodyPage = BodyPageFactory(title="Neuenkirchen", slug="neuenkirchen")
    ProjectPageFactory(parent=body, title="Wasserleitung spülen", phase="P1")
    return body


def open_tab_of(page: Page, field: Locator) -> None:
    """The tabs' addresses follow their translated headings: find the one that holds the field."""
    tab = field.evaluate("(e) => e.closest('[role=tabpanel]').getAttribute('aria-labelledby')")
    page.locator(f"#{tab}").click()


def publish(page: Page) -> None:
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator("button[name=action-publish]").click()
    page.locator(".messages .success").wait_for()


def type_title(page: Page, title: str) -> None:
    """Key by key and on to the next field: the address follows the title a moment later."""
    page.locator("#id_title").press_sequentially(title)
    page.keyboard.press("Tab")
    expect(page.locator("#id_slug")).not_to_have_value("")


def describe_project(page: Page) -> None:
    """Title, summary, phase, field of action, tags and a file to take along: what an editor fills in."""
    type_title(page, TITLE)
    page.locator("#id_summary").fill(SUMMARY)
    phase = page.locator("#id_phase")
    open_tab_of(page, phase)
    phase.select_option("P4")
    field = page.locator(f"input[name=fields_of_action][value='{field_of_action('energie-und-umwelt').pk}']")
    open_tab_of(page, field)
    field.check()
    page.locator("#id_tags ~ .tagit .tagit-new input").press_sequentially("Klimaanpassung,")
    expect(page.locator("#id_tags ~ .tagit .tagit-choice")).to_have_count(1)
    add = page.locator("#id_artefacts-ADD")
    open_tab_of(page, add)
    add.click()
    page.locator("#id_artefacts-0-title").fill("Satzung über Baumpatenschaften")
    page.locator("#id_artefacts-0-kind").select_option(label="Satzung")
    page.locator("#id_artefacts-0-link").fill("https://example.org/satzung.pdf")


def test_published_project_is_found_read_and_featured(enter: Callable[..., Page], body: BodyPage, address: str) -> None:
    TagFactory(name="Klimaanpassung")
    editor = enter(publisher_of(body))
    add = reverse("wagtailadmin_pages:add", args=("projects", "projectpage", body.pk))
    follow(editor.locator(f"a[href='{add}']"))
    describe_project(editor)
    publish(editor)

    visitor = enter(None)
    find_as_visitor(visitor, address)
    feature_as_staff(enter(staff_member()), address)

    visitor.goto(address)
    expect(visitor.locator("#auswahl")).to_be_visible()
    assert visitor.locator("section[aria-labelledby=auswahl] h3").all_inner_texts() == [TITLE]


def find_as_visitor(page: Page, address: str) -> None:
    """Search in own words, narrow, open, read."""
    page.locator("#startsuche").fill(QUERY)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    hit = page.locator(".dsr-hit__title a", has_text=TITLE)
    hit.wait_for(timeout=FOUND_WITHIN_MS)
    assert page.locator(".dsr-hit mark").count()
    option = page.locator("input[name=handlungsfeld][value=energie-und-umwelt]")
    if option.is_hidden():
        page.locator("[data-facet=handlungsfeld] summary").click()
    option.check()
    page.wait_for_url("**handlungsfeld=energie-und-umwelt**")
    expect(page.locator(".dsr-active__chip")).to_have_count(1)
    hit.click()
    page.wait_for_url("**/kommunen/neuenkirchen/**")
    assert page.locator("h1").inner_text() == TITLE
    assert page.locator("[aria-current=step]").count() == 1
    assert page.locator("a.dsr-chip", has_text="Klimaanpassung").count() == 1
    page.locator(".dsr-artefacts h3 a", has_text="Satzung über Baumpatenschaften").click()
    page.wait_for_url("**/artefakte/**")
    assert page.locator("main a[href='https://example.org/satzung.pdf']").is_visible()


def feature_as_staff(page: Page, address: str) -> None:
    """Put the project on the home page with the chooser."""
    page.goto(address + reverse("wagtailadmin_pages:edit", args=(home().pk,)))
    page.locator("#id_featured_projects-OPEN_MODAL").click()
    search = page.locator(".modal-body input[name=q]")
    search.fill(TITLE)
    row = page.locator(".modal-body tr", has_text=TITLE)
    row.locator("input[type=checkbox]").check()
    page.locator(".modal-body [data-multiple-choice-submit]").click()
    page.locator(".modal-body").wait_for(state="detached")
    publish(page)


def test_draft_is_neither_found_nor_read(enter: Callable[..., Page], body: BodyPage, address: str) -> None:
    draft = ProjectPageFactory(parent=body, title=TITLE, summary=SUMMARY, live=False)
    visitor = enter(None)
    visitor.goto(f"{address}/suche/?q={QUERY}")
    assert visitor.locator(".dsr-hit__title", has_text=TITLE).count() == 0
    answer = visitor.goto(f"{address}/kommunen/neuenkirchen/{draft.slug}/")
    assert answer
    assert answer.status == 404


def test_editor_saves_an_incomplete_draft_and_finds_it_again(enter: Callable[..., Page], body: BodyPage) -> None:
    page = enter(editor_of(body))
    page.locator("a[href*='/add/projects/projectpage/']").first.click()
    page.wait_for_url("**/add/**")
    type_title(page, "Nur ein Gedanke")
    page.locator("footer button.action-save").click()
    page.wait_for_url("**/edit/**")
    assert page.locator("#id_title").input_value() == "Nur ein Gedanke"
    assert ProjectPage.objects.get(title="Nur ein Gedanke").live is False
