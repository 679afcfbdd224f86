"""The panel beside a draft: appears while typing, moves no focus, keeps what it knew, and is not needed to be asked."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from matching.models import DecisionKind, OverlapDecision
from matching.reporting.panel_forms import FIRST_LOOK
from people.models import User
from projects.models import BodyPage, CentralSolution, ProjectPage
from tests.browser.conftest import PHONE, follow
from tests.browser.test_joining import look
from tests.factories import BodyPageFactory, OzgServiceFactory, editor_of
from tests.matching.appearing import DOG_TAX, appear, others

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PANEL = "[data-similar]"
# Longer than an answer that is there takes to be shown.
LATE_MILLISECONDS = 500
REASON = "Andere Satzung, anderes Fachverfahren"


@pytest.fixture
def address(_own_connection: None, live_server: LiveServer, media: Any, engine: Any, settings: Any) -> str:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def twin(address: str) -> ProjectPage:
    others()
    service = OzgServiceFactory(name="Hundesteuer")
    CentralSolution.objects.create(name="Hund für alle", service=service, actor="Berlin", contact_email="a@example.org")
    return appear(BodyPageFactory(title="Auental"), phase="P3")


@pytest.fixture
def body(twin: ProjectPage) -> BodyPage:
    found: BodyPage = BodyPageFactory(title="Unser Dorf")
    return found


def fill(page: Page, address: str) -> None:
    """All of the short form, by hand."""
    page.goto(f"{address}/vorhaben/melden/")
    page.locator("#id_title").fill(DOG_TAX["title"])
    page.locator("#id_problem").press_sequentially(DOG_TAX["summary"])


def complete(page: Page) -> None:
    page.locator("#id_field_of_action").select_option(label="Verwaltung")
    page.locator("[name=openness]").first.check()


def test_panel_shows_what_is_alike_while_typing_and_moves_no_focus(
    page: Page, address: str, body: BodyPage, twin: ProjectPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    fill(page, address)
    expect(page.locator(f"{PANEL} .dsr-match")).not_to_have_count(0)
    expect(page.locator("#id_problem")).to_be_focused()
    status = page.locator(f"{PANEL} [role=status]")
    assert status.inner_text() == page.locator(f"{PANEL} summary").inner_text()
    look(page)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    look(page)


def test_a_quick_look_comes_first_and_only_where_nothing_is_to_be_seen_yet(
    page: Page, address: str, body: BodyPage, twin: ProjectPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.post_data or "") if "aehnliche" in request.url else None)
    fill(page, address)
    # Only the second look calls anything very similar.
    expect(page.locator(f"{PANEL}.dsr-similar--strong .dsr-match")).not_to_have_count(0)
    *_earlier, first, second = asked
    assert f"{FIRST_LOOK}=1" in first
    assert second == first.replace(f"&{FIRST_LOOK}=1", "")
    asked.clear()
    with page.expect_response(lambda response: "aehnliche" in response.url):
        page.locator("#id_problem").press_sequentially(" Auch am Abend.")
    assert [FIRST_LOOK in sent for sent in asked] == [False]


def test_what_is_decided_in_the_panel_is_kept_with_the_plan(
    page: Page, address: str, body: BodyPage, twin: ProjectPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    fill(page, address)
    complete(page)
    expect(page.locator(f"{PANEL} [name=projekt-{twin.pk}-kind]")).to_have_count(4)
    # Nothing decided: asked in full, and what was typed is still there on the way back.
    follow(page.locator("form.dsr-plan [data-report]"))
    expect(page.locator(".dsr-weigh")).not_to_have_count(0)
    look(page)
    follow(page.locator("main form button[type=submit]").last)
    expect(page.locator("#id_title")).to_have_value(DOG_TAX["title"])
    question = page.locator(f"{PANEL} [name=projekt-{twin.pk}-kind]")
    question.locator("nth=3").check()
    reason = page.locator(f"{PANEL} [name=projekt-{twin.pk}-reason]")
    reason.fill(REASON)
    # Another answer comes: what is chosen stays.
    with page.expect_response("**/aehnliche/"):
        page.locator("#id_title").press_sequentially(" oder abmelden")
    expect(reason).to_have_value(REASON)
    follow(page.locator("form.dsr-plan [data-report]"))
    page.wait_for_url(f"{address}/vorhaben/*/")
    row = OverlapDecision.objects.get()
    assert (row.other, row.kind, row.reason) == (twin, DecisionKind.ANYWAY, REASON)
    look(page)


def test_an_answer_that_does_not_come_leaves_the_last_one(
    page: Page, address: str, body: BodyPage, twin: ProjectPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    fill(page, address)
    expect(page.locator(f"{PANEL} .dsr-match")).not_to_have_count(0)

    def fail(route: Route) -> None:
        route.fulfill(status=503, body="")

    page.route("**/aehnliche/", fail)
    page.locator("#id_problem").press_sequentially(" Und das schnell.")
    expect(page.locator("[data-similar-away]")).to_be_visible()
    expect(page.locator(f"{PANEL} .dsr-match")).not_to_have_count(0)
    page.unroute("**/aehnliche/")
    page.locator("#id_problem").press_sequentially(" Und gut.")
    expect(page.locator("[data-similar-away]")).to_be_hidden()


def test_a_late_answer_about_an_older_text_never_replaces_a_newer_one(
    page: Page, address: str, body: BodyPage, twin: ProjectPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    page.goto(f"{address}/vorhaben/melden/")
    held: list[Route] = []
    page.route("**/aehnliche/", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/aehnliche/"):
        page.locator("#id_title").fill("Etwas ganz anderes")
    page.locator("#id_title").fill(DOG_TAX["title"])
    page.locator("#id_problem").fill(DOG_TAX["summary"])
    expect(page.locator(f"{PANEL} .dsr-match")).not_to_have_count(0)
    with suppress(Error):  # nobody waits for it any more
        held[0].fulfill(status=200, content_type="text/html", body='<div data-summary="Veraltet">Veraltet</div>')
    page.wait_for_timeout(LATE_MILLISECONDS)
    expect(page.locator(PANEL)).not_to_contain_text("Veraltet")
    expect(page.locator(f"{PANEL} .dsr-match")).not_to_have_count(0)


def test_without_script_the_form_asks_before_it_stores_anything(
    without_script: BrowserContext, address: str, body: BodyPage, twin: ProjectPage, client: Any
) -> None:
    client.force_login(editor_of(body))
    without_script.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
    page = without_script.new_page()
    fill(page, address)
    expect(page.locator(PANEL)).to_be_hidden()
    complete(page)
    follow(page.locator("form.dsr-plan [data-report]"))
    expect(page.locator(".dsr-match")).not_to_have_count(0)
    page.locator(f"[name=projekt-{twin.pk}-kind]").first.check()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{address}/vorhaben/*/")
    assert OverlapDecision.objects.get().kind == DecisionKind.JOIN


def test_editor_shows_what_is_alike_and_leads_to_the_questions(
    page: Page, address: str, body: BodyPage, twin: ProjectPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    page.add_init_script("addEventListener('w-unsaved:watch-edits', () => { window.isWatched = true })")
    page.goto(f"{address}/admin/pages/add/projects/projectpage/{body.pk}/")
    # Wagtail takes what stands there two seconds later for what was saved.
    page.wait_for_function("window.isWatched")
    page.locator("#id_title").fill(DOG_TAX["title"])
    page.locator("#id_summary").press_sequentially(DOG_TAX["summary"])
    summary = page.locator(f"{PANEL} summary")
    expect(summary).to_contain_text("1")
    expect(page.locator("#id_summary")).to_be_focused()
    # Once the draft is stored, each can be decided about.
    page.wait_for_url("**/edit/")
    summary.click()
    way = page.locator(f"{PANEL} .dsr-match__ways a[href*='wie=beobachten']")
    expect(way).to_be_visible()
    look(page, PANEL)
    page.goto(f"{address}{way.get_attribute('href')}")
    expect(page.locator("[value=beobachten]")).to_be_checked()
    look(page)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/edit/")
    assert OverlapDecision.objects.get().kind == DecisionKind.WATCH
