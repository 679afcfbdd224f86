"""Whoever works for one body reads nothing of another one that is not public: in no view, chooser, search or API."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from wagtail.models import Page

from projects.models import BodyDocument, Picture
from tests.factories import BodyPageFactory, DocumentFactory, ProjectPageFactory, editor_of, staff_member
from tests.people.stage import HIDDEN, Stage
from tests.people.test_role_table import BY_SECRET_LINK, Visit, routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "wagtail_indexes")]

# What people would type to find it: all hidden names begin with it, and it is not what the test looks for.
TYPED = HIDDEN.split("-")[0]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def addresses(stage: Stage) -> dict[str, dict[str, Any]]:
    """Where the hidden things could be found, or named by their number, with what is asked for."""
    draft = stage.draft.pk
    document = BodyDocument.objects.get(title__startswith=HIDDEN).pk
    image = Picture.objects.get(title__startswith=HIDDEN).pk
    search = {"q": TYPED}
    return {
        "/admin/pages/search/": search,
        "/admin/pages/search/results/": search,
        f"/admin/pages/{stage.body.pk}/": search,
        "/admin/choose-page/": {"page_type": "projects.projectpage"},
        "/admin/choose-page/search/": search,
        f"/admin/choose-page/{stage.body.pk}/": {},
        f"/admin/choose-page/{draft}/": {},
        "/admin/choose-page/chosen-multiple/": {"id": draft},
        "/admin/choose-external-link/": {},
        f"/admin/pages/{draft}/edit/": {},
        f"/admin/pages/{draft}/view_draft/": {},
        f"/admin/pages/{draft}/history/": {},
        f"/admin/pages/{draft}/copy/": {},
        f"/admin/pages/{draft}/usage/": {},
        "/admin/pages/usage/projects/projectpage/": search,
        "/admin/pages/usage/projects/projectpage/results/": {},
        "/admin/bulk/wagtailcore/page/publish/": {"id": draft},
        "/admin/bulk/wagtailcore/page/delete/": {"id": draft},
        "/admin/bulk/wagtailcore/page/move/": {"id": draft},
        "/admin/bulk/projects/bodydocument/delete/": {"id": document},
        "/admin/bulk/projects/bodydocument/add_to_collection/": {"id": document},
        "/admin/bulk/projects/picture/add_tags/": {"id": image},
        "/admin/documents/": search,
        "/admin/documents/results/": search,
        "/admin/documents/chooser/": search,
        "/admin/documents/chooser/results/": search,
        f"/admin/documents/chooser/chosen/{document}/": {},
        "/admin/documents/chooser/chosen-multiple/": {"id": document},
        f"/admin/documents/edit/{document}/": {},
        f"/admin/documents/usage/{document}/": {},
        "/admin/images/": search,
        "/admin/images/results/": search,
        "/admin/images/chooser/": search,
        "/admin/images/chooser/results/": search,
        f"/admin/images/chooser/chosen/{image}/": {},
        "/admin/images/chooser/chosen-multiple/": {"id": image},
        f"/admin/images/chooser/{image}/select_format/": {},
        f"/admin/images/{image}/": {},
        f"/admin/images/usage/{image}/": {},
        "/admin/api/main/pages/": {"search": TYPED},
        "/admin/api/main/documents/": {"search": TYPED},
        "/admin/api/main/documents/find/": {"id": document},
        f"/admin/api/main/documents/{document}/": {},
        "/admin/api/main/images/": {},
        f"/admin/api/main/images/{image}/": {},
        "/admin/reports/site-history/": {},
        "/admin/reports/workflow/": {},
        "/admin/reports/workflow_tasks/": {},
        "/admin/reports/aging-pages/": {},
        "/admin/reports/page-types-usage/": {},
        "/admin/reports/locked/": {},
        "/admin/dateien/pruefung/": {},
        "/admin/": {},
    }


@pytest.mark.slow("opens every page of the admin")
def test_neighbour_reads_nothing_of_it_anywhere(client: Client, stage: Stage) -> None:
    neighbour = stage.people["neighbour"]
    assert neighbour
    client.force_login(neighbour)
    leaks = []
    for path, query in addresses(stage).items():
        answer = client.get(path, query, follow=True)
        if HIDDEN in answer.content.decode(errors="replace"):
            leaks.append(f"{path}?{urlencode(query)}")
    assert leaks == []


@pytest.mark.slow("opens every address with every number")
@pytest.mark.usefixtures("engine")
def test_neighbour_reads_nothing_by_trying_numbers(stage: Stage) -> None:
    """Every address that takes a number, with those of what is hidden; the role table opens all others."""
    document = BodyDocument.objects.get(title__startswith=HIDDEN).pk
    image = Picture.objects.get(title__startswith=HIDDEN).pk
    numbers = dict.fromkeys(("page_id", "page_to_move_id", "parent_page_id", "admin/api/ pk"), stage.draft.pk)
    numbers |= dict.fromkeys(("document_id", "doc_id", "admin/documents/ pk", "admin/dateien/ pk"), document)
    numbers |= dict.fromkeys(("image_id", "admin/images/ pk"), image)
    stage.values |= numbers
    visit, told = Visit(stage, "neighbour"), []
    numbered = [route for route in dict.fromkeys(routes()) if set("<(") & set(route)]
    assert len(numbered) > 100
    for route in numbered:
        for method in ("GET", "POST"):
            visit.ask(method, stage.address(route))
            if HIDDEN in visit.text and route not in BY_SECRET_LINK:
                told.append((method, route))
    assert told == []


def test_own_editor_finds_it(client: Client, stage: Stage) -> None:
    """So that the test above looks where something can be seen."""
    editor = stage.people["editor"]
    assert editor
    client.force_login(editor)
    for path in (
        "/admin/pages/search/",
        "/admin/choose-page/search/",
        f"/admin/choose-page/{stage.body.pk}/",
        "/admin/choose-page/chosen-multiple/",
        "/admin/documents/",
        "/admin/documents/chooser/results/",
        "/admin/images/chooser/results/",
        "/admin/api/main/documents/",
        "/admin/api/main/images/",
    ):
        answer = client.get(path, addresses(stage)[path])
        assert HIDDEN in answer.content.decode(), path


def test_what_is_public_can_be_linked_to_by_everybody(client: Client) -> None:
    own, theirs = BodyPageFactory(), ProjectPageFactory(title="Sitzbank mit Solarzelle")
    client.force_login(editor_of(own))
    for path in (f"/admin/choose-page/{theirs.public_body.pk}/", "/admin/choose-page/search/"):
        assert "Sitzbank mit" in client.get(path, {"q": "Solarzelle"}).content.decode(), path


def test_staff_find_everything(client: Client, stage: Stage) -> None:
    client.force_login(staff_member())
    assert HIDDEN in client.get("/admin/choose-page/search/", {"q": TYPED}).content.decode()
    assert client.get("/admin/reports/site-history/").status_code == 200


def test_bulk_actions_leave_the_things_of_others_alone(client: Client, stage: Stage) -> None:
    neighbour = stage.people["neighbour"]
    assert neighbour
    client.force_login(neighbour)
    documents, images = BodyDocument.objects.count(), Picture.objects.count()
    for kind, number in (
        ("wagtailcore/page/delete", stage.draft.pk),
        ("wagtailcore/page/publish", stage.draft.pk),
        ("wagtailcore/page/unpublish", stage.project.pk),
        ("projects/bodydocument/delete", stage.document.pk),
        ("projects/picture/delete", stage.image.pk),
    ):
        client.post(f"/admin/bulk/{kind}/?id={number}&next=/admin/", {"include_descendants": "on"})
    assert not Page.objects.get(pk=stage.draft.pk).live
    assert Page.objects.get(pk=stage.project.pk).live
    assert (BodyDocument.objects.count(), Picture.objects.count()) == (documents, images)


def test_file_cannot_be_moved_into_the_collection_of_others(client: Client) -> None:
    own, other = BodyPageFactory(), BodyPageFactory()
    document = DocumentFactory(collection=own.team.collection)
    client.force_login(editor_of(own))
    data = {"title": "Akte", "collection": other.team.collection.pk, "tags": ""}
    client.post(f"/admin/documents/edit/{document.pk}/", data)
    document.refresh_from_db()
    assert document.collection == own.team.collection


def test_page_cannot_be_moved_or_copied_below_another_body(client: Client) -> None:
    own, other = ProjectPageFactory(), BodyPageFactory()
    client.force_login(editor_of(own.public_body))
    assert client.post(f"/admin/pages/{own.pk}/move/{other.pk}/confirm/").headers["Location"] == "/admin/"
    copied = client.post(
        f"/admin/pages/{own.pk}/copy/",
        {"new_title": "Kopie", "new_slug": "kopie", "new_parent_page": other.pk, "copy_subpages": "", "alias": ""},
    )
    assert "new_parent_page" in copied.context["form"].errors
    assert not Page.objects.get(pk=other.pk).get_children().exists()
