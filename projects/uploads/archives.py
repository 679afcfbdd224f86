"""Formats that are ZIP archives: office documents are opened and looked into, for their type and for macros."""

import zipfile
import zlib
from pathlib import PurePosixPath

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.conf import settings
from django.utils.translation import gettext as _

from projects.uploads.content import Content, UnfitError

# Real annexes have some hundred parts; an archive beyond these figures is made to fill disks of those who unpack it.
MEMBERS_MAX = 10_000
UNPACKED_MAX_BYTES = 1024 * 1024 * 1024
# A part that we unpack ourselves to read it.
PART_MAX_BYTES = 1024 * 1024
IS_ENCRYPTED = 0x1  # bit 0 of a member's flags (APPNOTE 4.4.4)

# OpenDocument (ISO/IEC 26300, part 2): the archive's first member says what it is.
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OPEN_DOCUMENT_TYPES = {"odt": "text", "ods": "spreadsheet", "odp": "presentation", "odg": "graphics"}
# Lists of macro libraries, which an office program may write although there are no macros.
MACRO_LISTS = {"script-lc.xml", "script-lb.xml"}

# Office Open XML (ECMA-376): what the main part is, for documents without and with macros.
OOXML_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "pptm": "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
}
CONTENT_TYPES = "[Content_Types].xml"


def refuse_macros() -> None:
    """Raises UnfitError unless UPLOAD_MACROS allows them."""
    if not settings.UPLOAD_MACROS:
        raise UnfitError(_("The file contains macros. Save it without them, or as a PDF."))


def check_zip(content: Content) -> None:
    _open(content).close()


def check_open_document(content: Content) -> None:
    with _open(content) as archive:
        first = archive.infolist()[0]
        if first.filename != "mimetype":
            raise content.misnamed()
        if _part(archive, "mimetype", content) != f"{OPEN_DOCUMENT}{OPEN_DOCUMENT_TYPES[content.ending]}".encode():
            raise content.misnamed()
        if any(_is_open_document_macro(name) for name in archive.namelist()):
            refuse_macros()


def check_ooxml(content: Content) -> None:
    with _open(content) as archive:
        if CONTENT_TYPES not in archive.namelist():
            raise content.misnamed()
        try:
            declared = fromstring(_part(archive, CONTENT_TYPES, content))
        except (ParseError, DefusedXmlException) as error:
            raise content.misnamed() from error
        types = {element.get("ContentType", "") for element in declared.iter()}
        if OOXML_TYPES[content.ending] not in types:
            raise content.misnamed()
        has_macro_type = any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types)
        if has_macro_type or any(_is_ooxml_macro(name) for name in archive.namelist()):
            refuse_macros()


def _is_open_document_macro(name: str) -> bool:
    folder, *rest = PurePosixPath(name).parts or ("",)
    if name.endswith("/") or not rest:
        return False
    return folder == "Scripts" or (folder == "Basic" and rest[-1] not in MACRO_LISTS)


def _is_ooxml_macro(name: str) -> bool:
    """Visual Basic, or the sheets of Excel 4 that run."""
    path = PurePosixPath(name.lower())
    return path.name == "vbaproject.bin" or "macrosheets" in path.parts


def _open(content: Content) -> zipfile.ZipFile:
    """The archive, if it can be unpacked without harm. Raises UnfitError."""
    try:
        archive = zipfile.ZipFile(content.stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise content.misnamed() from error
    members = archive.infolist()
    if not members:
        raise content.misnamed()
    if len(members) > MEMBERS_MAX or sum(member.file_size for member in members) > UNPACKED_MAX_BYTES:
        raise UnfitError(_("The archive is too large when it is unpacked."))
    if any(member.flag_bits & IS_ENCRYPTED for member in members):
        raise UnfitError(_("The archive is protected by a password, so nobody can check it. Save it without."))
    if any(_leads_out(member.filename) for member in members):
        raise UnfitError(_("The archive would write files outside of its folder."))
    return archive


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts


def _part(archive: zipfile.ZipFile, name: str, content: Content) -> bytes:
    """One part of the archive, if it is as small as it has to be."""
    try:
        with archive.open(name) as part:
            raw = part.read(PART_MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise content.misnamed() from error
    if len(raw) > PART_MAX_BYTES:
        raise content.misnamed()
    return raw
