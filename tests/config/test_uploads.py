"""Whoever sends files fills no disk, not even for a moment."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from projects.models import BodyDocument
from tests.factories import staff_member

LIMIT = 200_000
CHUNK = 64 * 1024


@pytest.mark.parametrize("size", [LIMIT, LIMIT + 1, 4_000_000])
def test_no_more_of_a_file_is_kept_than_could_be_stored(size: int, settings: Any, rf: RequestFactory) -> None:
    settings.UPLOAD_MAX_BYTES = LIMIT
    request = rf.post("/", {"file": SimpleUploadedFile("a.txt", b"a" * size)})
    kept: Any = request.FILES["file"]
    assert len(kept.read()) == kept.size
    assert min(size, LIMIT + 1) <= kept.size <= LIMIT + CHUNK


@pytest.mark.django_db
def test_file_of_which_only_a_part_is_kept_is_refused_as_too_large(client: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = LIMIT
    client.force_login(staff_member())
    upload = SimpleUploadedFile("a.txt", b"a" * 4_000_000)
    answer = client.post("/admin/documents/add/", {"title": "Akte", "collection": "1", "file": upload})
    assert answer.status_code == 200
    assert "Zu groß" in answer.content.decode()
    assert not BodyDocument.objects.exists()


@pytest.mark.django_db
def test_request_with_a_heap_of_files_is_refused(client: Client) -> None:
    files = {f"file{number}": SimpleUploadedFile("a.txt", b"a") for number in range(11)}
    assert client.post("/barriere-melden/", files).status_code == 400
