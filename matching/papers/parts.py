"""Lines → the head of a paper and its parts, each with the heading it stands under and the page it begins on."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from matching.papers.labels import BODY, Kind, Label, label_of
from matching.papers.lines import Cell, Line, join

# Lines at the upper and lower edge of a page that may be repeated on others.
EDGE = 3
DIGITS = re.compile(r"\d+")
PAGE_MARK = re.compile(
    r"(?:ausdruck|stand|druck)\s*(?:vom)?:?\s*[\d.]+.*|seite\s*:?\s*\d+(?:\s*(?:von|/)\s*\d+)?"
    r"|[-–]\s*\d+\s*[-–]",
    re.I,
)
SALUTATION = re.compile(r"(?:sehr geehrte|liebe kolleg|guten tag|werte )", re.IGNORECASE)
GREETING = re.compile(
    r"mit (?:freundlichen?|besten|kollegialen) gr(?:ü|ue)(?:ß|ss)|hochachtungsvoll|gez\.", re.IGNORECASE
)
# A value goes on in the next line although that looks like a paragraph of its own.
GOES_ON = re.compile(
    r"(?:[,–-]|\b(?:und|oder|sowie|der|die|das|des|dem|den|für|im|in|zur|zum|von|vom|mit|eine?[rsmn]?|auf|an|bei|über"
    r"|nach|aus|durch|als))$"
)
LEADS = re.compile(
    r".{0,100}\b(?:beschließen|beschließt|beschlossen|folgenden Beschluss|beantrag\w+)\b.{0,30}:", re.IGNORECASE
)
# Longer paragraphs are no prose of a paper: what is beyond is not looked through.
PARAGRAPH_MAX_LENGTH = 20_000
FURTHER = re.compile(r"hier\s*:", re.IGNORECASE)


@dataclass
class Part:
    """What stands under one heading; `heading` is empty where a letter has none."""

    kind: Kind
    heading: str
    page: int | None
    lines: list[Line] = field(default_factory=list)

    @property
    def paragraphs(self) -> Iterator[list[Line]]:
        """Its lines by paragraph; a row of a table is one as well."""
        gathered: list[Line] = []
        for line in self.lines:
            if gathered and _begins_paragraph(gathered[-1], line):
                yield gathered
                gathered = []
            gathered.append(line)
        if gathered:
            yield gathered


@dataclass(frozen=True)
class Value:
    """What stands behind a label of the head."""

    label: Label
    text: str
    page: int | None


@dataclass(frozen=True)
class Parts:
    """A paper taken apart: the head's lines, the labelled values anywhere, and the parts of its text."""

    head: list[Line]
    values: list[Value]
    parts: list[Part]
    lines: list[Line]

    def of(self, *kinds: Kind) -> list[Part]:
        return [part for part in self.parts if part.kind in kinds]

    def named(self, kind: Kind) -> list[Value]:
        return [value for value in self.values if value.label.kind == kind and value.text]


def take_apart(lines: Sequence[Line]) -> Parts:
    lines = without_edges(lines)
    parts: list[Part] = []
    head: list[Line] = []
    for line in lines:
        label = _heading(line) or _leads_to_proposal(line, parts[-1] if parts else None)
        if label:
            parts.append(Part(label.kind, label.printed, line.page, _rest(line, label)))
        elif SALUTATION.match(line.text):
            parts.append(Part(Kind.REASONS, "", line.page, [line]))
        elif parts:
            parts[-1].lines.append(line)
        else:
            head.append(line)
    return Parts(head, list(_values(lines)), parts, lines)


def without_edges(lines: Sequence[Line]) -> list[Line]:
    """Without what is printed on the edge of each page, and without numbers of pages."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        if line.page is not None:
            pages.setdefault(line.page, []).append(line)
    edges = Counter(
        text for page in pages.values() for text in {_without_digits(line) for line in [*page[:EDGE], *page[-EDGE:]]}
    )
    repeated = {text for text, count in edges.items() if count > 1 and count >= len(pages) / 2}
    at_edge = {id(line) for page in pages.values() for line in [*page[:EDGE], *page[-EDGE:]]}
    return [
        line
        for line in lines
        if not (id(line) in at_edge and _without_digits(line) in repeated and not _is_first_label(line))
        and not all(PAGE_MARK.fullmatch(cell.text) for cell in line.cells)
    ]


def _is_first_label(line: Line) -> bool:
    """Forms repeat themselves on each page; what they say once must stay."""
    label = label_of(line.cells[0].text)
    return label is not None and bool(label.rest)


def _without_digits(line: Line) -> str:
    return DIGITS.sub("#", line.text)


def _begins_paragraph(above: Line, line: Line) -> bool:
    """Not at the top of a page on which a sentence of the last one goes on."""
    if above.page != line.page and above.text[-1] not in ".:!?":
        return False
    return line.is_apart or len(line.cells) > 1 or len(above.cells) > 1


def _heading(line: Line) -> Label | None:
    """The heading of a part of the text that this line is or begins with."""
    if GREETING.match(line.text):
        return Label(Kind.END, "", "")
    label = label_of(line.cells[0].text, is_apart=line.is_apart)
    if label is None or label.kind not in BODY:
        return None
    # A table of costs has labels of its own; its rows are no parts, whatever they are called.
    is_row = len(line.cells) > 1 and label.kind == Kind.OTHER
    return None if is_row else label


def _leads_to_proposal(line: Line, within: Part | None) -> Label | None:
    """“Der Landtag wolle beschließen:” on a line of its own, where no heading says it."""
    is_free = within is None or not within.heading
    if is_free and line.is_apart and LEADS.fullmatch(line.text):
        return Label(Kind.PROPOSAL, line.text.rstrip(": "), "")
    return None


def _rest(line: Line, label: Label) -> list[Line]:
    """What stands behind the heading on its line."""
    cells = ((Cell(label.rest, line.cells[0].left),) if label.rest else ()) + line.cells[1:]
    return [Line(cells, line.page, True)] if cells else []


# --- labels of the head -----------------------------------------------------------------------------------------------


def _values(lines: Sequence[Line]) -> Iterator[Value]:
    for number, line in enumerate(lines):
        for place, cell in enumerate(line.cells):
            label = label_of(cell.text, is_apart=line.is_apart or len(line.cells) > 1)
            if label and label.kind not in BODY and not SALUTATION.match(cell.text):
                text = join(_texts(lines, number, place, label))
                yield Value(label, text, line.page)


def _texts(lines: Sequence[Line], number: int, place: int, label: Label) -> list[str]:
    """The value: behind the label, in the next cell or below it, as far as it goes on."""
    line = lines[number]
    texts, left = ([label.rest], line.cells[place].left) if label.rest else ([], line.cells[place].left)
    if not texts and place + 1 < len(line.cells):
        # Beside a label stands its value, or another label: then the values stand below both.
        beside = line.cells[place + 1]
        if not label_of(beside.text):
            texts, left = [beside.text], beside.left
    for below in lines[number + 1 :]:
        found = _continuation(below, left, line.cells[place].left, texts)
        if found is None:
            break
        texts.append(found)
    return texts


def _continuation(below: Line, left: float, label_left: float, texts: list[str]) -> str | None:
    """What a line adds to a value that began above; None if it is no longer part of it."""
    cell = below.column(left)
    if cell is None and len(below.cells) == 1 and below.cells[0].left >= label_left - 1:
        cell = below.cells[0]
    if cell is None or (
        _begins_anew(below, cell) and not (texts and GOES_ON.search(texts[-1]) and ":" not in cell.text)
    ):
        return None
    if texts and below.is_apart and not (GOES_ON.search(texts[-1]) or FURTHER.match(cell.text)):
        return None
    return cell.text


def _begins_anew(line: Line, cell: Cell) -> bool:
    return bool(
        label_of(cell.text, is_apart=line.is_apart)
        or (cell is not line.cells[0] and label_of(line.cells[0].text, is_apart=line.is_apart))
        or SALUTATION.match(cell.text)
        or GREETING.match(cell.text)
    )


def sentences_of(part: Part) -> Iterable[tuple[str, int | None]]:
    """Its paragraphs as whole text, each with the page it begins on."""
    for paragraph in part.paragraphs:
        yield join(line.text for line in paragraph)[:PARAGRAPH_MAX_LENGTH], paragraph[0].page
