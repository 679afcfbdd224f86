"""Formats that are text: nothing in them may be another kind of file."""

import json
import re
from xml.sax import ContentHandler, SAXException

from defusedxml import DefusedXmlException
from defusedxml.sax import parse
from django.utils.translation import gettext as _

from projects.uploads.content import Content, UnfitError

# No text has these; tabulator, line feed, form feed and carriage return are left out.
CONTROL_SIGNS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
# What offices save that do not write UTF-8; its few gaps are read as they come.
OFFICE_ENCODING = "cp1252"
# Root elements by ending; any root will do for others.
ROOTS = {"svg": "svg", "bpmn": "definitions", "dmn": "definitions"}


def decode(content: Content) -> str:
    """The text. Raises UnfitError if the bytes are none."""
    if content.signature:
        raise content.misnamed()
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if content.raw.startswith(mark)), "utf-8")
    try:
        text = content.raw.decode(encoding)
    except UnicodeDecodeError:
        text = content.raw.decode(OFFICE_ENCODING, errors="replace")
    if CONTROL_SIGNS.search(text):
        raise content.misnamed()
    return text


def check_text(content: Content) -> None:
    decode(content)


def check_json(content: Content) -> None:
    try:
        json.loads(decode(content))
    except (ValueError, RecursionError) as error:
        raise content.misnamed() from error


class _Root(ContentHandler):
    """Remembers the name of the outermost element, without its prefix."""

    name = ""

    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802  (the parser's name for it)
        self.name = self.name or name.rsplit(":", 1)[-1]


def check_xml(content: Content) -> None:
    """Well-formed, and without entities: they could make a reader's program fetch files or run out of memory."""
    if content.signature not in {"", "xml"}:
        raise content.misnamed()
    root = _Root()
    try:
        parse(content.stream, root, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise UnfitError(_("The file declares XML entities. Save it without them.")) from error
    except (SAXException, ValueError, LookupError) as error:
        raise content.misnamed() from error
    if root.name != ROOTS.get(content.ending, root.name):
        raise content.misnamed()
