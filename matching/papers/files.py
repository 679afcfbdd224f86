"""A file or pasted text → the lines of a paper. What a file costs is limited before it is opened, whatever is in it."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File

from matching.papers.failures import Failure, UnreadableError
from matching.papers.lines import Cell, Line
from matching.papers.office import read_docx, read_odt
from matching.papers.pdf import read_pdf
from projects.files.forms import verdict_about
from projects.uploads import content, kinds
from projects.uploads.content import UnfitError
from projects.uploads.texts import decode

ENDINGS = ("pdf", "docx", "odt", "txt")
# Some 200 pages.
CHARACTERS_MAX = 600_000
# In plain text, two spaces or a tabulator part the columns of a table.
COLUMN_GAP = re.compile(r" {2,}|\t\s*")
# Of the width of a sign in plain text, so that columns are told apart as in the other formats.
SIGN_WIDTH = 6.0


def read_lines(upload: File, ending: str) -> list[Line]:
    """What stands in a file whose name has this ending. Raises UnreadableError."""
    if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise UnreadableError(Failure.TOO_LARGE)
    found = content.read(upload, ending)
    if not found.raw.strip():
        raise UnreadableError(Failure.EMPTY)
    if ending not in ENDINGS:
        raise UnreadableError(Failure.UNSUPPORTED)
    _check(found)
    lines = _opened(found)
    if not lines:
        raise UnreadableError(Failure.EMPTY)
    if sum(len(line.text) for line in lines) > CHARACTERS_MAX:
        raise UnreadableError(Failure.TOO_LARGE)
    return lines


def _check(found: content.Content) -> None:
    """As any upload is looked into. Raises UnreadableError, with the sentence of whatever refused it."""
    try:
        kinds.check(found)
    except UnfitError as error:
        failure = Failure(error.code) if error.code in set(Failure) else Failure.BROKEN
        raise UnreadableError(failure, "" if failure == Failure.ENCRYPTED else error.messages[0]) from error
    try:
        verdict_about(found)
    except ValidationError as error:
        raise UnreadableError(Failure.HARMFUL) from error


def _opened(found: content.Content) -> list[Line]:
    if found.ending == "pdf":
        return read_pdf(found.raw, CHARACTERS_MAX)
    if found.ending == "docx":
        return read_docx(found.raw)
    if found.ending == "odt":
        return read_odt(found.raw)
    return read_text(decode(found))


def read_text(text: str) -> list[Line]:
    """Plain text, pasted or from a file; form feeds part its pages if there are any. Raises UnreadableError."""
    if len(text) > CHARACTERS_MAX:
        raise UnreadableError(Failure.TOO_LARGE)
    lines = []
    has_pages = "\f" in text.strip()
    for number, page in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\f"), 1):
        is_apart = True
        for row in page.split("\n"):
            cells = _columns(row.replace("\xa0", " "))
            if cells:
                lines.append(Line(cells, number if has_pages else None, is_apart))
            is_apart = not cells
    return lines


def _columns(row: str) -> tuple[Cell, ...]:
    cells, start = [], 0
    for gap in [*COLUMN_GAP.finditer(row), None]:
        end = gap.start() if gap else len(row)
        if text := row[start:end].strip():
            cells.append(Cell(text, SIGN_WIDTH * start))
        start = gap.end() if gap else end
    return tuple(cells)
