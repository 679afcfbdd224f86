"""The queries with known answers stay in step with the example content they were judged against."""

import json
from pathlib import Path
from typing import Any

import pytest

from examples import content
from examples.bodies import source_id
from matching.recognition.recognition import recognise
from projects.models import FieldOfAction

FOLDER = Path(content.__file__).parent / "evaluation"
# 2 is about it, 1 helps; see docs/search.md.
DEGREES = {1, 2}
# The share of texts whose field is among three; with the models it is all of them.
WITHIN_THREE = 0.95


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.django_db
def test_texts_about_fields_of_action_name_fields_and_most_are_recognised_by_words_alone() -> None:
    texts = rows("fields.jsonl")
    named = {name for row in texts for name in row["fields_of_action"]}
    assert named == set(FieldOfAction.objects.values_list("name", flat=True))
    ranked = [[field.name for field in recognise("", row["text"]).fields] for row in texts]
    right = [row["fields_of_action"][0] in found for row, found in zip(texts, ranked, strict=True)]
    assert sum(right) / len(right) >= WITHIN_THREE


@pytest.mark.parametrize(("questions", "judgements"), [("queries", "qrels"), ("drafts", "drafts_qrels")])
def test_every_question_is_judged_against_projects_that_exist(questions: str, judgements: str) -> None:
    asked = [row["id"] for row in rows(f"{questions}.jsonl")]
    judged = rows(f"{judgements}.jsonl")
    assert len(asked) == len(set(asked))
    assert {row["query"] for row in judged} == set(asked)
    assert {row["doc"] for row in judged} <= {source_id(address) for address in content.projects()}
    assert {row["rel"] for row in judged} <= DEGREES
