"""PDF → lines, read by a process of its own (`pdf_child`): it can be stopped, and takes nothing along when it falls."""

import json
import subprocess
import sys
from pathlib import Path

from matching.papers.failures import Failure, UnreadableError
from matching.papers.lines import Cell, Line

CHILD = Path(__file__).with_name("pdf_child.py")
# Two pages take a quarter of a second, most of it the start; 200 pages some two seconds.
SECONDS_MAX = 10
# A paper with its annexes; beyond it somebody has taken the wrong file.
PAGES_MAX = 200


def read_pdf(raw: bytes, characters_max: int) -> list[Line]:
    """Raises UnreadableError."""
    # Isolated (-I): neither the folder it is started from nor the environment says what is imported.
    limits = [str(limit) for limit in (SECONDS_MAX, PAGES_MAX, characters_max)]
    command = [sys.executable, "-I", str(CHILD), *limits]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=SECONDS_MAX, check=True)  # noqa: S603 — our own words
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(Failure.TOO_LARGE) from error
    except (subprocess.CalledProcessError, ValueError) as error:  # fallen: out of memory, or over the file itself
        raise UnreadableError(Failure.BROKEN) from error
    if found["error"]:
        raise UnreadableError(Failure(found["error"]))
    return [
        Line(tuple(Cell(text, left) for text, left in cells), page, is_apart)
        for page, is_apart, cells in found["lines"]
    ]
