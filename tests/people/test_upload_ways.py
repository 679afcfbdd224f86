"""Whatever way a file comes in, it goes through our check: every address of the site is sent one."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import UploadedFile
from wagtail.users.models import UserProfile

from projects.models import BodyDocument, Picture
from tests.factories import BodyPageFactory, administrator, staff_member
from tests.people.stage import Stage
from tests.projects.office_files import EXECUTABLE, PDF, picture
from tests.routes import routes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("engine")]

UNSEEN = b"what-nobody-looked-at"
FILE_FIELD = re.compile(r"""<input[^>]*type=["']file["'][^>]*>""")
FIELD_NAME = re.compile(r"""\sname=["']([^"']+)["']""")
# By what names the forms of the site take files; a new one fails until it is sent one here.
FIELDS = {"file", "files[]", "document-chooser-upload-file", "image-chooser-upload-file", "import_file"}
# What Wagtail's portrait was sent as; nothing asks for it any more.
CLOSED = "avatar-avatar"
SCRIPTED = {"X-Requested-With": "XMLHttpRequest"}
# Ways for a document, and the name of its field; the last one is that of the editor.
DOCUMENT_WAYS = {
    "/admin/documents/add/": ("file", ""),
    "/admin/documents/multiple/add/": ("files[]", ""),
    "/admin/documents/chooser/create/": ("document-chooser-upload-file", "document-chooser-upload-"),
    "/admin/projekte/dateien/{body}/": ("file", ""),
}


def stored_files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.slow("sends a file to every address")
def test_no_address_stores_a_file_as_it_came(media: Path) -> None:
    """A picture with something behind its pixels, under every name, to everything the administrator can reach."""
    stage = Stage()
    client = Client(raise_request_exception=False)  # Wagtail expects of some forms what this one does not fill in
    client.force_login(stage.people["administrator"])  # type: ignore[arg-type]
    asked: set[str] = set()
    taken = []
    for route in routes():
        before = set(stored_files(media))
        with transaction.atomic():
            answer = client.post(stage.address(route), everything(), headers=SCRIPTED)
            transaction.set_rollback(True)
        client.force_login(stage.people["administrator"])  # type: ignore[arg-type]
        asked |= names_of_file_fields(answer)
        new = set(stored_files(media)) - before
        taken += [route] if new else []
        assert [path for path in new if UNSEEN in path.read_bytes()] == [], route
    assert {"admin/images/add/", "admin/images/multiple/add/", "admin/images/chooser/create/"} <= set(taken)
    assert asked
    assert asked <= FIELDS, "A form takes files under a name that is not tried"


def everything() -> dict[str, Any]:
    """Filled in for all forms that take files."""
    titles = {f"{prefix}title": "Bild" for prefix in ("", "image-chooser-upload-", "document-chooser-upload-")}
    collections = {name.replace("title", "collection"): "1" for name in titles}
    person = {"name_email-first_name": "A", "name_email-last_name": "B", "theme-theme": "system"}
    appearance = {"theme-density": "default", "theme-contrast": "system", "theme-keyboard_shortcuts": "on"}
    files = {name: SimpleUploadedFile("a.png", picture("PNG") + UNSEEN) for name in {*FIELDS, CLOSED}}
    return {**titles, **collections, **person, **appearance, **files}


def names_of_file_fields(answer: Any) -> set[str]:
    if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
        return set()
    fields = FILE_FIELD.findall(answer.content.decode(errors="replace"))
    return {name for field in fields for name in FIELD_NAME.findall(field)}


@pytest.mark.parametrize("way", DOCUMENT_WAYS)
def test_document_is_looked_into_whatever_way_it_comes(way: str, client: Client, media: Path) -> None:
    body = BodyPageFactory()
    client.force_login(administrator())
    field, prefix = DOCUMENT_WAYS[way]
    for content, stored in ((EXECUTABLE, 0), (PDF, 1)):
        upload = SimpleUploadedFile("a.pdf", content)
        fields = {f"{prefix}title": "Akte", f"{prefix}collection": "1", field: upload}
        client.post(way.format(body=body.pk), fields, headers=SCRIPTED)
        assert BodyDocument.objects.count() == len(stored_files(media)) == stored


def test_replaced_document_is_looked_into(client: Client, media: Path) -> None:
    client.force_login(administrator())
    upload = SimpleUploadedFile("a.pdf", PDF)
    client.post("/admin/documents/add/", {"title": "Akte", "collection": "1", "file": upload})
    document = BodyDocument.objects.get()
    for content, name in ((EXECUTABLE, "a.pdf"), (PDF, "b.pdf")):
        upload = SimpleUploadedFile("b.pdf", content)
        client.post(f"/admin/documents/edit/{document.pk}/", {"title": "Akte", "collection": "1", "file": upload})
        document.refresh_from_db()
        assert document.filename == name


@pytest.mark.parametrize("way", ["/admin/images/multiple/add/", "/admin/documents/multiple/add/"])
def test_file_is_not_put_aside_while_something_else_is_wrong(way: str, client: Client, media: Path) -> None:
    """From there it would be stored without having been drawn anew or scanned."""
    client.force_login(staff_member())
    name, content = ("a.png", picture("PNG") + UNSEEN) if "images" in way else ("a.pdf", PDF)
    fields = {"title": "T" * 300, "collection": "1", "files[]": SimpleUploadedFile(name, content)}
    answer = client.post(way, fields, headers=SCRIPTED)
    assert answer.status_code == 200
    assert answer.json()["success"] is False
    assert "255" in answer.json()["error_message"]
    assert not UploadedFile.objects.exists()
    assert not Picture.objects.exists()
    assert stored_files(media) == []


def test_nobody_can_upload_a_portrait_and_none_is_shown(client: Client, media: Path) -> None:
    user = staff_member()
    client.force_login(user)
    account = client.get("/admin/account/")
    assert account.status_code == 200
    assert 'type="file"' not in account.content.decode()
    UserProfile.get_for_user(user).avatar.save("alt.png", SimpleUploadedFile("alt.png", picture("PNG")))
    start = client.get("/admin/").content.decode()
    assert "default-user-avatar" in start
    assert "avatar_images" not in start


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"PK"), ("a.csv", b"/a,/b\n" * 200_000)])
def test_redirects_are_read_from_small_text_files_only(name: str, content: bytes, client: Client) -> None:
    client.force_login(staff_member())
    address = "/admin/redirects/import/"
    answer = client.post(address, {"import_file": SimpleUploadedFile(name, content)}, follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "höchstens 1,0" in answer.content.decode()
    small = SimpleUploadedFile("a.csv", b"from,to\n/a,/b\n")
    assert "/b" in client.post(address, {"import_file": small}).content.decode()
    assert not Redirect.objects.exists()
