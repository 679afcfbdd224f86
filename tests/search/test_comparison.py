"""Two configurations side by side: which queries are answered better, which worse."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from search.engines import Document, Engine, PageDocuments
from search.evaluation.comparison import Change, Configuration, changes


def test_changes_are_the_judged_queries_whose_first_relevant_document_moved() -> None:
    first = {"a": ["1", "2"], "b": ["2"], "c": ["1"], "d": ["1"]}
    second = {"a": ["2", "1"], "b": ["1", "2"], "c": ["1"], "d": ["2"]}
    relevant = {"a": {"1": 1.0}, "b": {"1": 2.0}, "c": {"1": 1.0}}
    moved = changes(first, second, relevant)
    assert moved == [Change("b", 0, 1), Change("a", 1, 2)]
    assert [change.is_better for change in moved] == [True, False]


@pytest.mark.parametrize("assignment", ["factors=perhaps", "colour=red", "factors", "engine=mysql://x"])
def test_a_setting_that_is_not_understood_is_named(assignment: str) -> None:
    with pytest.raises(ValueError, match="understood"):
        Configuration.in_use().changed_by([assignment])


def files(tmp_path: Path) -> tuple[Path, Path]:
    queries, qrels = tmp_path / "queries.jsonl", tmp_path / "qrels.jsonl"
    queries.write_text(json.dumps({"id": "q", "text": "Ampel"}), encoding="utf-8")
    qrels.write_text(json.dumps({"query": "q", "doc": "2", "rel": 1}), encoding="utf-8")
    return queries, qrels


@pytest.mark.django_db
def test_a_factor_that_helps_is_seen_in_the_comparison(engine: Engine, tmp_path: Path) -> None:
    for page_id, phase, content in ((1, "P1", ""), (2, "P4", "rot")):
        document = Document(f"projekt-{page_id}", page_id, "Ampel", content, "public", 0, facets={"phase": (phase,)})
        engine.write([PageDocuments(page_id, (document,))])
    out = StringIO()
    call_command("evaluate_search", *files(tmp_path), "--compare", "factors=off", "meaning=off", stdout=out)
    assert "Worse with B: 1" in out.getvalue()
    assert "1 → 2  Ampel" in out.getvalue()
    out = StringIO()
    call_command("evaluate_search", *files(tmp_path), "--json", "--compare", "factors=off", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["first"]["mrr10"], found["second"]["mrr10"]) == (1.0, 0.5)
    assert found["worse"] == [{"query": "q", "before": 1, "after": 2}]


@pytest.mark.django_db
def test_without_comparing_the_json_is_one_object_of_figures(engine: Engine, tmp_path: Path) -> None:
    out = StringIO()
    call_command("evaluate_search", *files(tmp_path), "--json", stdout=out)
    assert set(json.loads(out.getvalue())) == {
        "queries", "r1", "hit3", "r5", "r10", "mrr10", "ndcg10", "empty", "warned", "p50_ms", "p95_ms",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_wrong_setting_is_a_clear_sentence(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not understood"):
        call_command("evaluate_search", *files(tmp_path), "--compare", "factors=maybe")
