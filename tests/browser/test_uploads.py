"""Uploaded files in a real browser: script in them does not run, and the pages of the check keep to the rules."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Page

from people.models import User
from projects.models import BodyPage
from tests.browser.conftest import READS_SITE, nothing_found
from tests.browser.test_axe import EVERYTHING, complaints
from tests.factories import DocumentFactory, ProjectPageFactory, artefact, editor_of

pytestmark = READS_SITE

LogIn = Callable[[str, User], None]
PHONE = {"width": 375, "height": 740}
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "ran"</script></svg>'
# Loads the file into the page in every way a foreign page could try.
EMBED = """async url => {
    for (const [name, attribute] of [["iframe", "src"], ["object", "data"], ["embed", "src"], ["img", "src"]]) {
        const element = document.createElement(name)
        element.setAttribute(attribute, url)
        document.body.append(element)
        await new Promise(done => setTimeout(done, 300))
    }
    return document.title
}"""


@pytest.mark.parametrize("ending", ["svg", "html", "xml"])
def test_script_in_a_file_does_not_run(page: Page, site: str, ending: str) -> None:
    body = BodyPage.objects.get(slug="neuenkirchen")
    file = DocumentFactory(collection=body.team.collection, file=ContentFile(SCRIPT, name=f"a.{ending}"))
    ProjectPageFactory(parent=body, children={"artefacts": [artefact(file=file)]})
    page.goto(site)
    with page.expect_download():
        page.evaluate("url => { location.href = url }", file.url)
    assert page.evaluate(EMBED, file.url) != "ran"
    assert page.url.rstrip("/") == site.rstrip("/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_check_keep_to_the_rules(page: Page, site: str, log_in: LogIn, settings: Any, scheme: str) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    body = BodyPage.objects.get(slug="neuenkirchen")
    file = DocumentFactory(title="Wartende Unterlage", collection=body.team.collection)
    log_in(site, editor_of(body))
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    found: dict[str, list[str]] = {}
    for address in ("/admin/dateien/pruefung/", f"/admin/dateien/pruefung/document/{file.pk}/"):
        page.goto(site + address)
        assert page.get_by_text("Wartende Unterlage").first.is_visible(), address
        found[address] = complaints(page, EVERYTHING, "main .nice-padding")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], address
    nothing_found(found)
