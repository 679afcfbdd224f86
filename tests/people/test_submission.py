"""Handing in: the page is saved, what a check would ask for is named first, and the editor reads how long it takes."""

from typing import Any

import pytest
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils.formats import date_format
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from pages import gates
from pages.publication import NotPublishableError
from people.models import ReviewState, User
from projects.models import BodyPage, Conformity, Licence, ProjectPage
from tests.factories import BodyPageFactory, ProjectPageFactory, artefact, editor_of, staff_member, submit

pytestmark = pytest.mark.django_db

SUMMARY = "Fundsachen werden fotografiert, beschrieben und von ihren Besitzern im Netz gesucht."


@pytest.fixture
def body() -> BodyPage:
    return BodyPageFactory(title="Auental")


@pytest.fixture
def author(body: BodyPage, client: Client) -> User:
    user = editor_of(body, email="autorin@auental.example")
    client.force_login(user)
    return user


def whole_draft(body: BodyPage, **fields: Any) -> ProjectPage:
    """Has all that a check asks for."""
    licence = Licence.objects.get(spdx_id="CC-BY-4.0")
    given = {"summary": SUMMARY, "contact_email": "buero@auental.example", "text_licence": licence, **fields}
    page: ProjectPage = ProjectPageFactory(parent=body, title="Digitales Fundbüro", live=False, **given)
    return page


def form_of(page: ProjectPage, *artefacts: dict[str, Any], **further: Any) -> dict[str, Any]:
    """What the editor sends with the button “submit”."""
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "summary": page.summary,
            "phase": "P3",
            "conformity": Conformity.UNKNOWN,
            "contact_email": page.contact_email,
            "text_licence": page.text_licence_id or "",
            "body": streamfield([]),
            "lessons_learned": rich_text(""),
            "artefacts": inline_formset(artefacts),
            "participations": inline_formset([]),
            "comments": inline_formset([]),
            "action-submit": "1",
            **further,
        }
    )


def edit_url(page: Page) -> str:
    return f"/admin/pages/{page.pk}/edit/"


def submit_url(page: Page) -> str:
    return f"/admin/projekte/{page.pk}/einreichen/"


def test_complete_page_is_submitted_at_once_and_the_editor_reads_until_when(
    client: Client, body: BodyPage, author: User
) -> None:
    page = whole_draft(body)
    response = client.post(edit_url(page), form_of(page, problem="Neu gesagt."), follow=True)
    state = ReviewState.objects.waiting().get()
    assert state.submitted_by == author
    assert Page.objects.get(pk=page.pk).get_latest_revision_as_object().problem == "Neu gesagt."
    assert response.redirect_chain == [(f"/admin/?stelle={body.pk}", 302)]
    html = response.content.decode()
    assert html.count(date_format(state.due_on)) == 2, "in the message, and in what waits for others"
    assert len(list(response.context["messages"])) == 1, "that it is saved goes without saying"
    assert date_format(state.due_on, "SHORT_DATE_FORMAT") in html, "beside the project"
    assert [letter.to for letter in mail.outbox] == [[author.email]]


def test_what_a_check_asks_for_is_named_before_submitting_and_can_be_confirmed(
    client: Client, body: BodyPage, author: User
) -> None:
    page = whole_draft(body, contact_email="", text_licence=None)
    response = client.post(edit_url(page), form_of(page, problem="Neu gesagt."), follow=True)
    assert response.redirect_chain == [(submit_url(page), 302)]
    html = response.content.decode()
    for anchor in ("#id_contact_email", "#id_text_licence"):
        assert f"{edit_url(page)}{anchor}" in html
    assert "#id_summary" not in html
    assert not ReviewState.objects.exists()
    assert Page.objects.get(pk=page.pk).get_latest_revision_as_object().problem == "Neu gesagt.", "the draft is kept"
    client.post(submit_url(page))
    assert ReviewState.objects.waiting().count() == 1


def test_of_a_public_page_the_draft_is_what_is_submitted(client: Client, body: BodyPage, author: User) -> None:
    page = whole_draft(body)
    page.get_latest_revision().publish()
    changed = ProjectPage.objects.get(pk=page.pk)
    changed.contact_email = ""
    changed.artefacts.set([artefact(title="Scan 0815")])
    for one in changed.artefacts.all():
        one.kind = None
    changed.save_revision()
    html = client.get(submit_url(page)).content.decode()
    assert f"{edit_url(page)}#id_contact_email" in html
    assert "Scan 0815" in html
    assert client.post(submit_url(page)).headers["Location"] == submit_url(page)
    assert not ReviewState.objects.exists()


def test_page_that_was_sent_back_goes_to_whoever_knows_it(client: Client, body: BodyPage, author: User) -> None:
    page = whole_draft(body)
    first = submit(page, author)
    first.claimed_by = checker = staff_member()
    first.save()
    first.reject(user=checker, comment="Bitte genauer.")
    client.post(edit_url(page), form_of(page))
    again = ReviewState.objects.waiting().get()
    assert again.workflow_state_id == first.workflow_state_id
    assert again.claimed_by == checker


def test_submitting_asks_for_all_that_publishing_needs_and_drafts_do_not(
    client: Client, body: BodyPage, author: User
) -> None:
    page = whole_draft(body)
    unsorted = {"title": "Scan 0815", "kind": "", "link": "https://example.org/a.pdf", "language": "de"}
    data = form_of(page, unsorted)
    response = client.post(edit_url(page), data)
    assert response.context["form"].formsets["artefacts"].forms[0].errors.keys() == {"kind"}
    del data["action-submit"]
    assert client.post(edit_url(page), data).status_code == 302
    draft = Page.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert [one.kind for one in draft.artefacts.all()] == [None]
    html = client.get(submit_url(page)).content.decode()
    assert "Scan 0815" in html
    assert client.post(submit_url(page)).status_code == 302
    assert not ReviewState.objects.exists(), "nobody gets round it by the address of the question"


def test_new_page_is_submitted_the_same_way(client: Client, body: BodyPage, author: User) -> None:
    page = whole_draft(body)
    page.title, page.slug = "Zweites Fundbüro", ""
    response = client.post(f"/admin/pages/add/projects/projectpage/{body.pk}/", form_of(page))
    assert response.headers["Location"] == f"/admin/?stelle={body.pk}"
    made = ProjectPage.objects.get(title="Zweites Fundbüro")
    assert made.slug == "zweites-fundbuero"
    assert made.workflow_in_progress


def test_profile_of_a_body_is_submitted_without_questions(client: Client, body: BodyPage, author: User) -> None:
    body.save_revision()
    assert client.post(submit_url(body)).headers["Location"] == f"/admin/?stelle={body.pk}"
    assert ReviewState.objects.waiting().count() == 1


def test_nobody_submits_for_others_or_twice(client: Client, body: BodyPage, author: User) -> None:
    page = whole_draft(body)
    other = Client()
    other.force_login(editor_of(BodyPageFactory()))
    assert other.post(submit_url(page)).status_code == 404
    assert not ReviewState.objects.exists()
    client.post(submit_url(page))
    client.post(submit_url(page))
    assert ReviewState.objects.count() == 1


def test_gates_before_are_asked_before_anything_is_submitted(
    client: Client, body: BodyPage, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Read(gates.Gate):
        def after_saving(self, request: HttpRequest, button: str, page: Page, *, is_confirmed: bool) -> HttpResponse:
            return HttpResponse(f"Erst lesen: {page.title}")

    page = whole_draft(body)
    known = gates.all_gates()
    monkeypatch.setattr(gates, "all_gates", lambda: (Read(), *known))
    for answer in (client.post(edit_url(page), form_of(page)), client.post(submit_url(page))):
        assert answer.content.decode() == "Erst lesen: Digitales Fundbüro"
    assert not ReviewState.objects.exists()


def test_result_without_a_kind_is_never_published(body: BodyPage) -> None:
    page = whole_draft(body, children={"artefacts": [artefact(kind="leistungsverzeichnis")]})
    page.artefacts.set([artefact()])
    for one in page.artefacts.all():
        one.kind = None
    with pytest.raises(NotPublishableError, match="Leistungsverzeichnis"):
        page.save_revision().publish()
