"""A record as a PDF for the files: tagged (PDF/UA-1) and for keeping (PDF/A-2a), in German whoever asks."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from matching.models import CheckRecord
from matching.records.sheet import sheet

TEMPLATE = Path(__file__).with_name("record.typ")
STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
# Stands for characters none of the built-in fonts has: both standards forbid to print them as empty boxes.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# The built-in fonts have all letters of European languages; texts with others are tried.
SURELY_PRINTABLE = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) | set("–—„“”‚‘’…€\n")
TRIED = b"""
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))
#set document(title: "-")
#sys.inputs.text
"""
# So many different signs of a record are tried one by one, some milliseconds each; what comes after them is replaced.
MOST_SIGNS = 200
# What goes on for longer is cut on paper. No form takes as much, and krilla 0.8 panics at 65,535 bytes without a break.
MOST_LETTERS = 10_000


def pdf(record: CheckRecord) -> bytes:
    """The file; the same bytes for the same record, within seconds whatever stands in it."""
    with translation.override(settings.LANGUAGE_CODE):
        content = asdict(sheet(record)) | {
            "publisher": settings.WAGTAIL_SITE_NAME,
            # The document fills in the numbers, which only it knows.
            "page": _("Page %(number)s of %(total)s") % {"number": "{number}", "total": "{total}"},
            "why": _("Why it is similar:"),
            "confirm": _("Whether this record was issued here can be checked at"),
            "replaced": "",
        }
        timestamp = int(record.issued_at.timestamp())
        try:
            return _compiled(_noted(_each_text(content, Signs().printable)), timestamp)
        except typst.TypstError:
            # A sign that the bold face lacks, or something no try foresaw: what European languages write is printed.
            return _compiled(_noted(_each_text(content, surely_printable)), timestamp)


def _noted(content: dict[str, Any]) -> dict[str, Any]:
    """With a sentence about the signs that were replaced, if there are any."""
    if REPLACEMENT in str(content):
        note = _("Characters the fonts of this file do not have stand as %(sign)s.")
        content["replaced"] = note % {"sign": REPLACEMENT}
    return content


def _compiled(content: dict[str, Any], timestamp: int) -> bytes:
    """Raises typst.TypstError."""
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, ignore_system_fonts=True)
    made = compiler.compile(
        format="pdf",
        pdf_standards=STANDARDS,
        sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)},
        timestamp=timestamp,
    )
    return cast(bytes, made)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """A copy of the value with every text changed, at any depth; texts that are too long are cut before."""
    if isinstance(value, str):
        return change(value if len(value) <= MOST_LETTERS else f"{value[:MOST_LETTERS]} …")
    if isinstance(value, dict):
        return {key: _each_text(one, change) for key, one in value.items()}
    return [_each_text(one, change) for one in value] if isinstance(value, list | tuple) else value


def surely_printable(text: str) -> str:
    """The text with REPLACEMENT for all that European languages do not write."""
    return "".join(sign if sign in SURELY_PRINTABLE else REPLACEMENT for sign in text)


class Signs:
    """Which signs of one record have a glyph: asked of typst, which names no more than the first that has none."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(TRIED, ignore_system_fonts=True)
        self._found: dict[str, bool] = {}

    def printable(self, text: str) -> str:
        """The text with REPLACEMENT for what cannot be printed."""
        if SURELY_PRINTABLE.issuperset(text) or self._prints(text):
            return text
        found = "".join(sign if self._has_glyph(sign) else REPLACEMENT for sign in text)
        # Each sign may have its glyph and two that stand on each other none, as no font has both.
        return found if self._prints(found) else surely_printable(text)

    def _has_glyph(self, sign: str) -> bool:
        if sign in SURELY_PRINTABLE:
            return True
        if sign not in self._found and len(self._found) < MOST_SIGNS:
            self._found[sign] = self._prints(sign)
        return self._found.get(sign, False)

    def _prints(self, text: str) -> bool:
        if not all(sign in SURELY_PRINTABLE or sign == REPLACEMENT or sign.isprintable() for sign in text):
            return False
        try:
            self._compiler.compile(input=TRIED, format="pdf", pdf_standards=STANDARDS, sys_inputs={"text": text})
        except typst.TypstError:
            return False
        return True
