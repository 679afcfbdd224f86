"""Take screenshots of the main pages with example content, and refresh the picture in the README.

Starts a server of its own on a free port, with database, files and index in a temporary folder: nothing of the working
copy is read or changed. Saves to screenshots/ (ignored by git) and docs/images/home.png.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "screenshots"
README_PICTURE = ROOT / "docs" / "images" / "home.png"
# What a reader on a slow line still loads without noticing.
README_PICTURE_BYTES = 300_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = {"wide": 1280, "phone": 375}
HEIGHT = 900
SCHEMES = ("light", "dark")
SERVER_STARTS_WITHIN_SECONDS = 60
PAGE_MILLISECONDS = 30_000
# Pictures further down are loaded when they come into view; a picture of the whole page wants them all.
LOAD_ALL_PICTURES = """() => Promise.all([...document.images].map(
  image => { image.loading = "eager"; return image.decode().catch(() => null); }))"""
PROJECT = "/kommunen/emschertal/maengelmelder/"
# Name of the picture → address. The artefact's address is looked up, because its number differs from run to run.
PUBLIC_PAGES = {
    "home": "/",
    "bodies": "/kommunen/",
    "body": "/kommunen/emschertal/",
    "project": PROJECT,
    "project-ended": "/kommunen/illerbrunn/parkplatzsensoren/",
    "search": "/suche/?q=stra%C3%9Fenbeleuchtung",
    "search-filtered": "/suche/?typ=projekt&phase=P3&handlungsfeld=mobilitaet",
    "search-empty": "/suche/?q=xylophonunterricht",
    "articles": "/wissen/",
    "article": "/wissen/parkplatzsensoren-abgeschaltet/",
    "imprint": "/impressum/",
    "accessibility": "/barrierefreiheit/",
    "barrier-report": "/barriere-melden/",
    "not-found": "/gibt-es-nicht/",
}
ADMIN_PAGES = {"admin-home": "/admin/", "admin-pages": "/admin/pages/"}


@dataclass(frozen=True)
class Login:
    email: str
    password: str


def browser_path() -> str:
    """The browser of this machine. Raises SystemExit with advice when there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit("Chromium is missing. On Debian: apt install chromium. On Ubuntu: snap install chromium.")
    return found


def environment(var: str) -> dict[str, str]:
    """The environment of the server: development settings, everything it writes below `var`."""
    ours = {
        "DATABASE_URL",
        "SEARCH_URL",
        "CACHE_URL",
        "ALLOWED_HOSTS",
        "BASE_URL",
        "MAINTENANCE",
    }
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "VAR_DIR": var, "DJANGO_SETTINGS_MODULE": "config.settings.dev"}


def manage(command: list[str], env: dict[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)


@contextmanager
def served() -> Iterator[str]:
    """A running site with example content; gives its address without the last slash."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as var:
        env = environment(var)
        manage(["migrate", "--verbosity", "0"], env)
        manage(["load_examples"], env)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            host = f"127.0.0.1:{probe.getsockname()[1]}"
        server = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", host],
            cwd=ROOT,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(f"http://{host}/healthz", server)
            yield f"http://{host}"
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return once the server answers. Raises SystemExit if it ends or stays silent."""
    deadline = time.monotonic() + SERVER_STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    sys.exit("The server did not start. Run `make start` to see why.")


def editor() -> Login:
    """The example editor's log-in, as the loader creates it."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django

    django.setup()
    from examples.accounts import EDITOR, example_password

    return Login(EDITOR.email, example_password())


def open_context(browser: Browser, width: int, scheme: str) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="de-DE",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PAGE_MILLISECONDS)
    return context


def take(page: Page, address: str, path: Path) -> None:
    page.goto(address, wait_until="load")
    page.evaluate(LOAD_ALL_PICTURES)
    page.screenshot(path=path, full_page=True)
    print(path.relative_to(ROOT), flush=True)


def take_public(browser: Browser, site: str) -> None:
    for scheme in SCHEMES:
        for size, width in WIDTHS.items():
            context = open_context(browser, width, scheme)
            page = context.new_page()
            page.goto(f"{site}{PROJECT}")
            artefact = page.locator('a[href^="/artefakte/"]').first.get_attribute("href") or "/"
            for name, address in {**PUBLIC_PAGES, "artefact": artefact}.items():
                take(page, f"{site}{address}", TARGET / f"{name}-{size}-{scheme}.png")
            context.close()


def take_print(browser: Browser, site: str) -> None:
    """The project page as it is taken to a council meeting."""
    context = open_context(browser, WIDTHS["wide"], "light")
    page = context.new_page()
    page.goto(f"{site}{PROJECT}")
    page.pdf(path=TARGET / "project.pdf", format="A4")
    context.close()


def take_admin(browser: Browser, site: str, login: Login) -> None:
    context = open_context(browser, WIDTHS["wide"], "light")
    page = context.new_page()
    page.goto(f"{site}/konto/anmelden/?next=/admin/")
    page.fill("input[name=login]", login.email)
    page.fill("input[name=password]", login.password)
    page.click("main form button[type=submit]")
    page.wait_for_url(f"{site}/admin/")
    for name, address in ADMIN_PAGES.items():
        take(page, f"{site}{address}", TARGET / f"{name}-wide-light.png")
    context.close()


def refresh_readme_picture(browser: Browser, site: str) -> None:
    """The upper part of the home page, with as few colours as make the file small. Raises SystemExit if it is not."""
    context = open_context(browser, WIDTHS["wide"], "light")
    page = context.new_page()
    page.goto(site)
    page.evaluate(LOAD_ALL_PICTURES)
    shot = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    README_PICTURE.parent.mkdir(parents=True, exist_ok=True)
    shot.convert("RGB").quantize(colors=256, dither=Image.Dither.NONE).save(README_PICTURE, optimize=True)
    size = README_PICTURE.stat().st_size
    print(f"{README_PICTURE.relative_to(ROOT)} ({size // 1000} KB)")
    if size > README_PICTURE_BYTES:
        sys.exit(f"The picture of the README has {size} bytes; more than {README_PICTURE_BYTES} slow its readers down.")


def main() -> None:
    executable = browser_path()
    login = editor()
    TARGET.mkdir(exist_ok=True)
    with served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(BROWSER_OPTIONS))
        refresh_readme_picture(browser, site)
        take_public(browser, site)
        take_print(browser, site)
        take_admin(browser, site, login)
        browser.close()


if __name__ == "__main__":
    main()
