"""A public template that no browser test visits would be a page nobody has looked at."""

from pathlib import Path

from tests.browser.account_pages import ACCOUNT_PAGES
from tests.browser.pages import PUBLIC_PAGES

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# 500 and 503 stand in a frame of their own, because they must work when nothing else does.
FRAMES = ("base.html", "components/bare_page.html", "account/frame.html", "people/choose_body.html")


def test_every_public_template_is_listed() -> None:
    pages = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if path.read_text().lstrip().startswith(tuple(f'{{% extends "{frame}" %}}' for frame in FRAMES))
    }
    assert pages - set(FRAMES) == {page.template for page in (*PUBLIC_PAGES, *ACCOUNT_PAGES)}


def test_page_names_are_unique() -> None:
    names = [page.name for page in PUBLIC_PAGES]
    assert len(names) == len(set(names))
