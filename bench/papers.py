"""Step of the bench: what is read from council papers whose content is known, and how long it takes.

A folder has `extraction.jsonl` and the files it names below `extraction/`: file, expect (text, or why it cannot be
read), title, decision_on, cost_from, cost_to, contact_office, fields_of_action, problem_sentences, proposal_sentence.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile

from matching.management.commands.recognise_fields import learn_lines
from matching.papers.failures import UnreadableError
from matching.papers.reading import read
from projects.files.forms import ending_of
from search.semantic import encoder

Row = dict[str, Any]
# A field of action counts if it is among so many.
FIELDS = 2


def main(folder: str) -> dict[str, Any]:
    """Shares by measure, what was read wrongly, and the milliseconds a paper takes at the median and at most."""
    rows = [json.loads(line) for line in (Path(folder) / "extraction.jsonl").read_text(encoding="utf-8").splitlines()]
    settings.SEARCH_MEANING = encoder.AUTO
    learn_lines()
    right: dict[str, list[bool]] = {}
    wrong, times = [], []
    for row in rows:
        path = Path(folder) / "extraction" / row["file"]
        started = time.perf_counter()
        found = said(path)
        times.append((time.perf_counter() - started) * 1000)
        for measure, is_right in judged(row, found):
            right.setdefault(measure, []).append(is_right)
            wrong += [] if is_right else [f"{row['file']}: {measure}"]
    shares = {measure: sum(each) / len(each) for measure, each in right.items()}
    return {"papers": len(rows), "shares": shares, "wrong": wrong, "median_ms": median(times), "most_ms": max(times)}


def said(path: Path) -> Row:
    try:
        return read(ContentFile(path.read_bytes()), ending_of(path.name)).as_dict()
    except UnreadableError as error:
        return {"error": error.failure.value}


def judged(row: Row, found: Row) -> Iterator[tuple[str, bool]]:
    if row["expect"] != "text":
        yield "error", found["error"] == row["expect"]
        return
    if found["error"]:
        found = dict.fromkeys(("title", "decision_on", "cost_from", "cost_to", "office", "proposal")) | {
            "problem": [],
            "fields_of_action": [],
        }
    yield "title", plain(found["title"]) == plain(row["title"])
    yield "decision", found["decision_on"] == row["decision_on"]
    yield "costs", (found["cost_from"], found["cost_to"]) == (row["cost_from"], row["cost_to"])
    yield "office", plain(found["office"]) == plain(row["contact_office"])
    yield (
        "problem",
        bool({plain(each) for each in found["problem"]} & {plain(each) for each in row["problem_sentences"]}),
    )
    proposal, expected = plain(found["proposal"]), plain(row["proposal_sentence"])
    yield "proposal", bool(proposal) and (proposal in expected or expected in proposal)
    yield "field", bool(set(found["fields_of_action"][:FIELDS]) & set(row["fields_of_action"]))


def plain(text: str | None) -> str:
    return " ".join((text or "").split())
