"""Writing in the project editor: what is missing, how long a text is, several files at once, by keyboard and narrow."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import User
from projects.models import BodyDocument, BodyPage, ProjectPage
from tests.browser.conftest import PHONE, nothing_found
from tests.browser.test_axe import EVERYTHING, complaints
from tests.factories import BodyPageFactory, editor_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SUMMARY = "Wer einen Hund anschafft, meldet ihn online an; die Marke kommt mit der Post nach Hause."
# The draft is saved a moment after typing has ended, then the meter asks.
SAVED = 15_000
OWN_PARTS = (".dsr-completeness", ".dsr-upload", ".dsr-counter")

LogIn = Callable[[str, User], None]


@pytest.fixture
def address(_own_connection: None, live_server: LiveServer, media: Any, engine: Any) -> str:
    return str(live_server.url)


@pytest.fixture
def body(address: str) -> BodyPage:
    body: BodyPage = BodyPageFactory(title="Auental")
    return body


@pytest.fixture
def editor(page: Page, address: str, log_in: LogIn, body: BodyPage) -> Iterator[Page]:
    """An empty project in the editor."""
    log_in(address, editor_of(body))
    page.add_init_script("addEventListener('w-unsaved:watch-edits', () => { window.isWatched = true })")
    page.goto(f"{address}/admin/pages/add/projects/projectpage/{body.pk}/")
    page.locator(".dsr-counter").first.wait_for()
    # Wagtail looks at the form two seconds after it is there, and takes what it finds for what was saved.
    page.wait_for_function("window.isWatched")
    yield page
    # Nothing may still be saved while the tables are emptied.
    page.goto("about:blank")


def open_tab(page: Page, number: int) -> None:
    page.locator(".w-tabs [role=tab]").nth(number).click()


def pdf(name: str, content: bytes = PDF) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def percent(page: Page) -> int:
    return int(page.locator(".dsr-completeness meter").get_attribute("value") or 0)


def counter(page: Page, field: str) -> str:
    return str(
        page.locator(f"#id_{field}").evaluate("f => f.closest('[data-field]').querySelector('.dsr-counter').innerText")
    )


def test_counter_counts_as_the_server_does_and_cuts_nothing_off(editor: Page) -> None:
    editor.fill("#id_summary", "x" * 290)
    assert "10" in counter(editor, "summary")
    editor.fill("#id_summary", "ä\n😀" + "x" * 300)
    assert "3" in counter(editor, "summary")
    assert len(editor.input_value("#id_summary")) == 303
    assert editor.locator(".dsr-counter--over").count() == 1
    status = editor.locator("#id_summary").locator("xpath=ancestor::*[@data-field]").locator("[role=status]")
    expect(status).to_have_text(counter(editor, "summary"))


def test_meter_follows_the_saved_draft_and_its_sentences_lead_to_the_fields(editor: Page) -> None:
    before = percent(editor)
    editor.locator("#id_title").press_sequentially("Hundesteuer online anmelden")
    editor.locator("#id_summary").press_sequentially(SUMMARY)
    editor.keyboard.press("Tab")
    expect(editor.locator(".dsr-completeness a[href='#id_summary']")).to_have_count(0, timeout=SAVED)
    assert percent(editor) > before
    expect(editor.locator(".dsr-completeness [role=status]")).to_contain_text(str(percent(editor)))
    assert ProjectPage.objects.get().get_latest_revision_as_object().summary == SUMMARY
    editor.locator(".dsr-completeness summary").press("Enter")
    for link in ("#id_problem", "#id_openness", "#id_tags", "#body-root", "#id_starts_on", "#id_fields_of_action_0"):
        editor.locator(f".dsr-completeness a[href='{link}']").press("Enter")
        inside = "h => { const f = document.activeElement; const t = document.querySelector(h);"
        inside += " return f.offsetParent !== null && (f === t || (t.closest('.w-panel') || t).contains(f)) }"
        editor.wait_for_function(inside, arg=link)


def test_several_files_become_rows_and_a_refused_one_says_why(editor: Page, body: BodyPage) -> None:
    open_tab(editor, 3)
    field = editor.locator("#id_artefacts-upload")
    field.focus()
    assert editor.evaluate("document.activeElement.id") == "id_artefacts-upload"
    field.set_input_files(
        [
            pdf("Satzung_Hundesteuer.pdf"),
            pdf("kaputt.pdf", b"<html></html>"),
            pdf("Scan 0815.pdf"),
        ]
    )
    expect(editor.locator(".dsr-upload [role=status]")).not_to_be_empty()
    assert editor.input_value("#id_artefacts-0-title") == "Satzung Hundesteuer"
    assert editor.locator("#id_artefacts-0-kind option:checked").inner_text() == "Satzung"
    assert editor.input_value("#id_artefacts-1-kind") == ""
    kept = {str(number) for number in BodyDocument.objects.values_list("pk", flat=True)}
    assert {editor.input_value(f"#id_artefacts-{row}-file") for row in (0, 1)} == kept
    assert {document.collection for document in BodyDocument.objects.all()} == {body.team.collection}
    failed = editor.locator(".dsr-upload__file--failed")
    assert failed.locator(".dsr-upload__name").all_inner_texts() == ["kaputt.pdf"]
    assert ".pdf" in failed.locator(".dsr-upload__state").inner_text()
    nothing_found({"files": complaints(editor, EVERYTHING, ".dsr-upload")})


def test_a_file_that_failed_is_tried_again_by_keyboard(editor: Page) -> None:
    open_tab(editor, 3)
    editor.route("**/admin/projekte/dateien/**", lambda route: route.abort())
    editor.set_input_files("#id_artefacts-upload", pdf("Konzept.pdf"))
    retry = editor.locator(".dsr-upload__retry:visible")
    retry.wait_for()
    assert not BodyDocument.objects.exists()
    editor.unroute("**/admin/projekte/dateien/**")
    retry.press("Enter")
    expect(editor.locator("#id_artefacts-0-title")).to_have_value("Konzept")
    assert editor.locator(".dsr-upload__file--failed").count() == 0
    assert BodyDocument.objects.count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_own_parts_keep_to_the_rules(editor: Page, scheme: str) -> None:
    editor.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    editor.fill("#id_summary", "x" * 301)
    editor.locator(".dsr-completeness summary").click()
    found = {part: complaints(editor, EVERYTHING, part) for part in (".dsr-completeness", ".dsr-counter--over")}
    open_tab(editor, 3)
    nothing_found({**found, "files": complaints(editor, EVERYTHING, ".dsr-upload")})


def test_own_parts_fit_on_a_phone(editor: Page) -> None:
    editor.set_viewport_size(PHONE)  # type: ignore[arg-type]
    editor.locator(".dsr-completeness summary").click()
    open_tab(editor, 3)
    editor.locator("#id_artefacts-ADD").click()
    wide = "p => [...document.querySelectorAll(p)].filter(e => e.getBoundingClientRect().right > innerWidth)"
    wide += ".map(e => e.id)"
    assert editor.evaluate(wide, f"{', '.join(OWN_PARTS)}, .w-tabs__panel:not([hidden]) select") == []


def test_without_script_every_tab_can_be_read_and_saved(
    without_script: BrowserContext, address: str, body: BodyPage
) -> None:
    client = Client()
    client.force_login(editor_of(body))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}
    without_script.add_cookies([cookie])  # type: ignore[list-item]
    page = without_script.new_page()
    page.goto(f"{address}/admin/pages/add/projects/projectpage/{body.pk}/")
    page.fill("#id_title", "Hundesteuer")
    page.fill("#id_target_group", "Halterinnen und Halter")
    page.fill("#id_product", "Eigenbau")
    page.press("#id_product", "Enter")
    page.wait_for_url("**/edit/**")
    draft = ProjectPage.objects.get().get_latest_revision_as_object()
    assert (draft.title, draft.target_group, draft.product) == ("Hundesteuer", "Halterinnen und Halter", "Eigenbau")
