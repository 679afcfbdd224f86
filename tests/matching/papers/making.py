"""Makes files of the formats that are read out of a plain text: a table where columns are two spaces apart."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.sax.saxutils import escape

import typst

from projects.uploads.archives import OOXML_TYPES

Block = list[list[str]]
# Signs of a line that runs on.
FULL_LINE = 66
COLUMN = re.compile(r" {2,}")
TYPST = '#set page(margin: 22mm, numbering: "1")\n#set text(lang: "de", size: 11pt)\n#set par(justify: true)\n'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Override PartName="/word/document.xml" ContentType="{OOXML_TYPES["docx"]}"/></Types>'
)


def blocks(text: str) -> Iterator[Block]:
    """Paragraphs (a list of lines of one cell) and tables (lines of several)."""
    gathered: Block = []
    for row in [*text.split("\n"), ""]:
        cells = [cell for cell in COLUMN.split(row.strip()) if cell]
        if row.startswith("   ") and gathered:
            cells = ["", *cells]
        is_table = bool(gathered) and max(map(len, gathered)) > 1
        if gathered and (not cells or (is_table != (len(cells) > 1))):
            yield gathered
            gathered = []
        if cells:
            gathered.append(cells)


def pdf(text: str) -> bytes:
    source = TYPST
    for block in blocks(text):
        width = max(map(len, block))
        if width > 1:
            cells = ", ".join(f'"{_quoted(cell)}"' for row in block for cell in [*row, *[""] * (width - len(row))])
            source += f"#table(columns: {width}, {cells})\n\n"
        else:
            lines = " + linebreak() + ".join(f'"{_quoted(row[0])}"' for row in _lines(block))
            source += f"#({lines})\n\n"
    return bytes(typst.compile(source.encode()))


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _lines(block: Block) -> Block:
    """What runs on from a full line belongs to its paragraph; short lines stay lines of their own."""
    found: Block = []
    is_full = False
    for (text,) in block:
        if is_full:
            found[-1] = [f"{found[-1][0]} {text}"]
        else:
            found.append([text])
        is_full = len(text) > FULL_LINE and text[-1] not in ".:"
    return found


def docx(text: str) -> bytes:
    body = ""
    for block in blocks(text):
        if max(map(len, block)) > 1:
            body += "<w:tbl>" + "".join(_word_row(row) for row in block) + "</w:tbl>"
        else:
            body += "".join(_word(row[0]) for row in _lines(block))
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return packed({"[Content_Types].xml": TYPES, "word/document.xml": document})


def _word(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _word_row(row: list[str]) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{_word(cell)}</w:tc>" for cell in row) + "</w:tr>"


def odt(text: str) -> bytes:
    body = ""
    for block in blocks(text):
        if max(map(len, block)) > 1:
            rows = ("".join(f"<table:table-cell>{_open(cell)}</table:table-cell>" for cell in row) for row in block)
            body += f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"
        else:
            body += "".join(_open(row[0]) for row in _lines(block))
    return opened(f"<office:body><office:text>{body}</office:text></office:body>")


def _open(text: str) -> str:
    return f"<text:p>{escape(text)}</text:p>"


def opened(body: str) -> bytes:
    """An OpenDocument text with this body."""
    names = {"office": "office", "text": "text", "table": "table", "draw": "drawing"}
    spaces = " ".join(f'xmlns:{prefix}="{OPEN}:{name}:1.0"' for prefix, name in names.items())
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    return packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def packed(parts: dict[str, str]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()
