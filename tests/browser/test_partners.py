"""Asking a project's people and offering to take part, in Chromium: with and without script, wide and on a phone."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from playwright.sync_api import BrowserContext, Page

from people.cooperation import alliances, contact, partners
from people.models import User
from people.teams.teams import bodies_of
from projects.models import BodyPage, ContactRequest, Partnership, PartnerState, ProjectPage
from tests.browser.conftest import DESKTOP, PHONE, READS_SITE, follow, nothing_found
from tests.browser.test_axe import COLOURS, EVERYTHING, complaints
from tests.browser.test_narrow import STICKING_OUT
from tests.factories import ProjectPageFactory, editor_of, staff_member

pytestmark = READS_SITE

LogIn = Callable[[str, User], None]
# A machine is told by sending faster than this; see people/cooperation/contact_forms.py.
READING_MILLISECONDS = 4_500


@pytest.fixture
def project() -> Iterator[ProjectPage]:
    """An entry of its own, so that the site stays as other tests expect it."""
    body = BodyPage.objects.get(slug="noch-ohne-projekt")
    made: ProjectPage = ProjectPageFactory(
        parent=body, title="Parkausweis", openness="gesucht", slug="parkausweis", contact_email="k@example.org"
    )
    yield made
    ProjectPage.objects.get(pk=made.pk).delete()


def look(page: Page, within: str | None = None) -> None:
    """The page keeps to the rules in light and dark, and sticks out nowhere."""
    part = [within] if within else []
    page.emulate_media(color_scheme="light")
    found = {"light": complaints(page, EVERYTHING, *part), "wide": page.evaluate(STICKING_OUT)}
    page.emulate_media(color_scheme="dark")
    nothing_found({**found, "dark": complaints(page, COLOURS, *part)})


def test_visitor_asks_a_question_without_script_and_its_answer_is_noted(
    without_script: BrowserContext, site: str, project: ProjectPage
) -> None:
    page = without_script.new_page()
    page.goto(site + project.url)
    follow(page.get_by_role("link", name="Frage stellen").last)
    page.locator("#id_message").fill("Dürfen wir das Lastenheft sehen?")
    page.locator("#id_name").fill("Frieda Frage")
    page.locator("#id_email").fill("frieda@example.org")
    page.wait_for_timeout(READING_MILLISECONDS)
    follow(page.locator("main form button"))
    page.wait_for_url("**/kontakt/gesendet/")
    question = ContactRequest.objects.get(project=project)
    assert mail.outbox[-1].to == ["k@example.org"]
    path = re.search(r"/projekte/frage/\S+", contact.link_for(question))
    assert path
    page.goto(site + path[0])
    follow(page.locator("main form button"))
    question.refresh_from_db()
    assert question.answered_at is not None


def test_pages_of_a_question_keep_to_the_rules(page: Page, site: str, project: ProjectPage) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    question = ContactRequest.objects.create(project=project, name="F", email="f@example.org", message="?")
    path = re.search(r"/projekte/frage/\S+", contact.link_for(question))
    assert path
    page.goto(f"{site}/projekte/{project.pk}/kontakt/")
    look(page)
    follow(page.locator("main form button"))
    page.locator("#fehler").wait_for()
    look(page)
    page.goto(f"{site}/projekte/{project.pk}/kontakt/gesendet/")
    look(page)
    page.goto(site + path[0])
    look(page)
    follow(page.locator("main form button"))
    page.locator("main form").wait_for(state="detached")
    look(page)


def test_contact_of_any_page_is_asked_by_a_form_that_keeps_to_the_rules(
    page: Page, site: str, project: ProjectPage
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    body = project.public_body
    text = {"type": "contact", "value": {"name": "Stabsstelle", "role": "", "email": "s@example.org", "phone": ""}}
    BodyPage.objects.filter(pk=body.pk).update(about=json.dumps([text]))
    try:
        page.goto(site + body.url)
        follow(page.locator("main").get_by_role("link", name="Frage stellen"))
        look(page)
        page.locator("#id_message").fill("Wann?")
        page.locator("#id_name").fill("Frieda Frage")
        page.locator("#id_email").fill("frieda@example.org")
        page.wait_for_timeout(READING_MILLISECONDS)
        follow(page.locator("main form button"))
        page.wait_for_url("**/gesendet/")
        look(page)
        assert mail.outbox[-1].to == ["s@example.org"]
    finally:
        BodyPage.objects.filter(pk=body.pk).update(about="[]")


def test_member_offers_to_take_part_and_withdraws(page: Page, site: str, log_in: LogIn, project: ProjectPage) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    person = editor_of(BodyPage.objects.get(slug="neuenkirchen"))
    log_in(site, person)
    page.goto(site + project.url)
    follow(page.locator("#partner").get_by_role("link", name="Mitarbeit anbieten"))
    look(page)
    page.locator("#id_message").fill("Wir betreiben schon einen.")
    follow(page.locator("main form.dsr-form button"))
    page.locator("button[name=withdraw]").wait_for()
    look(page)
    found = Partnership.objects.get(project=project)
    assert found.state == PartnerState.INTERESTED
    follow(page.locator("button[name=withdraw]"))
    page.locator("button[name=withdraw]").wait_for(state="detached")
    found.refresh_from_db()
    assert found.state == PartnerState.WITHDRAWN


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_pages_of_those_who_decide_keep_to_the_rules(
    page: Page, site: str, log_in: LogIn, project: ProjectPage, viewport: dict[str, int]
) -> None:
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    other = editor_of(BodyPage.objects.get(slug="neuenkirchen"))
    found = partners.express_interest(project, bodies_of(other).get(), other, "Wir sind dabei.")
    question = ContactRequest.objects.create(project=project, name="F", email="f@example.org", message="?")
    owner = editor_of(project.public_body)
    log_in(site, owner)
    for path in (f"/admin/mitarbeit/{found.pk}/", f"/admin/fragen/{question.pk}/"):
        page.goto(site + path)
        look(page, "main")
    alliance, _is_new = alliances.begin(partners.assure(found, owner), owner)
    page.goto(f"{site}/admin/mitarbeit/{found.pk}/")
    look(page, "main")
    alliance.delete()
    log_in(site, staff_member())
    page.goto(f"{site}/admin/fragen/")
    look(page, "main")
