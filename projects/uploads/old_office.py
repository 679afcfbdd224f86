"""Office documents of before 2007: compound files (MS-CFB), looked into for their type and for macros."""

import struct

import olefile

from projects.uploads.content import Content, password_protected, refuse_macros

# The stream that each kind has; Excel 95 calls its own “Book”.
STREAMS = {"doc": ("WordDocument",), "xls": ("Workbook", "Book"), "ppt": ("PowerPoint Document",)}
# Where Visual Basic is kept, whatever folder it stands in (MS-OVBA 2.2).
MACRO_STORAGES = {"vba", "_vba_project", "_vba_project_cur"}
# Presentations keep it inside their one stream: head of the atom, a number, then 1 if there are macros (MS-PPT 2.4.11).
PRESENTATION_MACROS = struct.pack("<HHL", 0x0002, 0x0400, 12)
# Records of a workbook: two bytes of type, two of length (MS-XLS 2.4.28); a sheet of type 1 is one that runs.
SHEET_RECORD, MACRO_SHEET = 0x0085, 0x01
# Protected by a password, where everything after this record cannot be read.
PASSWORD_RECORD = 0x002F
# The stream in which a document of today is kept that has a password (MS-OFFCRYPTO 2.3.4.4).
ENCRYPTED_PACKAGE = "EncryptedPackage"
DAMAGES = (OSError, ValueError, OverflowError, RecursionError, IndexError, KeyError, TypeError, struct.error)


def is_compound(content: Content) -> bool:
    return content.raw.startswith(olefile.MAGIC)


def old_kind(content: Content) -> str:
    """The ending that a compound file of this content has; empty for others. Raises UnfitError for damage, passwords.

    Documents of today with a password are kept in such a file, too.
    """
    try:
        with olefile.OleFileIO(content.raw) as ole:
            if ole.exists(ENCRYPTED_PACKAGE):
                raise password_protected()
            return next((ending for ending in STREAMS if _main_stream(ole, ending)), "")
    except DAMAGES as error:
        raise content.damaged() from error


def check_old_office(content: Content) -> None:
    if not is_compound(content):
        raise content.misnamed()
    if (found := old_kind(content)) != content.ending:
        raise content.misnamed(found)
    try:
        with olefile.OleFileIO(content.raw) as ole:
            has_macros = _has_macros(ole, content.ending, _main_stream(ole, content.ending))
    except DAMAGES as error:
        raise content.damaged() from error
    if has_macros:
        refuse_macros()


def _main_stream(ole: olefile.OleFileIO, ending: str) -> str:
    """The stream that makes it a document of that kind; empty if there is none."""
    return next((name for name in STREAMS[ending] if ole.exists(name)), "")


def _has_macros(ole: olefile.OleFileIO, ending: str, name: str) -> bool:
    parts = {part.lower() for path in ole.listdir(streams=True, storages=True) for part in path}
    if parts & MACRO_STORAGES:
        return True
    if ending == "ppt":
        return _presentation_has_macros(ole.openstream(name).read())
    return ending == "xls" and _workbook_has_macro_sheet(ole.openstream(name).read())


def _presentation_has_macros(stream: bytes) -> bool:
    found = stream.find(PRESENTATION_MACROS)
    while found >= 0:
        flag = stream[found + 12 : found + 16]
        if len(flag) == 4 and struct.unpack("<L", flag)[0] == 1:
            return True
        found = stream.find(PRESENTATION_MACROS, found + 1)
    return False


def _workbook_has_macro_sheet(stream: bytes) -> bool:
    position = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        if kind == PASSWORD_RECORD:
            raise password_protected()
        if kind == SHEET_RECORD and stream[position + 9 : position + 10] == bytes([MACRO_SHEET]):
            return True
        position += 4 + length
    return False
