"""The queries with known answers stay in step with the example content they were judged against."""

import json
from pathlib import Path
from typing import Any

import pytest

from examples import content
from examples.bodies import source_id

FOLDER = Path(content.__file__).parent / "evaluation"
# 2 is about it, 1 helps; see docs/search.md.
DEGREES = {1, 2}


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("questions", "judgements"), [("queries", "qrels"), ("drafts", "drafts_qrels")])
def test_every_question_is_judged_against_projects_that_exist(questions: str, judgements: str) -> None:
    asked = [row["id"] for row in rows(f"{questions}.jsonl")]
    judged = rows(f"{judgements}.jsonl")
    assert len(asked) == len(set(asked))
    assert {row["query"] for row in judged} == set(asked)
    assert {row["doc"] for row in judged} <= {source_id(address) for address in content.projects()}
    assert {row["rel"] for row in judged} <= DEGREES
