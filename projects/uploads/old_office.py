"""Office documents of before 2007: compound files (MS-CFB), looked into for their type and for macros."""

import struct

import olefile
from django.utils.translation import gettext as _

from projects.uploads.archives import refuse_macros
from projects.uploads.content import Content, UnfitError

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
DAMAGES = (OSError, ValueError, IndexError, KeyError, TypeError, struct.error, UnicodeError)


def check_old_office(content: Content) -> None:
    if not content.raw.startswith(olefile.MAGIC):
        raise content.misnamed()
    try:
        with olefile.OleFileIO(content.raw) as ole:
            name = next((name for name in STREAMS[content.ending] if ole.exists(name)), None)
            if name is None:
                raise content.misnamed()
            has_macros = _has_macros(ole, content.ending, name)
    except DAMAGES as error:
        raise content.misnamed() from error
    if has_macros:
        refuse_macros()


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
            raise UnfitError(_("The file is protected by a password, so nobody can check it. Save it without."))
        if kind == SHEET_RECORD and stream[position + 9 : position + 10] == bytes([MACRO_SHEET]):
            return True
        position += 4 + length
    return False
