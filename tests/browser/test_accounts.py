"""Getting in, in Chromium: key, app and codes; every page of the account by axe, on a phone, under the policy."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from people.accounts.adapters import INVITED_SESSION_KEY
from people.models import User
from projects.models import BodyPage
from tests.browser.account_pages import FOR_EVERYBODY, FOR_OWNERS
from tests.browser.conftest import PHONE, READS_SITE, follow, nothing_found
from tests.browser.test_axe import COLOURS, EVERYTHING, complaints
from tests.browser.test_narrow import STICKING_OUT
from tests.factories import PASSWORD, UserFactory, editor_of, staff_member
from tests.people.accounts import code_for, forget_used_codes, with_app

pytestmark = READS_SITE

LogIn = Callable[[str, User], None]


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What the browser's console complained about, such as scripts that the policy forbids; nothing, at the end."""
    found: list[str] = []
    yield found
    assert not found


@pytest.fixture
def page(page: Page, faults: list[str]) -> Page:
    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Uncaught" in message.text:
            faults.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return page


def look(page: Page) -> None:
    """The page as it stands keeps to the rules, in light and dark, and fits a phone."""
    page.emulate_media(color_scheme="light")
    found = {"light": complaints(page, EVERYTHING), "wide": page.evaluate(STICKING_OUT)}
    page.emulate_media(color_scheme="dark")
    nothing_found(
        {f"{page.url} {name}": of_page for name, of_page in {**found, "dark": complaints(page, COLOURS)}.items()}
    )


def enter_password(page: Page, site: str, user: User) -> None:
    page.goto(f"{site}/konto/anmelden/")
    page.locator("#id_login").fill(user.email)
    page.locator("#id_password").fill(PASSWORD)
    follow(page.locator("main form button[type=submit]").first)


def plug_in_key(page: Page) -> None:
    """A security key that Chromium simulates: what it signs is real."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": False,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def log_out(page: Page, site: str) -> None:
    page.goto(f"{site}/konto/abmelden/")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{site}/")


def test_pages_for_everybody_keep_to_the_rules(page: Page, site: str) -> None:
    for shown in FOR_EVERYBODY:
        page.goto(f"{site}{shown.path}")
        look(page)


def test_staff_sets_up_a_key_and_logs_in_with_it(page: Page, site: str) -> None:
    user = staff_member()
    plug_in_key(page)
    enter_password(page, site, user)
    page.wait_for_url(f"{site}/konto/zweiter-faktor/")
    page.goto(f"{site}/admin/")
    page.wait_for_url(f"{site}/konto/zweiter-faktor/")
    # Not waited for: the button must not be pressed before its script listens.
    page.get_by_role("link", name="Schlüssel hinzufügen").click()
    page.locator("#id_name").fill("Schlüssel am Bund")
    page.locator("#schluessel-neu").click()
    page.wait_for_url("**/notfallcodes/")
    assert page.locator(".dsr-account__codes code").count() == 10
    page.goto(f"{site}/admin/")
    page.wait_for_url(f"{site}/admin/")
    log_out(page, site)
    enter_password(page, site, user)
    page.wait_for_url("**/anmelden/zweiter-faktor/")
    look(page)
    page.locator("#schluessel-nutzen").click()
    page.wait_for_url(f"{site}/admin/")
    # Everything an owner of app, key and codes can see.
    with_app(user)
    key = Authenticator.objects.get(user=user, type=Authenticator.Type.WEBAUTHN)
    assert str(key) == "Schlüssel am Bund"
    for shown in FOR_OWNERS:
        page.goto(f"{site}{shown.path.format(key=key.pk)}")
        assert page.url == f"{site}{shown.path.format(key=key.pk)}"
        look(page)


def test_unknown_key_is_refused_in_words(page: Page, site: str) -> None:
    user = staff_member()
    plug_in_key(page)
    enter_password(page, site, user)
    page.goto(f"{site}/konto/zweiter-faktor/schluessel/neu/")
    page.locator("#schluessel-neu").click()
    page.wait_for_url("**/notfallcodes/")
    log_out(page, site)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('taken away')); }")
    enter_password(page, site, user)
    page.wait_for_url("**/anmelden/zweiter-faktor/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('taken away')); }")
    page.locator("#schluessel-nutzen").click()
    page.locator("#schluessel-fehler").wait_for(state="visible")
    look(page)


def test_app_is_set_up_and_used_without_script(without_script: BrowserContext, site: str) -> None:
    page = without_script.new_page()
    user = staff_member()
    enter_password(page, site, user)
    page.get_by_role("link", name="App einrichten").click()
    secret = page.locator(".dsr-account__secret").inner_text()
    page.locator("#id_code").fill(code_for(secret))
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/notfallcodes/")
    code = page.locator(".dsr-account__codes code").first.inner_text()
    log_out(page, site)
    forget_used_codes()
    enter_password(page, site, user)
    page.locator("#id_code").fill(code_for(secret))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{site}/admin/")
    log_out(page, site)
    enter_password(page, site, user)
    page.locator("#id_code").fill(code)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{site}/admin/")


def test_picture_for_the_app_is_shown_under_the_strict_policy(page: Page, site: str) -> None:
    enter_password(page, site, staff_member())
    page.goto(f"{site}/konto/zweiter-faktor/app/")
    assert page.locator(".dsr-account__qr").evaluate("(e) => e.complete && e.naturalWidth > 0")
    look(page)


def test_invitation_keeps_to_the_rules(page: Page, site: str) -> None:
    client = Client()
    session = client.session
    session[INVITED_SESSION_KEY] = "neu@example.org"
    session.save()
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page.goto(f"{site}/konto/einladung/")
    assert page.locator("#id_password1").is_visible()
    look(page)


def test_first_password_keeps_to_the_rules(page: Page, site: str, log_in: LogIn) -> None:
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    log_in(site, user)
    page.goto(f"{site}/konto/passwort/setzen/")
    assert page.locator("#id_password1").is_visible()
    look(page)


def test_errors_of_a_form_lead_to_their_fields(page: Page, site: str) -> None:
    enter_password(page, site, UserFactory(password="ein-anderes-passwort"))
    assert page.locator(".dsr-errors").is_visible()
    look(page)


def test_offer_of_a_second_factor_keeps_to_the_rules(page: Page, site: str, log_in: LogIn, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    log_in(site, staff_member())
    page.goto(f"{site}/admin/")
    nothing_found({"panel": complaints(page, EVERYTHING, "section[aria-labelledby=second-factor]")})


def test_log_in_can_be_used_with_keys(page: Page, site: str) -> None:
    user = editor_of(BodyPage.objects.get(slug="neuenkirchen"))
    page.goto(f"{site}/konto/anmelden/")
    page.locator("#id_login").focus()
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/admin/")


def test_session_is_ended_from_another_browser(
    page: Page, browser: Browser, browser_context_args: dict[str, Any], site: str
) -> None:
    user = editor_of(BodyPage.objects.get(slug="neuenkirchen"))
    elsewhere = browser.new_context(**browser_context_args)
    other = elsewhere.new_page()
    enter_password(other, site, user)
    other.wait_for_url(f"{site}/admin/")
    enter_password(page, site, user)
    page.goto(f"{site}/konto/sitzungen/")
    follow(page.get_by_role("button", name="Alle anderen Sitzungen beenden"))
    other.goto(f"{site}/admin/")
    other.wait_for_url("**/konto/anmelden/**")
    elsewhere.close()
