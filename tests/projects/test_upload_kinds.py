"""What is stored is what its name says: every kind is looked into, and macros stay outside."""

import struct
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form

from projects.checks import check_upload_kinds
from projects.models import BodyDocument, Picture
from projects.uploads import archives, kinds, pictures, scanner
from projects.uploads.scanner import Verdict
from tests.projects import office_files as files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

GENUINE = {
    "bpmn": files.BPMN,
    "csv": "Straße;Höhe\r\nHauptstraße;3".encode("cp1252"),
    "dmn": b"<definitions/>",
    "doc": files.compound({"WordDocument": b"Text"}),
    "docx": files.ooxml("docx"),
    "geojson": files.geojson(),
    "gpkg": files.geopackage(),
    "json": b'{"a": 1}',
    "md": "# Überschrift".encode(),
    "mp4": files.MP4,
    "odg": files.open_document("odg"),
    "odp": files.open_document("odp"),
    "ods": files.open_document("ods"),
    "odt": files.open_document("odt", **{"Basic/script-lc.xml": "<a/>"}),
    "pdf": files.PDF,
    "ppt": files.compound({"PowerPoint Document": b"Folie"}),
    "pptx": files.ooxml("pptx"),
    "rtf": files.RTF,
    "svg": files.SVG,
    "txt": "Größe".encode("utf-16"),
    "vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\nHallo",
    "webm": files.WEBM,
    "xls": files.compound({"Workbook": files.workbook(0, 0)}),
    "xlsx": files.ooxml("xlsx"),
    "xml": b'<?xml version="1.0"?><a xmlns="urn:b"/>',
    "yaml": b"a: 1\n",
    "yml": b"a: 1\n",
    "zip": files.archive({"a.txt": "a"}),
}
WITH_MACROS = {
    "docx with Visual Basic": ("docx", files.ooxml("docx", {"word/vbaProject.bin": "x"})),
    "xlsx with sheets that run": ("xlsx", files.ooxml("xlsx", {"xl/macrosheets/sheet1.xml": "<a/>"})),
    "odt with Basic": ("odt", files.open_document("odt", **{"Basic/Standard/Module1.xml": "<a/>"})),
    "ods with Python": ("ods", files.open_document("ods", **{"Scripts/python/a.py": "pass"})),
    "doc with Visual Basic": ("doc", files.compound({"WordDocument": b"x"}, ("Macros", "VBA"))),
    "xls with Visual Basic": ("xls", files.compound({"Workbook": files.workbook(0)}, ("_VBA_PROJECT_CUR",))),
    "xls with sheets that run": ("xls", files.compound({"Workbook": files.workbook(0, 1)})),
    "ppt with Visual Basic": ("ppt", files.compound({"PowerPoint Document": files.presentation_macros()})),
}


def form_for(name: str, raw: bytes) -> BaseForm:
    """The upload form of the admin, filled in."""
    form: BaseForm = get_document_form(BodyDocument)(
        {"title": "Titel", "collection": "1"}, {"file": SimpleUploadedFile(name, raw)}
    )
    return form


def is_taken(name: str, raw: bytes) -> bool:
    return form_for(name, raw).is_valid()


def test_every_kind_that_may_be_uploaded_is_tried_here(settings: Any) -> None:
    assert set(settings.UPLOAD_KINDS) == set(GENUINE)


@pytest.mark.parametrize("ending", GENUINE)
def test_genuine_file_is_taken(ending: str) -> None:
    assert form_for(f"datei.{ending}", GENUINE[ending]).errors == {}
    assert is_taken(f"DATEI.{ending.upper()}", GENUINE[ending])


@pytest.mark.parametrize("ending", GENUINE)
def test_program_is_refused_under_whatever_name(ending: str) -> None:
    assert not is_taken(f"datei.{ending}", files.EXECUTABLE)


@pytest.mark.parametrize("ending", sorted(set(GENUINE) - {"zip"}))
def test_office_document_is_refused_under_another_name(ending: str) -> None:
    """Also as another office document: .docx, .xlsx and .pptx, and .odt, .ods and .odp, all are archives."""
    others = {"docx": GENUINE["xlsx"], "odt": GENUINE["ods"], "doc": GENUINE["xls"]}
    assert not is_taken(f"datei.{ending}", others.get(ending, GENUINE["docx"]))


@pytest.mark.parametrize(("ending", "raw"), WITH_MACROS.values(), ids=list(WITH_MACROS))
def test_macros_are_refused_unless_allowed(ending: str, raw: bytes, settings: Any) -> None:
    assert not is_taken(f"datei.{ending}", raw)
    settings.UPLOAD_MACROS = True
    assert is_taken(f"datei.{ending}", raw)


def test_kind_for_macros_needs_both_settings(settings: Any) -> None:
    raw = files.ooxml("docm")
    assert not is_taken("datei.docm", raw)
    settings.UPLOAD_KINDS = settings.WAGTAILDOCS_EXTENSIONS = ["docm"]
    assert not is_taken("datei.docm", raw)
    settings.UPLOAD_MACROS = True
    assert is_taken("datei.docm", raw)


def test_kind_is_refused_once_it_is_not_in_the_setting(settings: Any) -> None:
    settings.UPLOAD_KINDS = settings.WAGTAILDOCS_EXTENSIONS = ["pdf"]
    assert is_taken("datei.pdf", files.PDF)
    assert not is_taken("datei.odt", GENUINE["odt"])


def test_archive_whose_list_of_members_would_fill_memory_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = files.archive({"a": "a", "b": "b"})
    monkeypatch.setattr(archives, "MEMBERS_MAX", 1)
    monkeypatch.delattr(archives.zipfile, "ZipFile")
    assert not is_taken("datei.zip", raw)


def test_kind_nobody_can_recognise_is_told_at_start(settings: Any) -> None:
    assert check_upload_kinds(None) == []
    settings.UPLOAD_KINDS = ["pdf", "exe"]
    (error,) = check_upload_kinds(None)
    assert "exe" in str(error.msg)


@pytest.mark.parametrize("name", ["datei.exe", "datei.html", "datei.pdf.js", "datei", ".pdf"])
def test_other_kinds_are_refused(name: str) -> None:
    assert not is_taken(name, files.PDF)


@pytest.mark.parametrize(
    ("ending", "raw"),
    [
        ("xml", files.ENTITIES),
        ("svg", files.ENTITIES),
        ("xml", b"<a>"),
        ("svg", b"<html/>"),
        ("bpmn", b"<svg/>"),
        ("json", b"{"),
        ("json", b"[" * 100_000),
        ("txt", b"a\x00b"),
        ("zip", files.archive({})),
        ("zip", files.archive({"../a": "a"})),
        ("zip", files.archive({"/a": "a"})),
        ("zip", files.archive({"..\\a": "a"})),
        ("zip", b"PK\x03\x04" + bytes(40)),
        ("docx", files.archive({"[Content_Types].xml": "no"})),
        ("odt", files.archive({"content.xml": "a", "mimetype": "text/plain"})),
        ("doc", files.compound({"WordDocument": b"x"})[:700]),
        ("gpkg", b"SQLite format 3\x00" + bytes(84)),
        ("pdf", b""),
    ],
)
def test_trap_or_damage_is_refused(ending: str, raw: bytes) -> None:
    assert not is_taken(f"datei.{ending}", raw)


def test_archive_that_would_fill_a_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = files.archive({"a": "a" * 2000, "b": "b"})
    assert is_taken("datei.zip", raw)
    monkeypatch.setattr(archives, "UNPACKED_MAX_BYTES", 1000)
    assert not is_taken("datei.zip", raw)
    monkeypatch.undo()
    monkeypatch.setattr(archives, "MEMBERS_MAX", 1)
    assert not is_taken("datei.zip", raw)


def test_archive_whose_names_cannot_be_read_is_refused() -> None:
    """Bit 11 of the flags says that the name is UTF-8 (APPNOTE 4.4.4); the member's own head says another one."""
    raw = bytearray(files.ooxml("docx"))
    raw[7] |= 8
    raw[raw.index(b"PK\x01\x02") + 9] |= 8
    raw[30] = 0xFF
    assert not is_taken("datei.docx", bytes(raw))


def test_archive_with_a_password_is_refused() -> None:
    """Bit 0 of the flags, in the member's own head and in the list at the end."""
    raw = bytearray(files.archive({"a.txt": "a"}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert not is_taken("datei.zip", bytes(raw))


def test_old_workbook_with_a_password_is_refused() -> None:
    stream = files.workbook() + b"\x2f\x00\x04\x00\x01\x00\x01\x00" + files.workbook(0)
    assert not is_taken("datei.xls", files.compound({"Workbook": stream}))


def test_old_workbook_with_lengths_beyond_all_numbers_is_refused() -> None:
    """Small streams stand in sectors of 2 to the power of 110 bytes (MS-CFB 2.2 and 2.6)."""
    raw = bytearray(files.compound({"Workbook": files.workbook(0)}))
    top, book = (raw.index(name.encode("utf-16-le")) for name in ("Root Entry", "Workbook"))
    struct.pack_into("<H", raw, 32, 110)
    struct.pack_into("<LL", raw, 60, 2, 1)
    struct.pack_into("<LQ", raw, top + 116, 2, 4096)
    struct.pack_into("<LQ", raw, book + 116, 0, 100)
    assert not is_taken("datei.xls", bytes(raw))


@pytest.mark.parametrize("ending", ["svg", "html", "htm", "xml", "bpmn", "dmn", "unbekannt"])
def test_what_could_run_in_a_browser_is_given_no_type(ending: str) -> None:
    assert kinds.media_type(ending) == "application/octet-stream"


def test_no_type_that_is_told_can_run() -> None:
    told = {kind.media_type for kind in kinds.KINDS.values()}
    assert not {kind for kind in told if "html" in kind or "svg" in kind or "script" in kind or kind.endswith("xml")}


def test_what_the_scanner_finds_harmful_is_neither_opened_nor_drawn(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    monkeypatch.setattr(scanner, "scan", lambda stream: Verdict("Fund"))
    for opener, name in ((kinds, "check"), (pictures, "redraw")):
        monkeypatch.setattr(opener, name, lambda *sent: pytest.fail("it was opened"))
    archive = SimpleUploadedFile("a.zip", files.archive({"a.txt": "a"}))
    drawn = SimpleUploadedFile("a.png", files.picture("PNG"))
    fields = {"title": "Unterlage", "collection": "1"}
    for form in (
        get_document_form(BodyDocument)(fields, {"file": archive}),
        get_image_form(Picture)(fields, {"file": drawn}),
    ):
        assert "Fund" in form.errors["file"][0]
