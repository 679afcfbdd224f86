"""Files as offices have them are taken, whatever program wrote them; what is refused is refused for its true reason."""

import pytest
from django.test import Client

from projects.uploads import texts
from tests.factories import administrator
from tests.projects import office_files as files
from tests.projects.test_upload_kinds import form_for, is_taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

ODT_TYPE = "application/vnd.oasis.opendocument.text"
SVG_DOCTYPE = (
    b'<?xml version="1.0" standalone="no"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
    b'"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg xmlns="http://www.w3.org/2000/svg"/>'
)
ORDINARY = {
    "table of the BMDV": ("csv", "BMDV-Förderung;Betrag\r\n1;10.000\r\n".encode("cp1252")),
    "notes about the BMI": ("md", "BMI und Länder".encode()),
    "table of measuring cells": ("csv", b"MZ;Messzelle\n1;2\n"),
    "text about a method ID3": ("txt", b"ID3-Verfahren\n"),
    "text that begins with BZh": ("txt", b"BZh 3 ist das Zeichen der Akte.\n"),
    "text that begins with PK": ("txt", b"PK und Fortbildung\n"),
    "text that begins with FWS": ("txt", b"FWS Feuerwehrschule\n"),
    "text that TeX looks at first": ("txt", b"%!TEX root = haupt.tex\n"),
    "JSON with a byte order mark": ("json", b'\xef\xbb\xbf{"BM": 1}'),
    "table of Excel as Unicode": ("csv", "Straße\tHöhe\n".encode("utf-16")),
    "text of DOS with its sign at the end": ("txt", b"Gr\x81\xe1e\r\n\x1a"),
    "text of Word with breaks within a paragraph": ("txt", b"Erste Zeile\x0bzweite Zeile"),
    "PDF after lines of a mail": ("pdf", b"Content-Type: application/pdf\r\n\r\n" + files.PDF),
    "PDF after a blank": ("pdf", b" " + files.PDF),
    "PDF with a byte order mark": ("pdf", b"\xef\xbb\xbf" + files.PDF),
    "odt of Word": ("odt", files.archive({"content.xml": "<a/>", "mimetype": ODT_TYPE})),
    "odt packed with a line feed": ("odt", files.archive({"content.xml": "<a/>", "mimetype": f"{ODT_TYPE}\n"})),
    "SVG with the doctype of the W3C": ("svg", SVG_DOCTYPE),
    "XML with a DTD elsewhere": ("xml", b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "a.dtd"><a/>'),
    "XML in the encoding of offices": ("xml", '<?xml version="1.0" encoding="windows-1252"?><a>ä</a>'.encode("cp1252")),
    "XML in UTF-16": ("xml", '<?xml version="1.0" encoding="UTF-16"?><a>ä</a>'.encode("utf-16")),
}
# What the message has to say in each case, beside the ending.
REFUSED = {
    "PDF called docx": ("docx", files.PDF, ".pdf"),
    "PDF called txt": ("txt", files.PDF, ".pdf"),
    "program called csv": ("csv", files.EXECUTABLE, ".exe"),
    "rtf called doc": ("doc", files.RTF, ".rtf"),
    "xlsx called docx": ("docx", files.ooxml("xlsx"), ".xlsx"),
    "xlsx called odt": ("odt", files.ooxml("xlsx"), ".xlsx"),
    "ods called odt": ("odt", files.open_document("ods"), ".ods"),
    "xls called doc": ("doc", files.compound({"Workbook": b"x"}), ".xls"),
    "old document called docx": ("docx", files.compound({"WordDocument": b"x"}), ".doc"),
    "docx with a password": ("docx", files.compound({"EncryptedPackage": b"x"}), "Passwort"),
    "xlsx with a password, called xls": ("xls", files.compound({"EncryptedPackage": b"x"}), "Passwort"),
    "odt with a password": (
        "odt",
        files.open_document("odt", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        "Passwort",
    ),
    "docx cut off": ("docx", files.ooxml("docx")[:-30], "beschädigt"),
    "docx that is a docm": ("docx", files.ooxml("docm"), "Makros"),
    "docm": ("docm", files.ooxml("docm"), "Makros"),
    "xlsb": ("xlsb", b"x", "Makros"),
    "photograph": ("jpg", files.picture("JPEG"), "Bilder"),
    "calendar": ("ics", b"BEGIN:VCALENDAR", ".ics"),
    "XML with an entity": ("xml", files.ENTITIES, "Entität „b“"),
    "JSON with a comment": ("json", b'{\n// nein\n"a": 1}', "Zeile 2"),
    "XML that is not closed": ("xml", b"<a>\n<b>\n</a>", "Zeile 3"),
    "text with a zero": ("txt", b"BM\nGutachten zur Anlage\x00", "Zeile 2"),
}


@pytest.mark.parametrize(("ending", "raw"), ORDINARY.values(), ids=list(ORDINARY))
def test_ordinary_file_is_taken(ending: str, raw: bytes) -> None:
    assert form_for(f"datei.{ending}", raw).errors == {}


@pytest.mark.parametrize(("ending", "raw", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_reason_is_the_true_one(ending: str, raw: bytes, reason: str) -> None:
    (error,) = form_for(f"datei.{ending}", raw).errors["file"]
    assert reason in error


def test_name_may_have_umlauts_of_two_signs_and_capital_letters(client: Client) -> None:
    """As macOS writes them."""
    form = form_for("U\u0308bersicht Ma\u0308rz.PDF", files.PDF)
    assert form.errors == {}
    document = form.save()  # type: ignore[attr-defined]
    client.force_login(administrator())
    answer = client.get(document.url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")


def test_json_too_large_to_be_read_is_looked_at_from_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "JSON_READ_MAX_BYTES", 4)
    assert is_taken("datei.json", b' {"a": 1}\n')
    assert not is_taken("datei.json", b'{"a": 1]')
    assert not is_taken("datei.json", b"kein JSON")
