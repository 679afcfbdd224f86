"""Files of drafts are not public: served while a readable page refers to them, or to those who may edit them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.documents.forms import get_document_form
from wagtail.models import PageViewRestriction

from pages.publication import NotPublishableError
from projects.models import BodyDocument
from tests.factories import (
    BodyPageFactory,
    DocumentFactory,
    ProjectPageFactory,
    UserFactory,
    artefact,
    editor_of,
    staff_member,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "wagtail_indexes")]


def status(client: Client, document: BodyDocument) -> int:
    return client.get(document.url).status_code


def test_file_of_a_published_artefact_is_served(client: Client) -> None:
    document = DocumentFactory()
    ProjectPageFactory(children={"artefacts": [artefact(file=document)]})
    response = client.get(document.url)
    assert response.status_code == 200
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_file_nobody_refers_to_is_not_served(client: Client) -> None:
    assert status(client, DocumentFactory()) == 404


def test_file_of_a_draft_is_not_served(client: Client) -> None:
    document = DocumentFactory()
    ProjectPageFactory(live=False, children={"artefacts": [artefact(file=document)]})
    assert status(client, document) == 404


def test_file_leaves_with_its_project(client: Client) -> None:
    document = DocumentFactory()
    project = ProjectPageFactory(children={"artefacts": [artefact(file=document)]})
    project.unpublish()
    assert status(client, document) == 404


def test_file_behind_a_view_restriction_is_not_served(client: Client) -> None:
    document = DocumentFactory()
    project = ProjectPageFactory(children={"artefacts": [artefact(file=document)]})
    PageViewRestriction.objects.create(page=project, restriction_type="login")
    assert status(client, document) == 404
    client.force_login(UserFactory())
    assert status(client, document) == 404, "an account without a body is no member"


def test_members_get_a_file_behind_the_restriction_unless_the_scanner_has_still_to_see_it(
    client: Client, settings: Any
) -> None:
    document = DocumentFactory()
    project = ProjectPageFactory(children={"artefacts": [artefact(file=document)]})
    PageViewRestriction.objects.create(page=project, restriction_type="login")
    client.force_login(editor_of(BodyPageFactory()))
    assert status(client, document) == 200
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    assert status(client, document) == 404


def test_own_editor_gets_the_file_of_a_draft_and_a_stranger_does_not(client: Client) -> None:
    own, other = BodyPageFactory(), BodyPageFactory()
    document = DocumentFactory(collection=own.team.collection)
    client.force_login(editor_of(own))
    assert status(client, document) == 200
    client.force_login(editor_of(other))
    assert status(client, document) == 404


def test_staff_get_the_file_of_a_draft(client: Client) -> None:
    client.force_login(staff_member())
    assert status(client, DocumentFactory()) == 200


def test_download_block_of_a_published_page_serves_its_file(client: Client) -> None:
    document = DocumentFactory()
    ProjectPageFactory(body=[("download", {"document": document, "description": ""})])
    assert status(client, document) == 200


def test_stored_upload_is_not_reachable_without_the_rule(client: Client, media: Path) -> None:
    document = DocumentFactory()
    assert (media / document.file.name).exists()
    assert client.get(f"/media/{document.file.name}").status_code == 404
    assert client.get("/media/images/../documents/lv.pdf").status_code == 404


def test_too_large_file_is_refused_with_the_size_that_may_be(settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 1024  # type: ignore[attr-defined]
    form = get_document_form(BodyDocument)(
        {"title": "Groß", "collection": "1"}, {"file": SimpleUploadedFile("gross.pdf", b"x" * 2048)}
    )
    assert not form.is_valid()
    (error,) = form.errors["file"]
    assert "1,0\xa0KB" in error


def test_script_is_refused_as_upload() -> None:
    form = get_document_form(BodyDocument)(
        {"title": "Skript", "collection": "1"}, {"file": SimpleUploadedFile("x.html", b"<script>")}
    )
    assert "file" in form.errors


@pytest.mark.parametrize("publisher", [staff_member, editor_of])
def test_whose_a_file_is_and_not_who_publishes_decides_whether_it_is_public(client: Client, publisher: Any) -> None:
    own, other, acting = BodyPageFactory(), BodyPageFactory(), BodyPageFactory()
    acting.team.acts_for.add(own)
    allowed = {None: 200, own: 200, other: 404, acting: 200}
    files = {body: DocumentFactory(**({"collection": body.team.collection} if body else {})) for body in allowed}
    rows = [artefact(file=file) for file in files.values()]
    project = ProjectPageFactory(parent=own, live=False, children={"artefacts": rows})
    live = project.get_latest_revision_as_object()
    live.live = True
    live.save()
    project.save_revision(user=publisher() if publisher is staff_member else publisher(own))
    assert {body: status(client, file) for body, file in files.items()} == allowed
    acting.team.acts_for.clear()
    assert status(client, files[acting]) == 404


def test_page_that_would_show_a_file_of_another_body_is_not_published(client: Client) -> None:
    own, other = BodyPageFactory(), BodyPageFactory()
    secret = DocumentFactory(collection=other.team.collection)
    project = ProjectPageFactory(parent=own, live=False, children={"artefacts": [artefact(file=secret)]})
    with pytest.raises(NotPublishableError):
        project.save_revision(user=staff_member()).publish()
    client.force_login(staff_member())
    client.post(f"/admin/bulk/wagtailcore/page/publish/?id={project.pk}&next=/admin/")
    project.refresh_from_db()
    assert not project.live
    secret.collection = own.team.collection
    secret.save()
    project.save_revision().publish()
    assert status(client, secret) == 200


def test_body_publishes_its_own_file(client: Client) -> None:
    own = BodyPageFactory()
    document = DocumentFactory(collection=own.team.collection)
    project = ProjectPageFactory(parent=own, children={"artefacts": [artefact(file=document)]})
    project.save_revision(user=editor_of(own)).publish()
    assert status(client, document) == 200


@pytest.mark.parametrize("ending", ["svg", "html", "xml", "bpmn"])
def test_file_that_could_run_is_saved_and_never_shown(client: Client, ending: str) -> None:
    document = DocumentFactory(file=ContentFile(b"<svg><script>alert(1)</script></svg>", name=f"a.{ending}"))
    ProjectPageFactory(children={"artefacts": [artefact(file=document)]})
    headers = client.get(document.url).headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_pdf_is_shown_without_rights(client: Client) -> None:
    document = DocumentFactory()
    ProjectPageFactory(children={"artefacts": [artefact(file=document)]})
    headers = client.get(document.url).headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"].startswith("inline")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_withdrawn_file_does_not_come_out_of_a_cache(client: Client) -> None:
    document = DocumentFactory()
    project = ProjectPageFactory(children={"artefacts": [artefact(file=document)]})
    answer = client.get(document.url)
    assert "no-cache" in answer.headers["Cache-Control"]
    project.unpublish()
    again = client.get(document.url, headers={"if-none-match": answer.headers.get("ETag", '"x"')})
    assert again.status_code == 404


def test_file_under_another_name_is_not_found(client: Client) -> None:
    document = DocumentFactory()
    ProjectPageFactory(children={"artefacts": [artefact(file=document)]})
    assert client.get(f"/dokumente/{document.pk}/anders.pdf").status_code == 404
