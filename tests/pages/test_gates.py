"""Gates between the editor's buttons and what others see: asked in one order, the first answer counts."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from wagtail import hooks
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from pages import gates
from pages.gates import BUTTONS, PUBLISH, SUBMIT, Gate, Pressed
from projects.models import BodyPage, ProjectPage
from tests.factories import BodyPageFactory, ProjectPageFactory, publisher_of

pytestmark = pytest.mark.django_db

Put = Callable[..., None]


class Asks(Gate):
    """Answers everything with its word, and notes whether the page was public when it was asked."""

    def __init__(self, word: str, *, is_before: bool = True) -> None:
        self.word, self.is_before = word, is_before
        self.asked: list[tuple[str, str, bool]] = []

    def must_save_first(self, request: HttpRequest, pressed: Pressed) -> bool:
        return self.is_before

    def after_saving(self, request: HttpRequest, button: str, page: Page, *, is_confirmed: bool) -> HttpResponse:
        self.asked.append((button, page.title, Page.objects.get(pk=page.pk).live))
        return HttpResponse(self.word)

    def before_publishing(self, request: HttpRequest, page: Page) -> HttpResponse:
        return HttpResponse(f"{self.word} before publishing")

    def before_publishing_many(self, request: HttpRequest, pages: Sequence[Page], action: Any) -> HttpResponse:
        return HttpResponse(f"{self.word} about {len(pages)}")


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Put:
    """Replace the gates of the platform by those of the test."""
    return lambda *found: monkeypatch.setattr(gates, "all_gates", lambda: found)


@pytest.fixture
def body(client: Client) -> BodyPage:
    found: BodyPage = BodyPageFactory()
    client.force_login(publisher_of(found))
    return found


def typed(**further: str) -> dict[str, Any]:
    empty = {name: inline_formset([]) for name in ("artefacts", "participations", "comments")}
    texts = {"title": "Fundbüro", "slug": "fundbuero", "summary": "Fundsachen im Netz.", "phase": "P3"}
    more = {"conformity": "unknown", "body": streamfield([]), "lessons_learned": rich_text("")}
    return nested_form_data({**texts, **more, **empty, **further})


def add_url(body: BodyPage) -> str:
    return f"/admin/pages/add/projects/projectpage/{body.pk}/"


def test_gates_of_the_platform_are_those_of_the_settings_in_their_order() -> None:
    named = [f"{type(gate).__module__}.{type(gate).__qualname__}" for gate in gates.all_gates()]
    assert named == settings.PUBLICATION_GATES
    # Whoever hands in does so after all others had something to say.
    assert named.index("matching.reporting.editor.SimilarIsWeighed") < named.index(
        "people.moderation.submission.HandedIn"
    )


def test_hook_of_wagtail_comes_too_late_for_a_new_page(client: Client, body: BodyPage, put: Put) -> None:
    """The reason for `hold_back`; once this fails, Wagtail's hook will do."""
    put()
    with hooks.register_temporarily("before_publish_page", lambda request, page: HttpResponse("Halt")):
        assert client.post(add_url(body), typed(**{PUBLISH: "1"})).content == b"Halt"
    assert ProjectPage.objects.get().live


@pytest.mark.parametrize("button", BUTTONS)
def test_new_page_is_saved_and_not_public_while_a_gate_asks(
    client: Client, body: BodyPage, put: Put, button: str
) -> None:
    gate = Asks("Halt")
    put(gate)
    assert client.post(add_url(body), typed(**{button: "1"})).content == b"Halt"
    assert gate.asked == [(button, "Fundbüro", False)]
    assert not ProjectPage.objects.get().live


def test_gate_sees_the_version_that_was_saved_and_readers_the_one_before(
    client: Client, body: BodyPage, put: Put
) -> None:
    page = ProjectPageFactory(parent=body, title="Vorher")
    gate = Asks("Halt")
    put(gate)
    client.post(f"/admin/pages/{page.pk}/edit/", typed(**{PUBLISH: "1"}))
    assert gate.asked == [(PUBLISH, "Fundbüro", True)]
    assert ProjectPage.objects.get().title == "Vorher"


def test_button_that_no_gate_wants_to_wait_does_what_it_says(client: Client, body: BodyPage, put: Put) -> None:
    put(Gate())
    client.post(add_url(body), typed(**{PUBLISH: "1"}))
    assert ProjectPage.objects.get().live


def test_first_answer_counts(client: Client, body: BodyPage, put: Put) -> None:
    silent, first, second = Gate(), Asks("first"), Asks("second")
    put(silent, first, second)
    assert client.post(add_url(body), typed(**{PUBLISH: "1"})).content == b"first"
    assert not second.asked


def test_saving_asks_nobody(client: Client, body: BodyPage, put: Put) -> None:
    gate = Asks("Halt")
    put(gate)
    assert client.post(add_url(body), typed()).status_code == 302
    assert not gate.asked


def test_with_two_buttons_none_goes_around_the_gate(client: Client, body: BodyPage, put: Put) -> None:
    class Submitted(Asks):
        def must_save_first(self, request: HttpRequest, pressed: Pressed) -> bool:
            return pressed.button == SUBMIT

    put(Submitted("Halt"))
    assert client.post(add_url(body), typed(**{PUBLISH: "1", SUBMIT: "1"})).content == b"Halt"
    assert not ProjectPage.objects.get().live


def test_gates_are_asked_when_wagtail_publishes(client: Client, body: BodyPage, put: Put) -> None:
    page = ProjectPageFactory(parent=body, title="Vorher")
    put(Gate(), Asks("first", is_before=False), Asks("second", is_before=False))
    answer = client.post(f"/admin/pages/{page.pk}/edit/", typed(**{PUBLISH: "1"}))
    assert answer.content == b"first before publishing"
    assert ProjectPage.objects.get().title == "Vorher"


def test_gates_are_asked_about_several_pages_at_once(client: Client, body: BodyPage, put: Put) -> None:
    drafts = [ProjectPageFactory(parent=body, live=False) for _page in range(2)]
    put(Gate(), Asks("first"), Asks("second"))
    chosen = "&".join(f"id={page.pk}" for page in drafts)
    answer = client.post(f"/admin/bulk/wagtailcore/page/publish/?{chosen}&next=/admin/")
    assert answer.content == b"first about 2"
    assert not ProjectPage.objects.live().exists()
