"""Reads the text of a PDF in a process of its own, which may be killed: bytes on stdin, JSON on stdout.

Run by `pdf`. Must not import the project: what a hostile file does to this process ends with it. Prints
{"error": code or null, "lines": [[page, is_apart, [[text, left], …]], …]}.
"""

import contextlib
import json
import sys
from collections import Counter
from ctypes import byref, c_double
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

MEMORY_BYTES = 1024 * 1024 * 1024
# A gap this wide (in heights of the letters) parts two cells. A narrower one does if it is at least of the second width
# and stands out: spaces of justified lines are as wide, but all alike.
CELL_GAP, NARROW_GAP = 1.4, 0.65
STANDS_OUT, STRETCHED = 2.2, 1.4
# Words whose base lines differ by less (in heights of the letters) stand on one line.
SAME_LINE = 0.45
# A distance between lines that is larger than the usual one by so much begins a paragraph.
PARAGRAPH = 1.25
# Distances of lines in heights of their letters, and which share of the lines has to have one.
LEAST_PITCH, SINGLE_SPACED, OFTEN = 0.8, 1.25, 0.08
# A line that ends so far to the right, as a share of the longest, is one behind which a paragraph may go on.
FULL = 0.8
# What PDFium puts in the place of a hyphen behind which a word goes on in the next line; and of what has no sign.
END_OF_LINE_HYPHENS, NO_SIGNS = {0x2, 0xFFFE}, {0x0, 0xFFFF}

Word = tuple[float, float, float, float, str]  # base line, left, right, height, text


def main(seconds: int, pages_max: int, characters_max: int) -> dict[str, Any]:
    limit(seconds)
    try:
        document = pdfium.PdfDocument(sys.stdin.buffer.read())
    except pdfium.PdfiumError as error:
        return {"error": "encrypted" if error.err_code == raw.FPDF_ERR_PASSWORD else "broken"}
    if len(document) > pages_max:
        return {"error": "too_many_pages"}
    lines: list[Any] = []
    size, is_drawn = 0, False
    for number in range(len(document)):
        try:
            page = document[number]
            is_drawn = is_drawn or raw.FPDFPage_CountObjects(page) > 0
            found = lines_of(page)
        except pdfium.PdfiumError:
            return {"error": "broken"}
        size += sum(len(text) for _apart, cells in found for text, _left in cells)
        if size > characters_max:
            return {"error": "too_large"}
        lines += [(number + 1, is_apart, cells) for is_apart, cells in found]
        page.close()
    if not lines:
        return {"error": "no_text" if is_drawn else "empty"}
    return {"error": None, "lines": lines}


def limit(seconds: int) -> None:
    """Where the system knows such limits; whoever waits for this process has one more."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def lines_of(page: Any) -> list[tuple[bool, list[tuple[str, float]]]]:
    text_page = page.get_textpage()
    if raw.FPDFPage_GetRotation(page):
        rows = [row.strip() for row in text_page.get_text_range().splitlines()]
        return [(False, [(row, 0.0)]) for row in rows if row]
    rows = rows_of(words_of(text_page))
    height = usual([row[0][3] for row in rows])
    pitch = pitch_of(rows, height)
    space = usual([gap for row in rows for gap in gaps(row)])
    found, above = [], None
    for row in rows:
        # Lines of a title in larger letters stand further apart without being paragraphs.
        gap = PARAGRAPH * pitch * max(1.0, row[0][3] / height)
        found.append((above is None or above - row[0][0] > gap, cells_of(row, space)))
        above = row[0][0]
    return found


def words_of(text_page: Any) -> list[Word]:
    words: list[Word] = []
    first, text = 0, ""
    count = raw.FPDFText_CountChars(text_page)
    for index in range(count + 1):
        code = raw.FPDFText_GetUnicode(text_page, index) if index < count else 32
        is_broken = code in END_OF_LINE_HYPHENS
        sign = "-" if is_broken else chr(code) if code not in NO_SIGNS else " "
        if not sign.isspace():
            first, text = (first if text else index), text + sign
        if text and (is_broken or sign.isspace()):
            words.append(word(text_page, first, index if is_broken else index - 1, text))
            text = ""
    return words


def word(text_page: Any, first: int, last: int, text: str) -> Word:
    x, y, box, end = c_double(), c_double(), raw.FS_RECTF(), raw.FS_RECTF()
    raw.FPDFText_GetCharOrigin(text_page, first, byref(x), byref(y))
    raw.FPDFText_GetLooseCharBox(text_page, first, byref(box))
    raw.FPDFText_GetLooseCharBox(text_page, last, byref(end))
    height = raw.FPDFText_GetFontSize(text_page, first) if box.top == box.bottom else abs(box.top - box.bottom)
    return (y.value, box.left, end.right, max(height, 1.0), text)


def rows_of(words: list[Word]) -> list[list[Word]]:
    """From the top, each from the left."""
    rows: list[list[Word]] = []
    for each in sorted(words, key=lambda word: -word[0]):
        if rows and rows[-1][0][0] - each[0] <= SAME_LINE * rows[-1][0][3]:
            rows[-1].append(each)
        else:
            rows.append([each])
    return [sorted(row, key=lambda word: word[1]) for row in rows]


def gaps(row: list[Word]) -> list[float]:
    return [right[1] - left[2] for left, right in pairwise(row)]


def cells_of(row: list[Word], space: float) -> list[tuple[str, float]]:
    """`space`: the usual gap of words on the page."""
    stands_out = STANDS_OUT * min(middle(gaps(row)), STRETCHED * space)
    cells: list[list[Any]] = []
    for _base, left, right, height, text in row:
        gap = left - cells[-1][2] if cells else 0.0
        if cells and gap <= max(min(CELL_GAP * height, stands_out), NARROW_GAP * height):
            cells[-1][0] += f" {text}" if gap > 0 or cells[-1][0][-1] != "-" else text
            cells[-1][2] = max(right, cells[-1][2])
        else:
            cells.append([text, left, right])
    return [(text, round(left, 1)) for text, left, _right in cells]


def middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.0


def usual(values: list[float]) -> float:
    """The value of most of them."""
    most = Counter(round(value, 1) for value in values if value > 0).most_common(1)
    return most[0][0] if most else 1.0


def pitch_of(rows: list[list[Word]], height: float) -> float:
    """The distance of lines within a paragraph: the smallest that is no exception, below lines that are full."""
    full = FULL * max((row[-1][2] for row in rows), default=0.0)
    pairs = pairwise(rows)
    distances = [round(above[0][0] - row[0][0], 1) for above, row in pairs if above[-1][2] >= full]
    counted = Counter(distance for distance in distances if distance >= LEAST_PITCH * height)
    often = [distance for distance, count in counted.items() if count >= OFTEN * len(distances)]
    return min(often, default=SINGLE_SPACED * height)


if __name__ == "__main__":
    json.dump(main(*(int(value) for value in sys.argv[1:4])), sys.stdout)
