"""Formats that are ZIP archives: office documents are opened and looked into, for their type and for macros."""

import zipfile
import zlib
from pathlib import PurePosixPath

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

from projects.uploads.content import TOO_LARGE, Content, UnfitError, password_protected, refuse_macros
from projects.uploads.old_office import is_compound, old_kind

# Real annexes have some hundred parts; an archive beyond these figures is made to fill disks of those who unpack it.
# Members are counted before the list of them is read, with those of archives within: the list itself may fill memory.
MEMBERS_MAX = 10_000
MEMBER = b"PK\x01\x02"  # with which each entry of that list begins (APPNOTE 4.3.12)
UNPACKED_MAX_BYTES = 1024 * 1024 * 1024
# A part that we unpack ourselves to read it.
PART_MAX_BYTES = 2 * 1024 * 1024
# What is raised for damaged files; they may lead anywhere.
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError, NotImplementedError)
IS_ENCRYPTED = 0x1  # bit 0 of a member's flags (APPNOTE 4.4.4)

# What office formats are packed with; anything else would let a part of some bytes ask for gigabytes.
PACKED_WITH = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

# OpenDocument (ISO/IEC 26300, part 2): a member says what it is. It should be the first one; Microsoft Word, and
# whoever packs the file again, puts it elsewhere.
MIMETYPE = "mimetype"
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
# Documents as well, but made to be begun from, or to be shown: programs mind the difference.
OTHER_OOXML_TYPES = {
    "dotx": "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "xltx": "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "potx": "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml",
    "ppsx": "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
}
# Names in a package do not know small and capital letters (ECMA-376, part 2, 6.2.2.3).
CONTENT_TYPES = "[content_types].xml"
# What the manifest of an OpenDocument says of each part that is encrypted (part 2, 4.5).
ENCRYPTION_DATA = b"encryption-data"


def check_zip(content: Content) -> None:
    _open(content).close()


def check_open_document(content: Content) -> None:
    with _open(content) as archive:
        if (found := _office_kind(archive, content)) != content.ending:
            raise content.misnamed(found or "zip")
        if ENCRYPTION_DATA in _part(archive, "META-INF/manifest.xml", content):
            raise password_protected()
        if any(_is_open_document_macro(name) for name in archive.namelist()):
            refuse_macros()


def check_ooxml(content: Content) -> None:
    if is_compound(content):  # where documents with a password are, and those of before 2007
        raise content.misnamed(old_kind(content))
    with _open(content) as archive:
        types = _declared_types(archive, content)
        has_macro_type = any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types)
        if has_macro_type or any(_is_ooxml_macro(name) for name in archive.namelist()):
            refuse_macros()
        if OOXML_TYPES[content.ending] not in types:
            raise content.misnamed(_office_kind(archive, content) or "zip")


def _office_kind(archive: zipfile.ZipFile, content: Content) -> str:
    """The ending that an office document of this content has; empty for other archives."""
    says = _part(archive, MIMETYPE, content).strip().decode("ascii", "replace")
    types = _declared_types(archive, content)
    kinds = {
        **{ending: f"{OPEN_DOCUMENT}{kind}" == says for ending, kind in OPEN_DOCUMENT_TYPES.items()},
        **{ending: kind in types for ending, kind in {**OOXML_TYPES, **OTHER_OOXML_TYPES}.items()},
    }
    return next((ending for ending, is_so in kinds.items() if is_so), "")


def _declared_types(archive: zipfile.ZipFile, content: Content) -> set[str]:
    """What an Office Open XML document says of its parts; nothing for other archives."""
    if not (raw := _part(archive, CONTENT_TYPES, content)):
        return set()
    try:
        return {element.get("ContentType", "") for element in fromstring(raw).iter()}
    except (ParseError, DefusedXmlException) as error:
        raise content.damaged() from error


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
    too_large = UnfitError(_("The archive is too large when it is unpacked. Link to it instead."), TOO_LARGE)
    if content.raw.count(MEMBER) > MEMBERS_MAX:
        raise too_large
    try:
        archive = zipfile.ZipFile(content.stream)
    except DAMAGES as error:
        raise _damaged(content) from error
    members = archive.infolist()
    if not members:
        raise _damaged(content)
    if sum(member.file_size for member in members) > UNPACKED_MAX_BYTES:
        raise too_large
    if any(member.flag_bits & IS_ENCRYPTED for member in members):
        raise password_protected()
    if any(_leads_out(member.filename) for member in members):
        raise UnfitError(_("The archive would write files outside of its folder."))
    return archive


def _damaged(content: Content) -> UnfitError:
    """The error to raise for what cannot be opened: an office document is an archive, to say so would help nobody."""
    return content.damaged() if content.signature == "zip" else content.misnamed()


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts


def _part(archive: zipfile.ZipFile, name: str, content: Content) -> bytes:
    """One part of the archive, if it is as small as it has to be; empty if there is none."""
    member = next((one for one in archive.infolist() if one.filename.lower() == name.lower()), None)
    if member is None:
        return b""
    if member.compress_type not in PACKED_WITH:
        raise content.damaged()
    try:
        with archive.open(member) as part:
            raw = part.read(PART_MAX_BYTES + 1)
    except DAMAGES as error:
        raise content.damaged() from error
    if len(raw) > PART_MAX_BYTES:
        raise content.damaged()
    return raw
