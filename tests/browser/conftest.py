"""The browser, and a site with content that lives as long as a module: for every test it would take minutes."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Locator
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker
from wagtail.models import Site

from people.models import User
from search.engines import get_engine
from search.whole import rebuild
from tests.browser import content
from tests.conftest import skip_or_fail

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
    executable = shutil.which("chromium")
    if executable is None:
        skip_or_fail("Chromium is not installed: apt install chromium")
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


@pytest.fixture(scope="session")
def keep_seed(browser: Browser, seed: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What has to be known for emptying the tables and filling them again, once a browser runs.

    With Playwright's event loop Django hands out another connection; without the seed on it, emptying would run the
    receivers of migrations on empty tables. Content types not yet known when the seed is read back would be created
    under numbers that belong to others. That connection is closed here, because nobody else can see it.
    """
    connection._test_serialized_contents = seed  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        if ContentType.objects.exists():
            ContentType.objects.clear_cache()
            ContentType.objects.get_for_models(*apps.get_models())
            ContentType.objects.get_for_models(*apps.get_models(), for_concrete_models=False)
    yield
    connection.close()


@pytest.fixture(scope="module")
def site(
    seed: str, keep_seed: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Address of a server with the content of `content.build`; tests that use it only read.

    It commits what it writes and empties the tables at the end, as a test with real transactions does.
    """
    folder: Path = tmp_path_factory.mktemp("site")
    changed = override_settings(
        MEDIA_ROOT=folder / "media", SEARCH_URL=f"tantivy://{folder}/index", ROOT_URLCONF="tests.browser.urls"
    )
    with django_db_blocker.unblock(), changed:
        if not Site.objects.exists():
            connection.creation.deserialize_db_from_string(seed)
        Site.clear_site_root_paths_cache()
        content.build()
        rebuild(get_engine())
        server = LiveServer("localhost")
        try:
            yield server.url
        finally:
            server.stop()
            # Numbers go on where they stopped: the seed is read back under its own.
            call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
            connection.creation.deserialize_db_from_string(seed)


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
