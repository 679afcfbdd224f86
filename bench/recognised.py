"""How often fields of action and services are recognised: answers of `manage.py recognise_fields`, and what is right.

    python bench/recognised.py ANSWERS TEXTS            "fields_of_action" of each text, the main one first
    python bench/recognised.py ANSWERS TEXTS QRELS      {"query", "doc", "rel"}: OZG-IDs that are right for a text

Needs nothing but the files.
"""

import json
import sys
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]


def read(path: str) -> Rows:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def share(hits: list[bool]) -> str:
    return f"{sum(hits) / len(hits):.2f} of {len(hits)}" if hits else "–"


def fields(answers: Rows, texts: Rows) -> dict[str, str]:
    """How often the main field is the first, one of those named is, and the main one is among three."""
    ranked = {row["id"]: row["fields_of_action"] for row in answers}
    judged = [(ranked.get(row["id"], []), row["fields_of_action"]) for row in texts if row.get("fields_of_action")]
    return {
        "first": share([found[:1] == right[:1] for found, right in judged]),
        "first, any of them": share([bool(set(found[:1]) & set(right)) for found, right in judged]),
        "within three": share([right[0] in found[:3] for found, right in judged]),
    }


def services(answers: Rows, qrels: Rows) -> dict[str, str]:
    """How often one that is right is among the first."""
    right: dict[Any, set[str]] = {}
    for row in qrels:
        if row["rel"] > 0:
            right.setdefault(row["query"], set()).add(str(row["doc"]))
    ranked = {row["id"]: row["services"] for row in answers}
    return {
        f"R@{depth}": share([bool(wanted & set(ranked.get(query, [])[:depth])) for query, wanted in right.items()])
        for depth in (1, 5, 10)
    }


if __name__ == "__main__":
    answers, texts, *qrels = map(read, sys.argv[1:])
    for name, figure in (services(answers, qrels[0]) if qrels else fields(answers, texts)).items():
        print(f"{name:20} {figure}")
