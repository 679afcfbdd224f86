"""A real scanner looks at every file; while it is away nothing new becomes public."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form

from people.operations.jobs import run_due
from projects.checks import check_scanner_address, check_scanner_is_there
from projects.models import BodyDocument, Picture
from projects.models.scanned import ScanState
from projects.uploads import scanner, scanning
from projects.uploads.scanner import ScannerError, Verdict
from tests.conftest import skip_or_fail
from tests.factories import BodyPageFactory, ProjectPageFactory, artefact, coordinator_of, editor_of
from tests.projects.office_files import PDF, archive, picture
from tests.virus_scanner import FINDING, HARM, Clamd, program, running_scanner

pytestmark = [pytest.mark.django_db, pytest.mark.process, pytest.mark.usefixtures("media", "wagtail_indexes")]

HARMFUL = PDF + HARM
NOBODY = "tcp://127.0.0.1:9"


@pytest.fixture(scope="module")
def scanner_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    if program() is None:
        skip_or_fail("clamd is missing (Debian: clamav-daemon)")
    with running_scanner(tmp_path_factory.mktemp("clamd")) as clamd:
        yield clamd


@pytest.fixture
def clamd(scanner_process: Clamd, settings: Any) -> Clamd:
    settings.CLAMD_URL = scanner_process.url
    return scanner_process


@pytest.fixture
def away(settings: Any) -> None:
    settings.CLAMD_URL = NOBODY


def form_for(raw: bytes, **fields: str) -> Any:
    data = {"title": "Unterlage", "collection": "1", **fields}
    return get_document_form(BodyDocument)(data, {"file": SimpleUploadedFile("lv.pdf", raw)})


def uploaded(raw: bytes = PDF) -> BodyDocument:
    form = form_for(raw)
    assert form.is_valid(), form.errors
    stored: BodyDocument = form.save()
    return BodyDocument.objects.get(pk=stored.pk)


def uploaded_picture() -> Picture:
    upload = SimpleUploadedFile("a.png", picture("PNG"))
    form = get_image_form(Picture)({"title": "Bild", "collection": "1"}, {"file": upload})
    assert form.is_valid(), form.errors
    stored: Picture = form.save()
    return stored


def state(document: BodyDocument) -> ScanState:
    return BodyDocument.objects.get(pk=document.pk).scan_state


def public(document: BodyDocument, client: Client) -> bool:
    """True if a visitor gets the file; a published project refers to it."""
    ProjectPageFactory(children={"artefacts": [artefact(file=document)]})
    return client.get(document.url).status_code == 200


# --- what the scanner says --------------------------------------------------------------------------------------------


def test_scanner_tells_harm_from_none(clamd: Clamd) -> None:
    assert scanner.scan(BytesIO(PDF)) == Verdict()
    assert scanner.scan(BytesIO(HARMFUL)) == Verdict(FINDING)
    assert scanner.version().startswith("ClamAV")


def test_scanner_looks_into_archives(clamd: Clamd) -> None:
    assert not scanner.scan(BytesIO(archive({"a/b.txt": HARM}))).is_clean


def test_file_too_large_for_the_scanner_counts_as_not_scanned(clamd: Clamd) -> None:
    with pytest.raises(ScannerError):
        scanner.scan(BytesIO(b"x" * 3_000_000))


@pytest.mark.parametrize("url", [NOBODY, "unix:///nowhere/clamd.sock", "tcp://", "http://localhost", "unix://host/a"])
def test_scanner_that_is_away_or_misnamed_gives_no_verdict(url: str, settings: Any) -> None:
    settings.CLAMD_URL = url
    with pytest.raises(ScannerError):
        scanner.scan(BytesIO(PDF))


def test_misnamed_scanner_is_told_at_start(settings: Any) -> None:
    for url, is_right in (("", True), ("tcp://clamd:3310", True), ("unix:///run/c", True), ("clamd:3310", False)):
        settings.CLAMD_URL = url
        assert (check_scanner_address(None) == []) is is_right, url
    settings.CLAMD_URL = ""
    assert [message.id for message in check_scanner_is_there(None)] == ["projects.W001"]


# --- uploads ----------------------------------------------------------------------------------------------------------


def test_clean_file_is_stored_as_checked(clamd: Clamd, client: Client) -> None:
    document = uploaded()
    assert document.scan_state == ScanState.CLEAN
    assert public(document, client)


def test_harmful_file_is_not_stored_and_named(clamd: Clamd) -> None:
    form = form_for(HARMFUL)
    assert not form.is_valid()
    assert FINDING in form.errors["file"][0]
    assert not BodyDocument.objects.exists()


def test_harmful_picture_is_not_stored_although_drawing_it_anew_would_clean_it(clamd: Clamd) -> None:
    upload = SimpleUploadedFile("a.png", picture("PNG") + HARM)
    form = get_image_form(Picture)({"title": "Bild", "collection": "1"}, {"file": upload})
    assert "file" in form.errors


def test_without_a_scanner_files_are_stored_unchecked_and_served(client: Client) -> None:
    document = uploaded(HARMFUL)
    assert document.scan_state == ScanState.UNCHECKED
    assert public(document, client)


def test_file_waits_while_the_scanner_is_away_and_only_its_own_people_get_it(settings: Any, client: Client) -> None:
    document = uploaded()
    body = BodyPageFactory()
    document.collection = body.team.collection
    document.save()
    ProjectPageFactory(parent=body, children={"artefacts": [artefact(file=document)]})
    assert client.get(document.url).status_code == 200
    settings.CLAMD_URL = NOBODY
    assert state(document) == ScanState.WAITING
    assert client.get(document.url).status_code == 404
    client.force_login(editor_of(body))
    assert client.get(document.url).status_code == 200


def test_what_was_stored_before_there_was_a_scanner_is_held_back_until_it_is_checked(
    scanner_process: Clamd, settings: Any, client: Client
) -> None:
    document = uploaded()
    assert public(document, client)
    settings.CLAMD_URL = scanner_process.url
    assert client.get(document.url).status_code == 404
    scanning.scan_due()
    assert client.get(document.url).status_code == 200


def test_picture_that_waits_is_not_drawn(away: None) -> None:
    image = uploaded_picture()
    for draw in (lambda: image.get_rendition("width-20"), lambda: image.get_renditions("width-20", "width-30")):
        with pytest.raises(OSError, match="waiting"):
            draw()


def test_replaced_file_has_no_verdict_until_it_is_checked_itself(clamd: Clamd, settings: Any) -> None:
    document = uploaded()
    settings.CLAMD_URL = NOBODY
    form = get_document_form(BodyDocument)(
        {"title": "Neu", "collection": "1"}, {"file": SimpleUploadedFile("lv.pdf", HARMFUL)}, instance=document
    )
    assert form.is_valid()
    form.save()
    assert state(document) == ScanState.WAITING


def test_file_that_is_replaced_by_code_has_no_verdict(clamd: Clamd) -> None:
    document = uploaded()
    document.file.delete(save=False)
    document.file.save("lv.pdf", ContentFile(HARMFUL))
    assert state(document) == ScanState.WAITING


def test_changing_the_title_keeps_the_verdict(clamd: Clamd, settings: Any) -> None:
    document = uploaded()
    settings.CLAMD_URL = NOBODY
    form = get_document_form(BodyDocument)({"title": "Neu", "collection": "1"}, {}, instance=document)
    form.save()
    assert state(document) == ScanState.CLEAN


# --- the worker -------------------------------------------------------------------------------------------------------


def test_worker_checks_what_waits_and_tells_whoever_uploaded_harm(
    away: None, scanner_process: Clamd, settings: Any, client: Client
) -> None:
    body = BodyPageFactory()
    person, coordinator = editor_of(body), coordinator_of(body)
    clean, harmful = uploaded(), uploaded(HARMFUL)
    BodyDocument.objects.filter(pk=harmful.pk).update(collection=body.team.collection, uploaded_by_user=person)
    run_due()
    assert {state(clean), state(harmful)} == {ScanState.WAITING}
    settings.CLAMD_URL = scanner_process.url
    done = scanning.scan_due()
    assert (done.clean, done.infected, done.waiting) == (1, 1, 0)
    assert (state(clean), state(harmful)) == (ScanState.CLEAN, ScanState.INFECTED)
    told = {address for letter in mail.outbox for address in letter.to}
    assert told == {person.email, coordinator.email}
    assert FINDING in mail.outbox[0].body
    assert f"/admin/dateien/pruefung/document/{harmful.pk}/" in mail.outbox[0].body


def test_letter_about_harm_is_written_once(away: None, scanner_process: Clamd, settings: Any) -> None:
    uploaded(HARMFUL)
    BodyDocument.objects.update(uploaded_by_user=editor_of(BodyPageFactory()))
    settings.CLAMD_URL = scanner_process.url
    scanning.scan_due()
    scanning.scan_due(everything=True)
    assert len(mail.outbox) == 1


def test_nobody_gets_a_file_in_which_harm_was_found(
    away: None, scanner_process: Clamd, settings: Any, client: Client, admin_user: Any
) -> None:
    document = uploaded(HARMFUL)
    settings.CLAMD_URL = scanner_process.url
    scanning.scan_due()
    client.force_login(admin_user)
    for url in (scanner_process.url, ""):
        settings.CLAMD_URL = url
        assert client.get(document.url).status_code == 404


def test_resized_copies_of_a_harmful_picture_are_removed(
    client: Client, clamd: Clamd, django_capture_on_commit_callbacks: Any
) -> None:
    image = uploaded_picture()
    url = image.get_rendition("width-20").url
    assert client.get(url).status_code == 200
    with image.file.storage.open(str(image.file.name), "wb") as file:
        file.write(picture("PNG") + HARM)
    with django_capture_on_commit_callbacks(execute=True):
        scanning.scan_stored(image)
    assert client.get(url).status_code == 404


def test_scanner_is_asked_again_after_the_time_that_is_set(clamd: Clamd, settings: Any) -> None:
    document = uploaded()
    with document.file.storage.open(str(document.file.name), "wb") as file:
        file.write(HARMFUL)
    scanning.scan_due()
    assert state(document) == ScanState.CLEAN
    BodyDocument.objects.update(scanned_at=timezone.now() - timedelta(days=settings.UPLOAD_RESCAN_DAYS + 1))
    scanning.scan_due()
    assert state(document) == ScanState.INFECTED


def test_missing_file_does_not_stop_the_worker(away: None, scanner_process: Clamd, settings: Any) -> None:
    gone, there = uploaded(), uploaded()
    gone.file.storage.delete(str(gone.file.name))
    settings.CLAMD_URL = scanner_process.url
    done = scanning.scan_due()
    assert (done.missing, done.clean) == (1, 1)
    assert state(there) == ScanState.CLEAN


def test_command_says_how_many_and_fails_while_any_is_not_clean(
    scanner_process: Clamd, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match="CLAMD_URL"):
        call_command("scan_files")
    uploaded()
    settings.CLAMD_URL = scanner_process.url
    call_command("scan_files")
    assert "1 clean" in capsys.readouterr().out
    settings.CLAMD_URL = NOBODY
    uploaded()
    with pytest.raises(CommandError):
        call_command("scan_files", "--all")
    assert scanning.figures() == {"unknown": 1, "clean": 1, "infected": 0}
