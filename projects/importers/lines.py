"""Reads JSON lines: one JSON value a line, in UTF-8."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from projects.importers.reports import BadLine, WrongFileError

# In bytes. The longest text of a project is far below; a file without line ends must not fill the memory.
MAX_LINE = 20_000_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value and the line it stands in, counted from one."""

    line: int
    value: Any


def parse_line(number: int, raw: bytes) -> Entry | BadLine:
    """The value of a line, or why it has none."""
    if len(raw) > MAX_LINE:
        return BadLine(number, _("longer than %(limit)d bytes") % {"limit": MAX_LINE})
    try:
        return Entry(number, json.loads(raw.decode("utf-8")))
    except UnicodeDecodeError:
        return BadLine(number, _("is not text in UTF-8"))
    except (ValueError, RecursionError):
        return BadLine(number, _("is not JSON"))


def read_entries(path: Path) -> Iterator[Entry | BadLine]:
    """The values of the file's lines, damaged lines named in their place, empty ones left out.

    Raises WrongFileError when the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            number = 0
            while raw := file.readline(MAX_LINE + 1):
                number += 1
                is_whole = raw.endswith(b"\n") or len(raw) <= MAX_LINE
                content = raw.removeprefix(BYTE_ORDER_MARK).strip() if number == 1 else raw.strip()
                if content:
                    yield parse_line(number, content if is_whole else raw)
                while not is_whole:
                    rest = file.readline(MAX_LINE)
                    is_whole = rest.endswith(b"\n") or not rest
    except OSError as error:
        raise WrongFileError(
            _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": error.strerror}
        ) from None
