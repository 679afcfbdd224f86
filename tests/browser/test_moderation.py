"""Two municipalities submit at once: one is published, the other mends what the staff remarked and submits again."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from people.mail.queue import send_due
from people.models import ReviewState, User
from projects.models import Licence, ProjectPage
from tests.browser.conftest import PHONE, follow, nothing_found
from tests.browser.test_axe import EVERYTHING, complaints
from tests.factories import BodyPageFactory, ProjectPageFactory, artefact, editor_of, staff_member
from tests.people.mail_server import Sink, mail_server

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REMARK = "Bitte sagen Sie, für wen es ist."
MENDED = "Wer etwas verloren hat, findet es im Netz wieder. Für alle, die im Rathaus danach fragen."


@pytest.fixture
def address(_own_connection: None, live_server: LiveServer, media: Any, engine: Any, settings: Any) -> str:
    settings.EMAIL_BACKEND = "people.mail.queue.QueueBackend"
    settings.BASE_URL = str(live_server.url)
    return str(live_server.url)


@pytest.fixture
def enter(browser: Browser, browser_context_args: dict[str, Any], address: str) -> Iterator[Callable[[User], Page]]:
    """A browser of one's own for each person, logged in."""
    contexts: list[BrowserContext] = []

    def open_browser(user: User) -> Page:
        client = Client()
        client.force_login(user)
        contexts.append(browser.new_context(**browser_context_args))
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}
        contexts[-1].add_cookies([session])  # type: ignore[list-item]
        return contexts[-1].new_page()

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def post(settings: Any, address: str) -> Iterator[Callable[[], Sink]]:
    """Deliver what is queued to a real mail server; returns it with all letters so far."""
    with mail_server(Sink(), settings) as sink:

        def deliver() -> Sink:
            send_due()
            return sink

        yield deliver


def draft_of(title: str, place: str) -> ProjectPage:
    """One that lacks nothing a check would ask for, so that it is submitted without a question."""
    page: ProjectPage = ProjectPageFactory(
        parent=BodyPageFactory(title=place, slug=place.lower()),
        title=title,
        slug=title.lower().replace(" ", "-").replace("ü", "ue").replace("ä", "ae"),
        live=False,
        summary="Wer etwas meldet, tut das online und sieht jederzeit, wie weit die Bearbeitung ist.",
        contact_name="Bürgerbüro",
        contact_email=f"rathaus@{place.lower()}.example",
        text_licence=Licence.objects.get(spdx_id="CC-BY-4.0"),
        children={"artefacts": [artefact()]},
    )
    return page


def submit(page: Page, address: str, project: ProjectPage) -> None:
    page.goto(address + reverse("wagtailadmin_pages:edit", args=[project.pk]))
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator("button[name=action-submit]").click()
    page.locator(".messages .success", has_text="Kompetenzzentrum").wait_for()


def open_from_queue(page: Page, address: str, title: str) -> None:
    page.goto(address + reverse("moderation_queue"))
    page.get_by_role("link", name=title).click()
    page.locator("#decision-heading").wait_for()


def letter_to(sink: Sink, user: User) -> str:
    """The plain text of the newest letter to the person."""
    message = [message for recipients, message in sink.letters if recipients == [user.email]][-1]
    return str(message.get_body(("plain",)).get_content())  # type: ignore[attr-defined]


def test_one_is_published_and_one_sent_back_mended_and_published(
    enter: Callable[[User], Page], post: Callable[[], Sink], address: str
) -> None:
    lamps, lost = draft_of("Laternen melden", "Auental"), draft_of("Digitales Fundbüro", "Bergstadt")
    anne, bert = editor_of(lamps.public_body), editor_of(lost.public_body)
    authors = {anne.pk: enter(anne), bert.pk: enter(bert)}
    submit(authors[anne.pk], address, lamps)
    submit(authors[bert.pk], address, lost)
    # Neither sees the other's.
    authors[bert.pk].goto(address + reverse("moderation_review", args=[ReviewState.objects.waiting()[0].pk]))
    expect(authors[bert.pk]).to_have_url(f"{address}/admin/")

    staff = enter(staff_member())
    publish(staff, address, "Laternen melden")
    assert "/kommunen/auental/laternen-melden/" in letter_to(post(), anne)
    send_back(staff, address, "Digitales Fundbüro")

    letter = letter_to(post(), bert)
    assert REMARK in letter
    mend(authors[bert.pk], re.search(r"http\S+/admin/pruefung/\d+/", letter).group(), lost)  # type: ignore[union-attr]
    publish(staff, address, "Digitales Fundbüro", knows_it=True)
    assert "/kommunen/bergstadt/digitales-fundbuero/" in letter_to(post(), bert)
    visitor = authors[anne.pk]
    visitor.goto(f"{address}/kommunen/bergstadt/digitales-fundbuero/")
    assert MENDED in visitor.locator("main").inner_text()


def publish(page: Page, address: str, title: str, *, knows_it: bool = False) -> None:
    open_from_queue(page, address, title)
    if not knows_it:
        follow(page.locator("button[name=claim]"))
        page.locator(".messages .success").wait_for()
    assert page.locator("button[name=claim]").count() == 0
    for box in page.locator(".dsr-question input[type=checkbox]").all():
        box.check()
    page.locator("button[value=publish]").click()
    page.locator(".messages .success").wait_for()
    expect(page).to_have_url(address + reverse("moderation_queue"))
    assert page.locator("section[aria-labelledby=waiting]").get_by_role("link", name=title).count() == 0


def send_back(page: Page, address: str, title: str) -> None:
    """First without a word, which is refused, then with a remark at the short text."""
    open_from_queue(page, address, title)
    follow(page.locator("button[name=claim]"))
    page.locator("button[value=send_back]").click()
    page.locator("[role=alert]").wait_for()
    entry = page.locator(".dsr-entry:has(#id_remark_summary)")
    entry.locator("summary").click()
    entry.locator("textarea").fill(REMARK)
    page.locator("button[value=send_back]").click()
    page.locator(".messages .success").wait_for()
    assert page.locator("section[aria-labelledby=sent-back]").get_by_role("link", name=title).count() == 1


def mend(page: Page, address_in_letter: str, project: ProjectPage) -> None:
    """From the letter to the remark at its field, and back to the staff."""
    page.goto(address_in_letter)
    page.locator(".dsr-remarks a").click()
    page.locator("#id_summary").wait_for()
    expect(page.locator("#comments")).to_contain_text(REMARK)
    page.locator("#id_summary").fill(MENDED)
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator("button[name=action-submit]").click()
    page.locator(".messages .success", has_text="Kompetenzzentrum").wait_for()
    assert ReviewState.objects.waiting().get().workflow_state.object_id == str(project.pk)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_rooms_of_the_staff_keep_to_the_rules(enter: Callable[[User], Page], address: str, scheme: str) -> None:
    project = draft_of("Laternen melden", "Auental")
    author = editor_of(project.public_body)
    workflow = project.get_workflow()
    assert workflow
    workflow.start(project, author)
    state = ReviewState.objects.waiting().get()
    paths = (reverse("moderation_queue"), reverse("moderation_review", args=[state.pk]), reverse("moderation_bodies"))
    nothing_found(faults(enter(staff_member()), scheme, [address + path for path in paths]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_question_before_submitting_keeps_to_the_rules(
    enter: Callable[[User], Page], address: str, scheme: str
) -> None:
    project = ProjectPageFactory(live=False)
    page = enter(editor_of(project.public_body))
    asked = address + reverse("submit_page", args=[project.pk])
    nothing_found(faults(page, scheme, [asked]))
    assert page.locator(".dsr-submission__list a").count() > 0


def faults(page: Page, scheme: str, addresses: list[str]) -> dict[str, list[str]]:
    """What axe finds, and what sticks out, on a phone and on a desk."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found: dict[str, list[str]] = {}
    for size in (PHONE, {"width": 1280, "height": 900}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for each in addresses:
            page.goto(each)
            name = f"{each} {size['width']}"
            found[name] = list(complaints(page, EVERYTHING, "main .nice-padding"))
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 0:
                found[name].append(f"{overflow} px too wide")
    return found
