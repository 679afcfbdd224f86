"""Which kinds of files there are: how each is recognised, and as what it is handed out.

Which of them may be uploaded says the setting UPLOAD_KINDS. A kind that is not here is never taken.
"""

from collections.abc import Callable
from dataclasses import dataclass

from projects.uploads.archives import check_ooxml, check_open_document, check_zip
from projects.uploads.content import Content
from projects.uploads.old_office import check_old_office
from projects.uploads.texts import check_json, check_text, check_xml

# What a browser would run or draw if it were told the truth: it is told nothing, and saves the file.
OPAQUE = "application/octet-stream"
ODF = "application/vnd.oasis.opendocument"
OOXML = "application/vnd.openxmlformats-officedocument"
# SQLite keeps at this place what a database is for; GeoPackage writes its own letters there (OGC 12-128r18, 1.1.1.1.1).
APPLICATION_ID = slice(68, 70)
GEOPACKAGE = b"GP"
# Readers of PDF look for its head within so many bytes (PDF Reference 1.7, H.3, note 13): scanners and mail programs
# leave lines before it.
PDF_HEAD, PDF_HEAD_BYTES = b"%PDF-", 1024


@dataclass(frozen=True)
class Kind:
    """`check` raises UnfitError if the content is something else; `media_type` is what a browser is told."""

    check: Callable[[Content], None]
    media_type: str


def check_signature(content: Content) -> None:
    if content.signature != content.ending:
        raise content.misnamed()


def check_pdf(content: Content) -> None:
    if content.signature not in {"", "pdf"} or PDF_HEAD not in content.raw[:PDF_HEAD_BYTES]:
        raise content.misnamed()


def check_geopackage(content: Content) -> None:
    if content.signature != "sqlite" or content.raw[APPLICATION_ID] != GEOPACKAGE:
        raise content.misnamed()


KINDS: dict[str, Kind] = {
    "bpmn": Kind(check_xml, OPAQUE),
    "csv": Kind(check_text, "text/csv"),
    "dmn": Kind(check_xml, OPAQUE),
    "doc": Kind(check_old_office, "application/msword"),
    "docm": Kind(check_ooxml, "application/vnd.ms-word.document.macroEnabled.12"),
    "docx": Kind(check_ooxml, f"{OOXML}.wordprocessingml.document"),
    "geojson": Kind(check_json, "application/geo+json"),
    "gpkg": Kind(check_geopackage, "application/geopackage+sqlite3"),
    "htm": Kind(check_text, OPAQUE),
    "html": Kind(check_text, OPAQUE),
    "json": Kind(check_json, "application/json"),
    "md": Kind(check_text, "text/plain"),
    "mp4": Kind(check_signature, "video/mp4"),
    "odg": Kind(check_open_document, f"{ODF}.graphics"),
    "odp": Kind(check_open_document, f"{ODF}.presentation"),
    "ods": Kind(check_open_document, f"{ODF}.spreadsheet"),
    "odt": Kind(check_open_document, f"{ODF}.text"),
    "pdf": Kind(check_pdf, "application/pdf"),
    "ppt": Kind(check_old_office, "application/vnd.ms-powerpoint"),
    "pptm": Kind(check_ooxml, "application/vnd.ms-powerpoint.presentation.macroEnabled.12"),
    "pptx": Kind(check_ooxml, f"{OOXML}.presentationml.presentation"),
    "rtf": Kind(check_signature, "application/rtf"),
    "svg": Kind(check_xml, OPAQUE),
    "txt": Kind(check_text, "text/plain"),
    "vtt": Kind(check_text, "text/vtt"),
    "webm": Kind(check_signature, "video/webm"),
    "xls": Kind(check_old_office, "application/vnd.ms-excel"),
    "xlsm": Kind(check_ooxml, "application/vnd.ms-excel.sheet.macroEnabled.12"),
    "xlsx": Kind(check_ooxml, f"{OOXML}.spreadsheetml.sheet"),
    "xml": Kind(check_xml, OPAQUE),
    "yaml": Kind(check_text, "text/plain"),
    "yml": Kind(check_text, "text/plain"),
    "zip": Kind(check_zip, "application/zip"),
}


# Formats that exist for macros only; there are more than those we could look into.
WITH_MACROS = {"docm", "dotm", "pptm", "ppsm", "potm", "xlsm", "xltm", "xlsb", "xla", "xlam"}


def media_type(ending: str) -> str:
    """What a browser is told about a file with that ending."""
    kind = KINDS.get(ending.lower())
    return kind.media_type if kind else OPAQUE


def check(content: Content) -> None:
    """Raises UnfitError if the content is not of the kind its name says, or of a kind nobody can recognise."""
    kind = KINDS.get(content.ending)
    if kind is None or not content.raw:
        raise content.damaged()
    kind.check(content)
