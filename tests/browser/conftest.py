"""The browser, and a site with content that is built once: for every test it would take minutes."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Locator
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker
from wagtail.models import Site

from people.models import User
from search.engines import get_engine
from search.indexing.rebuild import rebuild
from tests.browser import content
from tests.conftest import skip_or_fail, wagtail_indexes_kept
from tests.database import KeptDatabase

# Debian's Chromium; the one without a window takes two thirds of the time.
BROWSERS = ("chromium-headless-shell", "chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # in a container there is no user namespace for it
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 740}
# Marks a module whose tests only read; see `db`.
READS_SITE = [pytest.mark.browser, pytest.mark.usefixtures("site", "db")]
# WCAG 2.2, 1.4.10: what 400 % zoom leaves of a window of 1280.
REFLOW = {"width": 320, "height": 640}


def nothing_found(found: Mapping[str, Iterable[str]]) -> None:
    """Fails with one line for each fault, `found` by page."""
    faults = [f"{name}: {fault}" for name, of_page in found.items() for fault in of_page]
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def follow(link: Locator) -> None:
    """Click what leads to another page, or to the same one anew, and wait until that is there."""
    with link.page.expect_navigation():
        link.click()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        skip_or_fail(f"Chromium is not installed: apt install {BROWSERS[0]}")
    return {**browser_type_launch_args, "executable_path": executable, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address is the base of all; the fixture of the same name in pytest-base-url warns under this pytest."""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "de-DE", "viewport": DESKTOP, "reduced_motion": "reduce"}


@pytest.fixture
def db(request: pytest.FixtureRequest) -> None:
    """Tests that read take the module's site for their database; pytest-django sets one up where it finds this name."""
    request.getfixturevalue("site" if "site" in request.fixturenames else "_django_db_helper")


@pytest.fixture(scope="module", autouse=True)
def _wagtail_indexes() -> Iterator[None]:
    """What people see in a browser is complete."""
    with wagtail_indexes_kept():
        yield


@pytest.fixture(scope="session")
def _own_connection(browser: Browser) -> Iterator[None]:
    """With Playwright's event loop Django hands out another connection, which only we can see and close."""
    yield
    connection.close()


@pytest.fixture(scope="session")
def _site_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def site(
    kept_database: KeptDatabase, _own_connection: None, _site_files: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """Address of a server with the content of `content.build`; tests that use it only read."""

    def build() -> None:
        Site.clear_site_root_paths_cache()
        content.build()
        rebuild(get_engine())

    changed = override_settings(
        MEDIA_ROOT=_site_files / "media", SEARCH_URL=f"tantivy://{_site_files}/index", ROOT_URLCONF="tests.browser.urls"
    )
    with django_db_blocker.unblock(), changed:
        kept_database.fill("site", build)
        Site.clear_site_root_paths_cache()
        server = LiveServer("localhost")
        try:
            yield server.url
        finally:
            server.stop()
            kept_database.restore()


@pytest.fixture
def log_in(context: BrowserContext) -> Callable[[str, User], None]:
    """Gives the browser the session of a person without the login form."""

    def add_session(site: str, user: User) -> None:
        client = Client()
        client.force_login(user)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])

    return add_session


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    context = browser.new_context(**{**browser_context_args, "viewport": PHONE})
    yield context
    context.close()


@pytest.fixture
def without_script(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    yield context
    context.close()
