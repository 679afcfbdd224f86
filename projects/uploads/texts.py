"""Formats that are text: they can be read, and nothing in them is another kind of file."""

import json
import re
from xml.parsers import expat

from django.utils.translation import gettext as _

from projects.uploads.content import Content, UnfitError

# As CONTROL_BYTES of `content`, once the text is decoded.
CONTROL_SIGNS = re.compile(r"[\x00-\x08\x0e-\x1f]")
# Programs of DOS ended a text with this sign, and some of their heirs still do.
DOS_END = "\x1a"
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
# What offices save that do not write UTF-8; its few gaps are read as they come.
OFFICE_ENCODING = "cp1252"
# Root elements by ending; any root will do for others.
ROOTS = {"svg": "svg", "bpmn": "definitions", "dmn": "definitions"}
# Read to its end, JSON takes up to thirty times its size in memory; of a larger one, only the ends are looked at.
JSON_READ_MAX_BYTES = 4 * 1024 * 1024
JSON_ENDS = {"{": "}", "[": "]"}


def decode(content: Content) -> str:
    """The text. Raises UnfitError if the bytes are none."""
    if content.signature:
        raise content.misnamed()
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if content.raw.startswith(mark)), "utf-8")
    try:
        text = content.raw.decode(encoding)
    except UnicodeDecodeError:
        text = content.raw.decode(OFFICE_ENCODING, errors="replace")
    text = text.removesuffix(DOS_END)
    if found := CONTROL_SIGNS.search(text):
        raise UnfitError(
            _("Line %(line)d has a sign that no text has (%(sign)s). Save the file as text in UTF-8.")
            % {"line": text.count("\n", 0, found.start()) + 1, "sign": f"U+{ord(found.group()):04X}"}
        )
    return text


def check_text(content: Content) -> None:
    decode(content)


def check_json(content: Content) -> None:
    text = decode(content)
    try:
        if len(content.raw) <= JSON_READ_MAX_BYTES:
            json.loads(text)
        elif JSON_ENDS.get(text.lstrip()[:1], "") != text.rstrip()[-1:]:
            raise content.misnamed()
    except json.JSONDecodeError as error:
        raise _damaged(content, error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise content.misnamed() from error


def check_xml(content: Content) -> None:
    """Well-formed, and without entities: they could make a reader's program fetch files or run out of memory.

    A DTD may be named, as the W3C asked for in SVG; nobody here fetches it.
    """
    if content.signature:
        raise content.misnamed()
    roots: list[str] = []
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entity

    def note_root(name: str, attributes: dict[str, str]) -> None:
        roots.append(name.rsplit(":", 1)[-1])
        parser.StartElementHandler = None

    parser.StartElementHandler = note_root
    try:
        parser.Parse(content.raw, True)
    except expat.ExpatError as error:
        raise _damaged(content, error.lineno) from error
    except (ValueError, LookupError) as error:
        raise content.misnamed() from error
    if roots[0] != ROOTS.get(content.ending, roots[0]):
        raise content.misnamed()


def _refuse_entity(name: str, *args: object) -> None:
    raise UnfitError(_("The file declares the XML entity “%(name)s”. Save it without entities.") % {"name": name})


def _damaged(content: Content, line: int) -> UnfitError:
    """The error to raise for what cannot be read from that line on."""
    return UnfitError(
        _("Line %(line)d is not valid in a “.%(ending)s” file. Correct it, or save the file again.")
        % {"ending": content.ending, "line": line}
    )
