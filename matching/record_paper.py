"""A record as a PDF for the files: tagged (PDF/UA-1) and for keeping (PDF/A-2a), in German whoever asks."""

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from matching.models import CheckRecord
from matching.record_shown import sheet

TEMPLATE = Path(__file__).with_name("record.typ")
STANDARDS: "list[typst.PDFStandard]" = ["a-2a", "ua-1"]
# Stands for characters none of the built-in fonts has: both standards forbid to print them as empty boxes.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# The built-in fonts have all letters of European languages; others are tried one by one.
SURELY_PRINTABLE = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) | set("–—„“”‚‘’…€\n")
TRIED = """
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))
#set document(title: "-")
#sys.inputs.character
"""


def pdf(record: CheckRecord) -> bytes:
    """The file; the same bytes for the same record. Raises typst.TypstError if it cannot be made."""
    with translation.override(settings.LANGUAGE_CODE):
        content = asdict(sheet(record)) | {
            "publisher": settings.WAGTAIL_SITE_NAME,
            # The document fills in the numbers, which only it knows.
            "page": _("Page %(number)s of %(total)s") % {"number": "{number}", "total": "{total}"},
            "why": _("Why it is similar:"),
            "confirm": _("Whether this record was issued here can be checked at"),
            "replaced": "",
        }
        printable = _printable(content)
        if REPLACEMENT in str(printable):
            note = _("Characters the fonts of this file do not have stand as %(sign)s.")
            printable["replaced"] = note % {"sign": REPLACEMENT}
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, ignore_system_fonts=True)
    made = compiler.compile(
        format="pdf",
        pdf_standards=STANDARDS,
        sys_inputs={"sheet": json.dumps(printable, ensure_ascii=False)},
        timestamp=int(record.issued_at.timestamp()),
    )
    return cast(bytes, made)


def _printable(value: Any) -> Any:
    """The same with REPLACEMENT for every character that cannot be printed, in texts at any depth."""
    if isinstance(value, str):
        return "".join(c if c in SURELY_PRINTABLE or _has_glyph(c) else REPLACEMENT for c in value)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    return [_printable(one) for one in value] if isinstance(value, list | tuple) else value


@lru_cache(maxsize=4_096)
def _has_glyph(character: str) -> bool:
    """Whether a font has it; 2 ms, once for each character."""
    if not character.isprintable():
        return False
    compiler = typst.Compiler(TRIED.encode(), ignore_system_fonts=True)
    try:
        compiler.compile(format="pdf", pdf_standards=STANDARDS, sys_inputs={"character": character})
    except typst.TypstError:
        return False
    return True
