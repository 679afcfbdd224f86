"""The form of the project editor as somebody sees it: nothing lies under the bar of buttons, drafts save themselves."""

import contextlib
from typing import Any

import pytest
from playwright.sync_api import Page, Request, TimeoutError, expect

from projects.models import BodyPage, ProjectPage
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_editor import (  # noqa: F401  (fixtures)
    SAVED,
    LogIn,
    address,
    body,
    editor,
    open_tab,
    pdf,
)
from tests.factories import ProjectPageFactory, publisher_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Fields whose help, error or counter lies below the upper edge of the bar once the field has the focus, by name.
UNDER_THE_BAR = """async () => {
  const bar = document.querySelector("footer.footer").getBoundingClientRect();
  const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const found = [];
  const shown = ".w-tabs__panel:not([hidden]) [data-field]";
  for (const field of document.querySelectorAll(`${shown} :is(input, textarea, select)`)) {
    if (!field.offsetParent || field.type === "hidden") continue;
    document.activeElement.blur();
    document.querySelector("main").scrollTo(0, 0);
    await drawn();
    field.focus();
    await drawn();
    const box = field.closest("[data-field]");
    const parts = [field, ...box.querySelectorAll(".help, .dsr-counter, .error-message")];
    for (const part of parts) {
      const edge = part.getBoundingClientRect();
      if (edge.height && edge.bottom > bar.top + 1 && edge.right > bar.left && edge.left < bar.right)
        found.push(`${field.id}: ${part.className || part.tagName} ${Math.round(edge.bottom - bar.top)}`);
    }
  }
  return found;
}"""


# What a click on “publish” does at last.
PUBLISH = """() => {
  const button = document.querySelector("button[name=action-publish]");
  document.querySelector("[data-edit-form]").requestSubmit(button);
}"""

# What 200 % zoom leaves of a laptop's screen.
LOW = {"width": 800, "height": 450}


@pytest.mark.parametrize("size", [DESKTOP, PHONE, LOW], ids=["desktop", "phone", "low"])
def test_nothing_of_a_field_in_use_lies_under_the_bar_of_buttons(editor: Page, size: Any) -> None:  # noqa: F811
    editor.set_viewport_size(size)
    for number in range(5):
        open_tab(editor, number)
        assert editor.evaluate(UNDER_THE_BAR) == []


def test_address_typed_by_the_browser_writes_umlauts_as_the_server_does(editor: Page) -> None:  # noqa: F811
    editor.locator("#id_title").press_sequentially("Große Übersicht für Bäder")
    editor.keyboard.press("Tab")
    expect(editor.locator("#id_slug")).to_have_value("grosse-uebersicht-fuer-baeder")
    editor.locator("#id_title").press("End")
    editor.locator("#id_title").press_sequentially(" in Köln")
    expect(editor.locator("#id_slug")).to_have_value("grosse-uebersicht-fuer-baeder-in-koeln")


def test_file_whose_name_says_nothing_does_not_keep_the_draft_from_being_saved(editor: Page) -> None:  # noqa: F811
    editor.locator("#id_title").press_sequentially("Bäder")
    open_tab(editor, 3)
    editor.set_input_files("#id_artefacts-upload", pdf("Scan 0815.pdf"))
    expect(editor.locator("#id_artefacts-0-title")).to_have_value("Scan 0815")
    assert editor.locator("#id_artefacts-0-kind option:checked").inner_text() == "Bitte wählen"
    editor.wait_for_url("**/edit/**", timeout=SAVED)
    editor.wait_for_timeout(SAVED / 3)
    assert not editor.locator(".w-tabs__panel .error-message:visible, .w-tabs__errors:visible").count()
    (artefact,) = ProjectPage.objects.get().get_latest_revision_as_object().artefacts.all()
    assert (artefact.title, artefact.kind) == ("Scan 0815", None)


def is_saving(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/edit/")


def begin(page: Page, add: str, title: str) -> None:
    """Type a title until its draft is being saved.

    Once in some dozen runs Wagtail took what was typed for what had been there before, and saved nothing.
    """
    page.add_init_script("addEventListener('w-unsaved:watch-edits', () => { window.isWatched = true })")
    for is_last in (False, False, True):
        page.goto(add)
        page.wait_for_function("window.isWatched")
        with contextlib.suppress(*[] if is_last else [TimeoutError]):
            with page.expect_request(lambda sent: sent.method == "POST" and sent.url == add, timeout=SAVED / 3):
                page.locator("#id_title").press_sequentially(title)
            return


def test_publishing_in_vain_while_a_draft_is_saved_claims_no_other_window(
    page: Page,
    address: str,  # noqa: F811
    log_in: LogIn,
    body: BodyPage,  # noqa: F811
) -> None:
    earlier = ProjectPageFactory(parent=body, title="Bäder", slug="baeder", live=False)
    earlier.save_revision()
    log_in(address, publisher_of(body))
    begin(page, f"{address}/admin/pages/add/projects/projectpage/{body.pk}/", "Bäder")
    offered = page.locator(".dsr-earlier-draft a")
    expect(offered).to_have_attribute("href", f"/admin/pages/{earlier.pk}/edit/", timeout=SAVED)
    page.wait_for_url("**/edit/**", timeout=SAVED)
    open_tab(page, 3)
    with page.expect_request(is_saving, timeout=SAVED):
        page.set_input_files("#id_artefacts-upload", pdf("Scan 0815.pdf"))
    with page.expect_navigation():
        page.evaluate(PUBLISH)
    expect(page.locator(".messages")).to_contain_text(
        "Reiter „Was nachnutzbar ist“, Nachnutzbares Ergebnis 1, Feld „Art“"
    )
    open_tab(page, 0)
    expect(page.locator(".w-autosave-indicator__state--saved")).to_be_visible(timeout=SAVED)
    with page.expect_response(lambda response: is_saving(response.request), timeout=SAVED) as answer:
        page.locator("#id_title").press_sequentially("!")
    assert answer.value.json()["success"] is True
    page.goto("about:blank")
