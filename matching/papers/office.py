"""DOCX and ODT → lines: the main part of the archive, paragraph by paragraph, tables row by row.

Their XML is read with defusedxml, after `projects.uploads` has looked into the archive, and never more of it than
PART_MAX_BYTES. Must not follow links, load pictures or run anything.
"""

import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import zip_longest
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from matching.papers.failures import Failure, UnreadableError
from matching.papers.lines import Cell, Line
from projects.uploads.archives import DAMAGES, PACKED_WITH

# The text of 200 pages with all its marks; unpacked as a tree it takes ten times as much memory for a moment.
PART_MAX_BYTES = 8 * 1024 * 1024
DEPTH_MAX = 40
COLUMN = 1_000.0
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWN = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}image",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
TEXT, TABLE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}", "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
PARAGRAPHS = {f"{WORD}p", f"{TEXT}p", f"{TEXT}h"}
TABLES, ROWS = {f"{WORD}tbl", f"{TABLE}table"}, {f"{WORD}tr", f"{TABLE}table-row"}
CELLS = {f"{WORD}tc", f"{TABLE}table-cell"}
# What is struck out, said twice for older programs, or no text of the paper.
LEFT_OUT = {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    f"{WORD}del",
    f"{WORD}moveFrom",
    f"{WORD}instrText",
    f"{WORD}pPr",
    f"{TEXT}tracked-changes",
    f"{TEXT}note",
    f"{OFFICE}annotation",
    f"{OFFICE}forms",
}
# Elements that stand for a sign; a line break and a tabulator are told apart afterwards.
SIGNS = {
    f"{WORD}br": "\n",
    f"{WORD}cr": "\n",
    f"{WORD}tab": "\t",
    f"{WORD}noBreakHyphen": "-",
    f"{TEXT}line-break": "\n",
    f"{TEXT}tab": "\t",
    f"{TEXT}s": " ",
}


def read_docx(raw: bytes) -> list[Line]:
    """Raises UnreadableError."""
    return _read(raw, "word/document.xml", f"{WORD}body")


def read_odt(raw: bytes) -> list[Line]:
    """Raises UnreadableError."""
    return _read(raw, "content.xml", f"{OFFICE}text")


def _read(raw: bytes, part: str, body: str) -> list[Line]:
    try:
        root = fromstring(_part(raw, part), forbid_dtd=True)
    except (ParseError, DefusedXmlException, *DAMAGES) as error:
        raise UnreadableError(Failure.BROKEN) from error
    content = root.find(f".//{body}")
    if content is None:
        raise UnreadableError(Failure.BROKEN)
    lines = list(_lines(content, 0))
    if not lines and any(root.find(f".//{tag}") is not None for tag in DRAWN):
        raise UnreadableError(Failure.NO_TEXT)
    return lines


def _part(raw: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        try:
            member = archive.getinfo(name)
        except KeyError as error:
            raise UnreadableError(Failure.BROKEN) from error
        if member.compress_type not in PACKED_WITH:
            raise UnreadableError(Failure.BROKEN)
        with archive.open(member) as part:
            content = part.read(PART_MAX_BYTES + 1)
    if len(content) > PART_MAX_BYTES:
        raise UnreadableError(Failure.TOO_LARGE)
    return content


def _lines(element: Any, depth: int) -> Iterator[Line]:
    """The paragraphs and tables within an element, in their order."""
    if depth > DEPTH_MAX:
        raise UnreadableError(Failure.TOO_LARGE)
    for child in element:
        if child.tag in LEFT_OUT:
            continue
        if child.tag in TABLES:
            yield from _table(child, depth + 1)
        elif child.tag in PARAGRAPHS:
            yield from _paragraph(child)
            yield from _boxes(child, depth + 1)
        else:
            yield from _lines(child, depth + 1)


def _boxes(paragraph: Any, depth: int) -> Iterator[Line]:
    """Text boxes hang on a paragraph, with paragraphs of their own."""
    for child in paragraph:
        if child.tag not in LEFT_OUT and child.tag not in SIGNS:
            yield from _lines(child, depth + 1)


def _paragraph(paragraph: Any) -> Iterator[Line]:
    for number, row in enumerate("".join(_signs(paragraph, 0)).split("\n")):
        cells = tuple(
            Cell(" ".join(text.split()), COLUMN * place) for place, text in enumerate(row.split("\t")) if text.strip()
        )
        if cells:
            yield Line(cells, is_apart=number == 0)


def _signs(element: Any, depth: int) -> Iterator[str]:
    if depth > DEPTH_MAX:
        raise UnreadableError(Failure.TOO_LARGE)
    # Others have text as well that is none of the paper: where a picture stands, what it shows.
    is_open_document = element.tag.startswith(TEXT)
    if is_open_document or element.tag == f"{WORD}t":
        yield (element.text or "").replace("\n", " ")
    for child in element:
        if child.tag in SIGNS:
            yield SIGNS[child.tag]
        elif child.tag not in LEFT_OUT and child.tag not in PARAGRAPHS:
            yield from _signs(child, depth + 1)
        if is_open_document:
            yield (child.tail or "").replace("\n", " ")


def _table(table: Any, depth: int) -> Iterator[Line]:
    for row in _within(table, ROWS, depth):
        columns = [list(_lines(cell, depth + 1)) for cell in _within(row, CELLS, depth)]
        for number, beside in enumerate(zip_longest(*columns)):
            cells = tuple(Cell(line.text, COLUMN * place) for place, line in enumerate(beside) if line is not None)
            yield Line(cells, is_apart=number == 0)


def _within(element: Any, tags: set[str], depth: int) -> Iterable[Any]:
    """Elements with these tags, also behind wrappers such as header rows, but none within one another."""
    if depth > DEPTH_MAX:
        raise UnreadableError(Failure.TOO_LARGE)
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag not in TABLES and child.tag not in PARAGRAPHS and child.tag not in LEFT_OUT:
            yield from _within(child, tags, depth + 1)
