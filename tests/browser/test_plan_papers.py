"""From a council paper to a plan, in the browser: on a telephone, with the keys, without a script."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import User
from projects.models import BodyPage, OzgFieldLead, ProjectPage
from tests.browser.conftest import PHONE, follow
from tests.browser.test_joining import look
from tests.factories import BodyPageFactory, OzgServiceFactory, editor_of, field_of_action
from tests.matching.papers import making
from tests.matching.test_plan_paper import TITLE, paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = re.compile(r"/vorhaben/\d+/")


@pytest.fixture
def address(_own_connection: None, live_server: LiveServer, media: Any, engine: Any, settings: Any) -> str:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def body() -> BodyPage:
    body: BodyPage = BodyPageFactory(title="Neuenkirchen")
    OzgServiceFactory(name="Personalausweis")
    OzgFieldLead.objects.all().delete()
    return body


def file_of(text: str) -> FilePayload:
    return {"name": "Vorlage.pdf", "mimeType": "application/pdf", "buffer": making.pdf(text)}


def test_paper_becomes_a_plan_on_a_telephone_without_a_script(
    without_script: BrowserContext, address: str, body: BodyPage, client: Any
) -> None:
    client.force_login(editor_of(body))
    without_script.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
    page = without_script.new_page()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{address}/vorhaben/melden/")
    page.get_by_text("Aus einer Vorlage übernehmen").click()
    page.locator("#id_paper_file").set_input_files(file_of(paper()))
    follow(page.get_by_role("button", name="Vorlage lesen"))
    expect(page.locator("#id_title")).to_have_value(TITLE)
    expect(page.get_by_text("Aus der Vorlage: Betreff, Seite 1")).to_be_visible()

    follow(page.locator("[name=vorlage_weglassen][value=decision_on]"))
    expect(page.locator("#id_decision_on")).to_have_value("")
    for name in ("title", "problem", "costs"):
        page.locator(f"#id_confirmed_{name}").check()
    page.locator("#id_field_of_action").select_option(str(field_of_action("verwaltung").pk))
    page.locator("[name=openness]").first.check()
    follow(page.locator("[data-report]"))
    page.wait_for_url(PLAN)
    project = ProjectPage.objects.get(title=TITLE)
    assert (project.decision_on, project.cost_from) == (None, 12_500)


def test_filled_form_keeps_to_the_rules_and_enter_reports_the_plan(
    page: Page, address: str, body: BodyPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{address}/vorhaben/melden/")
    page.get_by_text("Aus einer Vorlage übernehmen").click()
    look(page)
    page.locator("#id_paper_text").fill("   ")
    follow(page.get_by_role("button", name="Vorlage lesen"))
    expect(page.locator("details.dsr-paper")).to_have_attribute("open", "")
    look(page)
    page.locator("#id_title").fill("Schon getippt")
    page.locator("#id_paper_text").fill(paper(timezone.localdate() - datetime.timedelta(days=9)))
    follow(page.get_by_role("button", name="Vorlage lesen"))
    expect(page.locator("#id_title")).to_have_value("Schon getippt")
    look(page)
    follow(page.locator("[name=vorlage_uebernehmen][value=title]"))
    expect(page.locator("#id_title")).to_have_value(TITLE)
    page.locator("#id_title").press("Enter")
    # Not what reads a paper, which is the first button one sees.
    expect(page.locator(".dsr-errors")).to_be_focused()
    expect(page.locator("#id_title_error")).to_contain_text("Vorlage")
    look(page)


def test_project_is_described_from_a_paper_and_goes_on_in_the_editor(
    page: Page, address: str, body: BodyPage, log_in: Callable[[str, User], None]
) -> None:
    log_in(address, editor_of(body))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{address}/vorhaben/vorlage/?stelle={body.pk}")
    look(page)
    page.locator("#id_paper_file").set_input_files(file_of(paper()))
    follow(page.get_by_role("button", name="Vorlage lesen"))
    expect(page.locator("#id_title")).to_have_value(TITLE)
    look(page)
    page.locator("#id_confirmed_problem").check()
    page.locator("#id_kept").set_input_files(file_of(paper()))
    follow(page.get_by_role("button", name="Als Entwurf speichern"))
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    assert ProjectPage.objects.get(title=TITLE).artefacts.get().file
