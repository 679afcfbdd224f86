"""Saying who uses a project in Chromium: by the adopter, by the provider with the register, and by a letter."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from people.models import User
from people.reuse.links import LINKS, link_to
from projects.models import BodyKind, BodyPage, ProjectPage, Reuse
from tests.browser.conftest import PHONE, READS_SITE, follow, nothing_found
from tests.browser.pages import EMPTY_BODY_PATH, USED_PROJECT
from tests.browser.test_axe import COLOURS, EVERYTHING, complaints
from tests.browser.test_narrow import STICKING_OUT
from tests.factories import editor_of

pytestmark = READS_SITE

LogIn = Callable[[str, User], None]


@pytest.fixture
def project(site: str) -> Iterator[ProjectPage]:
    """The project that has everything; what was said about it here goes again."""
    found = ProjectPage.objects.get(pk=USED_PROJECT)
    before = set(found.reuses.values_list("pk", flat=True))
    yield found
    found.reuses.exclude(pk__in=before).delete()


def person_of(body: BodyPage) -> Iterator[User]:
    user = editor_of(body)
    yield user
    user.delete()


@pytest.fixture
def adopter(site: str) -> Iterator[User]:
    yield from person_of(BodyPage.objects.get(slug=EMPTY_BODY_PATH.strip("/").rpartition("/")[2]))


@pytest.fixture
def owner(project: ProjectPage) -> Iterator[User]:
    yield from person_of(project.public_body)


@pytest.fixture
def official(site: str) -> Iterator[User]:
    """Somebody of a body that stands in no register."""
    yield from person_of(BodyPage.objects.get(kind=BodyKind.FEDERAL))


def look(page: Page) -> None:
    """The page keeps to the rules in light and dark, and fits a phone."""
    page.emulate_media(color_scheme="light")
    found = {"light": complaints(page, EVERYTHING), "wide": page.evaluate(STICKING_OUT)}
    page.emulate_media(color_scheme="dark")
    nothing_found({**found, "dark": complaints(page, COLOURS)})


def test_an_adopter_says_so_changes_it_and_takes_it_back(
    page: Page, site: str, project: ProjectPage, adopter: User, log_in: LogIn
) -> None:
    log_in(site, adopter)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{site}{project.url}")
    follow(page.locator("#nachnutzung a[href$='/nutzen/']"))
    look(page)
    page.locator("main form [name=person_days]").fill("-1")
    follow(page.locator("main form button[type=submit]"))
    look(page)
    page.locator("main form [name=person_days]").fill("12")
    follow(page.locator("main form button[type=submit]"))
    page.wait_for_url("**/nachnutzung/*/")
    look(page)
    name = Reuse.objects.get(pk=page.url.rstrip("/").rpartition("/")[2]).name
    page.goto(f"{site}/projekte/{project.pk}/nachnutzung/")
    expect(page.locator(".dsr-reuse__users")).to_contain_text(name)
    page.go_back()
    follow(page.locator("button[name=do][value=remove]"))
    look(page)
    assert not Reuse.objects.filter(project=project, person_days=12).exists()


def test_the_provider_finds_the_user_in_the_register_while_typing_and_the_user_answers_a_letter(
    page: Page, site: str, project: ProjectPage, owner: User, adopter: User, log_in: LogIn
) -> None:
    body = BodyPage.objects.get(team__group__user=adopter)
    log_in(site, owner)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{site}/projekte/{project.pk}/nachnutzung/")
    follow(page.locator("a[href$='/nutzer-melden/']"))
    page.goto(f"{page.url}?q=Neuenkirchen")
    look(page)
    page.locator("#stelle").fill("")
    page.locator("#stelle").press_sequentially(body.title[:12])
    page.locator("[role=option]").first.click()
    page.wait_for_url("**/nutzer-melden/gemeinde/*/")
    look(page)
    follow(page.locator("main form button[type=submit]"))
    page.wait_for_url("**/nachnutzung/")
    claim = Reuse.objects.get(project=project, municipality=body.municipality)
    page.goto(f"{site}/nachnutzung/antwort/{LINKS.sign(link_to(claim, adopter))}/")
    look(page)
    follow(page.locator("button[name=answer][value=stimmt]"))
    look(page)
    claim.refresh_from_db()
    assert claim.is_confirmed


def test_who_belongs_to_no_unit_of_the_register_learns_why_it_cannot_be_said(
    page: Page, site: str, project: ProjectPage, official: User, log_in: LogIn
) -> None:
    log_in(site, official)
    page.goto(f"{site}/projekte/{project.pk}/nutzen/")
    look(page)
    expect(page.locator("main form")).to_have_count(0)
