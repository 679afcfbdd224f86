"""From stranger to colleague: asked, confirmed, granted, invited, at work; letters go through a real mail server."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.mail.queue import send_due
from people.models import User
from people.teams.teams import coordinators_of, people_of
from projects.models import Association, BodyKind, BodyPage
from tests.browser.conftest import PHONE, follow, nothing_found
from tests.browser.test_axe import COLOURS, EVERYTHING, complaints
from tests.browser.test_narrow import STICKING_OUT
from tests.factories import (
    PASSWORD,
    BodyPageFactory,
    DistrictFactory,
    MunicipalityFactory,
    coordinator_of,
    editor_of,
    staff_member,
)
from tests.people.accounts import code_for, with_app
from tests.people.mail_server import Sink, mail_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STRANGER, COLLEAGUE, NEW_PASSWORD = "vera@amt.example", "nils@amt.example", "ein-anderes-passwort"
LINK = re.compile(r"http://\S+")


@pytest.fixture
def address(_own_connection: None, live_server: LiveServer, media: Any, engine: Any, settings: Any) -> str:
    settings.SECOND_FACTOR_REQUIRED = True
    settings.EMAIL_BACKEND = "people.mail.queue.QueueBackend"
    settings.BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def letters(settings: Any) -> Iterator[Sink]:
    with mail_server(Sink(), settings) as sink:
        yield sink


@pytest.fixture
def new_page(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Callable[..., Page]]:
    """A telephone of one's own for each person."""
    contexts: list[BrowserContext] = []

    def open_browser(**options: Any) -> Page:
        contexts.append(browser.new_context(**{**browser_context_args, "viewport": PHONE, **options}))
        return contexts[-1].new_page()

    yield open_browser
    for context in contexts:
        context.close()


def link_for(sink: Sink, person: str) -> str:
    """Deliver what waits, and take the link out of the newest letter to that address."""
    send_due()
    recipients, letter = [entry for entry in sink.letters if person in entry[0]][-1]
    assert recipients == [person]
    plain = letter.get_body(("plain",))  # type: ignore[attr-defined]
    assert letter.get_body(("html",))  # type: ignore[attr-defined]
    found = LINK.search(plain.get_content())
    assert found
    return found.group()


def look(page: Page, context: str | None = None) -> None:
    """The page as it stands keeps to the rules, in light and dark, and fits a phone."""
    page.emulate_media(color_scheme="light")
    found = {"light": complaints(page, EVERYTHING, context), "wide": page.evaluate(STICKING_OUT)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = complaints(page, COLOURS, context)
    page.emulate_media(color_scheme="light")
    nothing_found({f"{page.url} {name}": of_page for name, of_page in found.items()})


OURS = "main .dsr-team"


def press(page: Page) -> None:
    follow(page.locator("main form button[type=submit]").first)


def ask_for_access(page: Page, address: str) -> None:
    """From the home page to the request, by type-ahead."""
    page.goto(address)
    page.locator(".dsr-join a[href='/mitmachen/']").click()
    page.wait_for_url("**/mitmachen/")
    look(page)
    follow(page.locator("main a[href='/mitmachen/stelle/']"))
    page.locator("#stelle").press_sequentially("Neuenk")
    expect(page.locator(".dsr-suggest__option")).to_have_count(2)
    page.locator(".dsr-suggest__option", has_text="Steinfurt").click()
    page.wait_for_url("**/mitmachen/stelle/gemeinde/**")
    expect(page.locator(".dsr-lead")).to_contain_text("Steinfurt")
    look(page)
    fill_request(page)
    page.wait_for_url("**/mitmachen/gesendet/")


def fill_request(page: Page) -> None:
    for field, text in {"first_name": "Vera", "last_name": "Amt", "function": "Hauptamt", "email": STRANGER}.items():
        page.locator(f"#id_{field}").fill(text)
    press(page)


def sign_up(page: Page, link: str) -> None:
    page.goto(link)
    look(page)
    press(page)
    page.wait_for_url("**/konto/einladung/")
    for field, text in {"first_name": "Nils", "last_name": "Neu"}.items():
        if not page.locator(f"#id_{field}").input_value():
            page.locator(f"#id_{field}").fill(text)
    page.locator("#id_password1").fill(NEW_PASSWORD)
    page.locator("#id_password2").fill(NEW_PASSWORD)
    look(page)
    press(page)


def set_up_app(page: Page) -> None:
    page.wait_for_url("**/konto/zweiter-faktor/")
    page.locator("main a[href='/konto/zweiter-faktor/app/']").first.click()
    page.locator("#id_code").fill(code_for(page.locator(".dsr-account__secret").inner_text()))
    press(page)
    page.wait_for_url("**/notfallcodes/")


def log_in_as_staff(page: Page, address: str) -> None:
    staff = staff_member(email="zentrum@plattform.example")
    secret = with_app(staff)
    page.goto(f"{address}/konto/anmelden/")
    page.locator("#id_login").fill(staff.email)
    page.locator("#id_password").fill(PASSWORD)
    press(page)
    page.locator("#id_code").fill(code_for(secret))
    press(page)
    page.wait_for_url(f"{address}/admin/")


def test_stranger_gets_in_and_brings_a_colleague(new_page: Callable[..., Page], address: str, letters: Sink) -> None:
    town = MunicipalityFactory(name="Neuenkirchen", district=DistrictFactory(name="Steinfurt"))
    MunicipalityFactory(name="Neuenkirchen", district=DistrictFactory(name="Diepholz"))
    staff = new_page()
    log_in_as_staff(staff, address)

    stranger = new_page()
    ask_for_access(stranger, address)
    stranger.goto(link_for(letters, STRANGER))
    look(stranger)
    press(stranger)
    look(stranger)

    staff.goto(link_for(letters, "zentrum@plattform.example"))
    look(staff, OURS)
    expect(staff.locator("#id_as_coordinator")).to_be_checked()
    staff.locator("button[name=grant]").click()
    staff.wait_for_url("**/admin/teams/")
    look(staff, OURS)

    sign_up(stranger, link_for(letters, STRANGER))
    set_up_app(stranger)
    body = BodyPage.objects.get(municipality=town)
    stranger.goto(f"{address}/admin/teams/{body.pk}/")
    look(stranger, OURS)
    stranger.locator("#id_addresses").fill(COLLEAGUE)
    stranger.locator("main button.button:not(.button-secondary)").click()
    expect(stranger.locator("main .dsr-team__list", has_text=COLLEAGUE)).to_be_visible()
    look(stranger, OURS)

    colleague = new_page()
    sign_up(colleague, link_for(letters, COLLEAGUE))
    colleague.wait_for_url(f"{address}/admin/")
    expect(colleague.locator("main")).to_contain_text("Neuenkirchen")
    assert [str(user) for user in coordinators_of(body)] == ["Vera Amt"]
    assert {str(user) for user in people_of(body)} == {"Vera Amt", "Nils Neu"}
    log_in_again(new_page(), address)


def log_in_again(page: Page, address: str) -> None:
    """The colleague comes back on another day."""
    page.goto(f"{address}/konto/anmelden/")
    page.locator("#id_login").fill(COLLEAGUE)
    page.locator("#id_password").fill(NEW_PASSWORD)
    press(page)
    page.wait_for_url(f"{address}/admin/")


def test_body_is_chosen_and_asked_for_without_script(
    new_page: Callable[..., Page], address: str, letters: Sink
) -> None:
    MunicipalityFactory(name="Neuenkirchen", district=DistrictFactory(name="Steinfurt"))
    staff_member()
    page = new_page(java_script_enabled=False)
    page.goto(f"{address}/mitmachen/stelle/")
    page.locator("#stelle").fill("Neuenkirchen")
    page.keyboard.press("Enter")
    page.locator(".dsr-joining__found a").first.click()
    fill_request(page)
    page.goto(link_for(letters, STRANGER))
    press(page)
    send_due()
    assert len(letters.letters) == 2


def test_errors_of_the_request_are_announced_and_typed_text_stays(new_page: Callable[..., Page], address: str) -> None:
    page = new_page()
    page.goto(f"{address}/mitmachen/stelle/andere/")
    page.locator("#id_first_name").fill("Vera")
    press(page)
    expect(page.locator(".dsr-errors")).to_be_focused()
    assert page.locator("#id_first_name").input_value() == "Vera"
    look(page)


def test_association_acts_for_its_member_after_the_member_agreed(
    new_page: Callable[..., Page], address: str, log_in: Callable[[str, User], None], page: Page, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    district = DistrictFactory()
    unit = Association.objects.create(
        name="Nord", full_name="Samtgemeinde Nord", kind="Samtgemeinde", key="039990001", district=district
    )
    actor = BodyPageFactory(kind=BodyKind.ASSOCIATION, municipality=None, association=unit, title="Samtgemeinde Nord")
    member = BodyPageFactory(municipality=MunicipalityFactory(name="Dorf", district=district, association=unit))
    decider, editor = coordinator_of(member), editor_of(actor)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    log_in(address, coordinator_of(actor))
    page.goto(f"{address}/admin/teams/{actor.pk}/vertretung/")
    look(page, OURS)
    page.locator("#id_municipality").select_option(label=str(member.municipality))
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/admin/teams/{actor.pk}/")
    look(page, OURS)

    log_in(address, decider)
    page.goto(f"{address}/admin/teams/")
    page.locator(f"{OURS} .dsr-team__list a").first.click()
    page.wait_for_url("**/admin/anfragen/vertretung/*/")
    look(page, OURS)
    page.locator("button[name=grant]").click()
    page.wait_for_url("**/admin/teams/")
    page.goto(f"{address}/admin/teams/{actor.pk}/vertretung/{member.pk}/")
    look(page, OURS)
    page.goto(f"{address}/admin/teams/{member.pk}/person/{decider.pk}/")
    look(page, OURS)

    log_in(address, editor)
    page.goto(f"{address}/admin/pages/add/projects/projectpage/{member.pk}/")
    assert page.locator("#id_title").is_visible()
