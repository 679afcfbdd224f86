"""What a stranger's browser meets on every public page: no cookie, no other host, no error, nothing missing."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import READS_SITE, nothing_found
from tests.browser.pages import PUBLIC_PAGES, PublicPage

pytestmark = READS_SITE

# The browser's own words about a page that is a fault page by intention.
OWN_STATUS = "Failed to load resource: the server responded with a status of"
REPORT_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""
# Pictures further down load only when they come near: load them as scrolling would, and wait for them.
READ_TO_THE_END = """async () => {
  for (const picture of document.images) {
    picture.loading = "eager";
  }
  await Promise.allSettled([...document.images].map((picture) => picture.decode()));
  await document.fonts.ready;
}"""


@dataclass
class Visit:
    """What happened when a browser that knew nothing opened a page and read it to the end."""

    page: PublicPage
    status: int = 0
    hosts: set[str] = field(default_factory=set)
    cookies: set[str] = field(default_factory=set)
    stored: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    template_rests: list[str] = field(default_factory=list)


def visit(browser: Browser, arguments: dict[str, Any], site: str, public_page: PublicPage) -> Visit:
    seen = Visit(public_page)
    address = f"{site}{public_page.path}"
    context = browser.new_context(**arguments)
    context.add_init_script(REPORT_VIOLATIONS)
    page = context.new_page()
    page.on("request", lambda request: seen.hosts.add(urlsplit(request.url).netloc))
    page.on("requestfailed", lambda request: seen.failed.append(f"{request.url} {request.failure}"))
    page.on("response", lambda answer: seen.failed.append(f"{answer.status} {answer.url}")
            if answer.status >= 400 and answer.request.resource_type != "document" else None)  # fmt: skip
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda message: seen.errors.append(message.text)
            if message.type in {"error", "warning"} and not message.text.startswith(OWN_STATUS) else None)  # fmt: skip
    answer = page.goto(address)
    seen.status = answer.status if answer else 0
    page.evaluate(READ_TO_THE_END)
    seen.cookies = {cookie["name"] for cookie in context.cookies()}
    seen.stored = page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    seen.violations = page.evaluate("() => window.violations")
    seen.failed += page.evaluate(
        "() => [...document.images].filter((i) => i.complete && !i.naturalWidth).map((i) => `no picture: ${i.src}`)"
    )
    text = page.inner_text("body")
    seen.template_rests = [rest for rest in ("{{", "{%", "None", "<p>", "&amp;") if rest in text]
    context.close()
    return seen


@pytest.fixture(scope="module")
def visits(browser: Browser, browser_context_args: dict[str, Any], site: str) -> list[Visit]:
    return [visit(browser, browser_context_args, site, page) for page in PUBLIC_PAGES]


def found(visits: list[Visit], attribute: str) -> dict[str, Any]:
    return {seen.page.name: getattr(seen, attribute) for seen in visits}


def test_every_page_answers_as_listed(visits: list[Visit]) -> None:
    assert {seen.page.name: seen.status for seen in visits} == {page.name: page.status for page in PUBLIC_PAGES}


def test_no_page_asks_another_host(visits: list[Visit], site: str) -> None:
    # Data: addresses have no host.
    own = {urlsplit(site).netloc, ""}
    nothing_found({seen.page.name: seen.hosts - own for seen in visits})


def test_reading_sets_no_cookie(visits: list[Visit]) -> None:
    reading = [seen for seen in visits if not seen.page.has_form_cookie]
    nothing_found(found(reading, "cookies"))


def test_form_page_sets_only_the_cookie_that_protects_it(visits: list[Visit]) -> None:
    forms = [seen for seen in visits if seen.page.has_form_cookie]
    assert forms
    assert all(seen.cookies == {"csrftoken"} for seen in forms)


def test_no_page_stores_anything_in_the_browser(visits: list[Visit]) -> None:
    nothing_found(found(visits, "stored"))


def test_no_page_breaks_the_content_security_policy(visits: list[Visit]) -> None:
    nothing_found(found(visits, "violations"))


def test_no_page_writes_an_error_to_the_console(visits: list[Visit]) -> None:
    nothing_found(found(visits, "errors"))


def test_everything_a_page_loads_is_there(visits: list[Visit]) -> None:
    nothing_found(found(visits, "failed"))


def test_no_template_syntax_or_none_reaches_the_reader(visits: list[Visit]) -> None:
    nothing_found(found(visits, "template_rests"))


def test_nothing_moves_for_whoever_wants_no_motion(page: Page, site: str) -> None:
    page.goto(site)
    moves = "() => getComputedStyle(document.querySelector('.dsr-card')).transitionDuration"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(moves) != "0s"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moves) == "0s"
