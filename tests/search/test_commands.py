"""What an operator types: the commands and what they promise."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from projects.models import ImportRecord, ProjectPage
from search.engines import Document, Engine, PageDocuments
from search.evaluation.measures import measure
from search.indexing.outbox import drain
from tests.factories import ProjectPageFactory, artefact

pytestmark = pytest.mark.django_db


def run(*arguments: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_rebuild_index_makes_the_index_equal_the_database(engine: Engine) -> None:
    ProjectPageFactory(children={"artefacts": [artefact()]})
    assert "3 documents" in run("rebuild_index")
    assert engine.count(audience="public") == 3


def test_reconcile_index_finds_and_repairs_every_difference(engine: Engine) -> None:
    missing, stale = ProjectPageFactory(title="Fehlt"), ProjectPageFactory(title="Alt")
    drain()
    engine.write(
        [
            PageDocuments(missing.pk),
            PageDocuments(999_999, (Document("projekt-999999", 999_999, "Weg", "", "public", 0),)),
        ]
    )
    ProjectPage.objects.filter(pk=stale.pk).update(title="Neu")
    with pytest.raises(CommandError):
        run("reconcile_index", "--dry-run")
    assert "Pages missing: 1, outdated: 1, left over: 1" in run("reconcile_index")
    assert "Pages missing: 0, outdated: 0, left over: 0" in run("reconcile_index", "--dry-run")


def test_search_prints_one_json_object_with_the_identifiers_of_the_source(engine: Engine) -> None:
    imported, other = ProjectPageFactory(title="Ampel eins"), ProjectPageFactory(title="Ampel zwei zwei")
    ImportRecord.objects.create(source_id="quelle:7", page=imported, digest="x")
    drain()
    answer = json.loads(run("search", "Ampel", "--json"))
    assert answer["total"] == 2
    assert {hit["id"] for hit in answer["hits"]} == {"quelle:7", str(other.pk)}
    assert answer["facets"]["typ"] == {"projekt": 2}
    assert len(json.loads(run("search", "Ampel", "--json", "--limit", 1))["hits"]) == 1


def test_similar_gives_reasons_a_reader_can_check(engine: Engine) -> None:
    ProjectPageFactory(title="Parkplatzsensoren", summary="Sensoren erkennen freie Stellplätze.")
    ProjectPageFactory(title="Hundesteuer")
    drain()
    answer = json.loads(run("similar", "--title", "Freie Stellplätze", "--summary", "mit Sensoren finden", "--json"))
    assert [hit["title"] for hit in answer["hits"]] == ["Parkplatzsensoren"]
    assert "Stellplätze" in answer["hits"][0]["reasons"][0]


def test_evaluate_search_measures_queries_against_judgements(engine: Engine, tmp_path: Path) -> None:
    project = ProjectPageFactory(title="Ampel")
    drain()
    queries, judgements = tmp_path / "queries.jsonl", tmp_path / "qrels.jsonl"
    queries.write_text('{"id": "1", "text": "Ampel"}\n{"id": "2", "text": "xqzw"}\n')
    judgements.write_text(json.dumps({"query": "1", "doc": str(project.pk), "rel": 1}))
    figures = json.loads(run("evaluate_search", queries, judgements, "--json"))
    assert list(figures) == [
        "queries", "r1", "hit3", "r5", "r10", "mrr10", "ndcg10", "empty", "warned", "p50_ms", "p95_ms",
    ]  # fmt: skip
    assert (figures["queries"], figures["mrr10"], figures["empty"], figures["warned"]) == (2, 1.0, 0.5, None)
    judgements.write_text("")
    assert json.loads(run("evaluate_search", queries, judgements, "--json", "--similar"))["mrr10"] is None


def test_without_the_match_only_what_else_is_alike_is_warned_of(engine: Engine, tmp_path: Path) -> None:
    trees = {"title": "Bäume im Blick", "summary": "Sensoren messen die Bodenfeuchte. Freiwillige gießen Jungbäume."}
    ImportRecord.objects.create(source_id="quelle:1", page=ProjectPageFactory(**trees), digest="x")
    ProjectPageFactory(title="Trauzimmer", summary="Paare buchen den Saal.")
    drain()
    queries, judgements = tmp_path / "queries.jsonl", tmp_path / "qrels.jsonl"
    text = "Sensoren messen Bodenfeuchte, damit Freiwillige Jungbäume gießen."
    queries.write_text(json.dumps({"id": "1", "title": "Baumsensoren", "text": text}))
    judgements.write_text(json.dumps({"query": "1", "doc": "quelle:1", "rel": 1}))

    def warned(*more: str) -> float:
        return float(json.loads(run("evaluate_search", queries, judgements, "--similar", "--json", *more))["warned"])

    assert warned() == 1
    assert warned("--without-match") == 0
    ProjectPageFactory(**trees)
    drain()
    assert warned("--without-match") == 1


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', "null"])
def test_evaluate_search_names_a_damaged_line(engine: Engine, tmp_path: Path, line: str) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text(f'{{"id": "1", "text": "a"}}\n{line}\n')
    (tmp_path / "none").write_text("")
    with pytest.raises(CommandError, match="line 2"):
        run("evaluate_search", queries, tmp_path / "none")


def test_measures_follow_their_definitions() -> None:
    ranked = {"a": ["x", "y"], "b": ["z", "x", "y", "w"], "c": []}
    relevant = {"a": {"x": 1.0}, "b": {"w": 1.0}, "c": {"q": 1.0}}
    figures = measure(ranked, relevant, [3.0, 1.0, 2.0])
    assert figures.r1 == pytest.approx(1 / 3, abs=1e-4)
    assert figures.hit3 == pytest.approx(1 / 3, abs=1e-4)
    assert figures.r5 == pytest.approx(2 / 3, abs=1e-4)
    assert figures.mrr10 == pytest.approx((1 + 1 / 4) / 3, abs=1e-4)
    assert figures.ndcg10 == pytest.approx((1 + 0.4307) / 3, abs=1e-4)
    assert figures.empty == pytest.approx(1 / 3, abs=1e-4)
    assert (figures.p50_ms, figures.p95_ms) == (2.0, 3.0)


def test_measures_are_undefined_without_queries() -> None:
    figures = measure({}, {}, [])
    assert (figures.queries, figures.mrr10, figures.empty, figures.p50_ms) == (0, None, None, None)
