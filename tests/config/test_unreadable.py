"""What no form of the admin sends is an error beside its field, or a page that says so: never an error of ours.

A walk over every form of the admin, each field with each of these, has found the kinds; here each stands once.
"""

import json
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from wagtail.log_actions import log
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from config import urls
from config.line_breaks import as_seen
from projects.models import ProjectPage, ProjectTag
from tests.factories import ProjectPageFactory, publisher_of, staff_member
from tests.pages.test_numbers import typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

WORD, TOO_LONG = "abc", "9" * 30
# The form again, with what is wrong in it; saved, as a draft that says less; and the two pages that say what is wrong.
OK, SAVED, BAD, NOWHERE = HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND
# Stored, these could be shown by no page and to nobody who checks it.
NO_TABLES = (
    '{"data": 3}',
    '{"data": [["a"], 3]}',
    '{"data": [[["a"]]]}',
    '{"mergeCells": 5}',
    '{"cell": [{"row": 0}]}',
)
TABLE = json.dumps(
    {
        "data": [["a", None], ["b", 3]],
        "cell": [{"row": 0, "col": 0, "className": "htCenter"}],
        "mergeCells": [{"row": 0, "col": 0, "rowspan": 1, "colspan": 2}],
        "table_header_choice": "row",
    }
)
FILE_ROW = {"title": "a", "kind": "", "licence": "", "link": "", "description": "", "id": "", "file": ""}


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("on purpose")


def stumbling(request: HttpRequest) -> HttpResponse:
    ProjectTag.objects.create(name="halb")
    return HttpResponse(ProjectTag.objects.get(pk=request.POST["a"]))


urlpatterns = [path("admin/kaputt/", broken), path("admin/halb/", stumbling), *urls.urlpatterns]


@pytest.fixture
def anyway(client: Client) -> Client:
    """Answers as in use, where an error is a page."""
    client.raise_request_exception = False
    return client


def in_block(kind: str, value: Any) -> dict[str, str]:
    return nested_form_data({"body": streamfield([(kind, value)])})


def of_artefact(**values: str) -> dict[str, str]:
    return nested_form_data({"artefacts": inline_formset([FILE_ROW | values], initial=1 if values.get("id") else 0)})


NONSENSE_OF_THE_EDITOR: list[tuple[str, dict[str, str], set[HTTPStatus]]] = [
    *((f"text {text!r}", {"lessons_learned": text}, {BAD}) for text in (WORD, "{", "[]", '"a"', '{"blocks": 3}')),
    *((f"text in a block {text!r}", in_block("text", text), {BAD}) for text in (WORD, '{"blocks": [1]}')),
    *((f"table {text!r}", in_block("table", text), {BAD}) for text in (WORD, "{")),
    *((f"table {text!r}", in_block("table", text), {BAD}) for text in NO_TABLES),
    *((f"table {text!r}", in_block("table", text), {SAVED}) for text in ("null", "{}", TABLE)),
    ("order of blocks", in_block("text", "null") | {"body-0-order": WORD}, {BAD}),
    ("number of blocks", {"body-count": WORD}, {BAD}),
    ("kind of a block", in_block("gibt-es-nicht", ""), {SAVED}),
    *((f"file in a block {key[:3]}", in_block("download", {"document": key}), {SAVED}) for key in (WORD, TOO_LONG)),
    *((f"file {key[:3]}", of_artefact(file=key), {OK}) for key in (WORD, TOO_LONG)),
    *((f"row {key[:3]}", of_artefact(id=key), {OK, BAD}) for key in (WORD, TOO_LONG)),
    *((f"licence {key[:3]}", {"text_licence": key}, {OK}) for key in (WORD, TOO_LONG)),
    *((f"field of action {key[:3]}", {"fields_of_action": key}, {OK, BAD}) for key in (WORD, TOO_LONG)),
    ("nothing", {}, {SAVED}),
]


@pytest.mark.slow("opens the editor thirty times")
def test_nonsense_in_a_field_of_the_editor_is_told_and_not_stored(anyway: Client) -> None:
    project = ProjectPageFactory()
    anyway.force_login(publisher_of(project.public_body))
    wrong, saved = {}, 0
    for name, sent, expected in NONSENSE_OF_THE_EDITOR:
        status = anyway.post(f"/admin/pages/{project.pk}/edit/", typed(project) | sent).status_code
        saved += status == SAVED
        if status not in expected:
            wrong[name] = status
    assert wrong == {}
    assert project.revisions.count() == saved
    preview = f"/admin/pages/{project.pk}/edit/preview/"
    assert anyway.post(preview, typed(project, lessons_learned=WORD)).status_code == BAD
    assert anyway.get(project.url).status_code == OK


ADDRESSES: list[tuple[str, dict[str, str], set[HTTPStatus]]] = [
    ("/admin/bulk/wagtailcore/page/delete/?id=abc", {}, {NOWHERE}),
    (f"/admin/bulk/wagtailcore/page/publish/?id={TOO_LONG}", {}, {NOWHERE}),
    ("/admin/bulk/projects/bodydocument/delete/?id=abc", {}, {NOWHERE}),
    ("/admin/images/multiple/add/", {}, {BAD}),
    ("/admin/documents/multiple/add/", {}, {BAD}),
    ("/admin/choose-external-link/", {}, {BAD}),
    (f"/admin/pages/{TOO_LONG}/edit/", {}, {NOWHERE}),
    (f"/admin/images/{TOO_LONG}/", {}, {NOWHERE}),
]
OF_STAFF: list[tuple[str, dict[str, str], set[HTTPStatus]]] = [
    ("/admin/snippets/projects/district/add/", {"state": WORD}, {OK}),
    ("/admin/snippets/choose/projects/district/create/", {}, {BAD}),
    ("/admin/redirects/add/", {"old_path": "/a", "redirect_page": WORD}, {OK}),
    ("/admin/redirects/import/process/", {}, {BAD}),
]


def test_an_address_that_is_sent_nonsense_says_so(anyway: Client) -> None:
    project = ProjectPageFactory()
    wrong = {}
    for person, addresses in ((publisher_of(project.public_body), ADDRESSES), (staff_member(), OF_STAFF)):
        anyway.force_login(person)
        for address, sent, expected in addresses:
            for headers in ({}, {"x-requested-with": "XMLHttpRequest"}):
                answer = anyway.post(address, sent, headers=headers)
                if answer.status_code not in expected:
                    wrong[address] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("key", [WORD, TOO_LONG])
def test_what_is_no_key_in_a_chooser_is_told_beside_it_and_nothing_typed_is_lost(client: Client, key: str) -> None:
    project = ProjectPageFactory()
    client.force_login(publisher_of(project.public_body))
    sent = typed(project, summary="Ganz neu getippt", image=key) | of_artefact(file=key)
    for address in ("", "preview/"):
        answer = client.post(f"/admin/pages/{project.pk}/edit/{address}", sent)
        assert answer.status_code == OK
    form = client.post(f"/admin/pages/{project.pk}/edit/", sent).context["form"]
    assert form.errors.keys() == {"image"}
    assert [row.errors.keys() for row in form.formsets["artefacts"]] == [{"file"}]
    assert form["summary"].value() == "Ganz neu getippt"


def test_a_number_that_no_table_takes_is_told_in_forms_for_everybody_too(anyway: Client) -> None:
    project = ProjectPageFactory()
    anyway.force_login(publisher_of(project.public_body))
    for address, name in (("/vorhaben/melden/", "body"), (f"/projekte/{project.pk}/mitarbeit/", "body")):
        assert anyway.get(address).status_code == OK
        assert anyway.post(address, {name: TOO_LONG}).status_code in {OK, BAD}, address


def test_a_list_that_is_filtered_by_nonsense_says_so(anyway: Client) -> None:
    person, project = staff_member(), ProjectPageFactory()
    log(instance=project, action="wagtail.edit", user=person)
    anyway.force_login(person)
    history = "/admin/reports/site-history/"
    assert project.title in anyway.get(history, {"user": str(person.pk)}).content.decode()
    for name in ("user", "object_type"):
        assert anyway.get(history, {name: WORD}).status_code == OK, name
        assert anyway.get(history, {name: TOO_LONG}).status_code in {OK, BAD}, name


def test_the_page_says_in_german_that_nothing_was_changed_and_the_log_keeps_what_happened(
    anyway: Client, caplog: pytest.LogCaptureFixture
) -> None:
    project = ProjectPageFactory()
    anyway.force_login(publisher_of(project.public_body))
    answer = anyway.post(f"/admin/pages/{project.pk}/delete/", {"next": WORD})
    assert answer.status_code == BAD
    assert "Es wurde nichts geändert" in answer.content.decode()
    assert "NoReverseMatch" in caplog.text


@pytest.mark.urls("tests.config.test_unreadable")
def test_an_error_of_ours_stays_one(anyway: Client) -> None:
    anyway.force_login(staff_member())
    assert anyway.post("/admin/kaputt/", {"a": "b"}).status_code == HTTPStatus.INTERNAL_SERVER_ERROR


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="with SQLite a request is no transaction of its own")
@pytest.mark.urls("tests.config.test_unreadable")
def test_of_a_request_that_cannot_be_read_nothing_is_stored(anyway: Client) -> None:
    anyway.force_login(staff_member())
    assert anyway.post("/admin/halb/", {"a": WORD}).status_code == BAD
    assert not ProjectTag.objects.filter(name="halb").exists()


def test_a_character_that_nobody_sees_and_no_database_stores_is_left_out(client: Client) -> None:
    project = ProjectPageFactory()
    client.force_login(publisher_of(project.public_body))
    block = {"key": "a", "text": "Da\0zu", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    text = json.dumps({"blocks": [block], "entityMap": {}})
    assert "\\u0000" in text
    sent = typed(project, lessons_learned=text, summary="Kurz\0 und gut") | in_block("text", text)
    assert client.post(f"/admin/pages/{project.pk}/edit/", sent).status_code == SAVED
    draft = ProjectPage.objects.get(pk=project.pk).get_latest_revision_as_object()
    assert draft.summary == "Kurz und gut"
    assert "Dazu" in draft.lessons_learned
    assert "Dazu" in str(draft.body[0].value)
    assert as_seen(r'{"a": "C:\\u0000"}') == r'{"a": "C:\\u0000"}', "a backslash that somebody typed"
