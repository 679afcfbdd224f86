"""What the terms of the vocabularies are recognised by, line by line, and how the meaning of each line is brought in.

A field of action has its name and what staff wrote that belongs to it; a service of the OZG its name and those of its
keys, which often are the everyday word (“Sperrmüll” of “Abfallentsorgung”). Must not know what a text is recognised as.
"""

import time
from dataclasses import dataclass, field

from projects.models import FieldOfAction, OzgService, ServiceKey
from search.semantic import encoder
from search.semantic.embeddings import LineMeaning, digest_of
from search.semantic.encoder import MODEL
from search.semantic.vectors import as_bytes

# Longer ones are no line; the longest name of a key has 300 characters.
LINE_MAX_CHARACTERS = 300
# Lines computed in one go: about a second on one core.
LINES_BATCH = 64
# How often all lines are looked at: a hundredth of a second, and somebody who changed one may wait so long.
LOOK_EVERY_SECONDS = 60.0
# Databases limit the parameters of one statement.
DELETE_BATCH = 400


@dataclass(frozen=True)
class Line:
    """One line of the term with this number."""

    term: int
    text: str


@dataclass
class _Due:
    """Lines of this process's last look whose meaning is not there yet, by digest."""

    lines: dict[str, str] = field(default_factory=dict)
    next_at: float = 0.0  # on the monotonic clock


_due = _Due()


def lines_of_fields() -> tuple[Line, ...]:
    """Of the fields of action, in their order."""
    rows = FieldOfAction.objects.order_by("sort_order", "pk").values_list("pk", "name", "description")
    return tuple(
        Line(pk, text)
        for pk, name, description in rows
        for text in dict.fromkeys(map(_tidy, (name, *description.splitlines())))
        if text
    )


def lines_of_services() -> tuple[Line, ...]:
    """Of the services of the OZG, by number."""
    found: dict[int, dict[str, None]] = {}
    for pk, name in OzgService.objects.order_by("ozg_id").values_list("pk", "name"):
        found[pk] = {_tidy(name): None}
    keys = ServiceKey.objects.exclude(service=None).order_by("key").values_list("service_id", "name")
    for service, name in keys:
        found[service].setdefault(_tidy(name))
    return tuple(Line(pk, text) for pk, texts in found.items() for text in texts if text)


def digest_of_line(text: str) -> str:
    """Names the vector of a line; no page has texts like this, which are two at least."""
    return digest_of((text,), MODEL)


def embed_lines(limit: int = LINES_BATCH) -> int:
    """Compute the meaning of lines that lack it, at most `limit`; returns how many were, 0 if none is left."""
    if not encoder.is_available():
        return 0
    if not _due.lines:
        if time.monotonic() < _due.next_at:
            return 0
        _due.next_at = time.monotonic() + LOOK_EVERY_SECONDS
        look()
    lines = dict(list(_due.lines.items())[:limit])
    if lines:
        vectors = encoder.line_vectors(list(lines.values()))
        rows = [LineMeaning(digest=digest, vector=as_bytes(one)) for digest, one in zip(lines, vectors, strict=True)]
        LineMeaning.objects.bulk_create(rows, ignore_conflicts=True)
    for digest in lines:
        del _due.lines[digest]
    return len(lines)


def forget() -> None:
    """Look at all lines with the next call, as after the database was replaced."""
    _due.lines.clear()
    _due.next_at = 0.0


def look() -> int:
    """See which lines lack their meaning, and drop the meanings of those that are gone; returns how many lack it."""
    wanted = {digest_of_line(line.text): line.text for line in (*lines_of_fields(), *lines_of_services())}
    known = set(LineMeaning.objects.values_list("digest", flat=True))
    gone = sorted(known - wanted.keys())
    for start in range(0, len(gone), DELETE_BATCH):
        LineMeaning.objects.filter(digest__in=gone[start : start + DELETE_BATCH]).delete()
    _due.lines = {digest: text for digest, text in wanted.items() if digest not in known}
    return len(_due.lines)


def _tidy(text: str) -> str:
    return " ".join(text.split())[:LINE_MAX_CHARACTERS]
