"""`manage.py recognise_fields`: one line out for each sound line in, and every other line is named."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from search.semantic.embeddings import LineMeaning
from tests.factories import OzgServiceFactory

pytestmark = pytest.mark.django_db


def run(path: Path, text: str) -> tuple[list[dict[str, object]], list[str]]:
    """The answers, and what was complained about."""
    path.write_text(text, encoding="utf-8")
    out, err = StringIO(), StringIO()
    call_command("recognise_fields", path, stdout=out, stderr=err, verbosity=0)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue().splitlines()


def test_each_line_is_answered_in_order(tmp_path: Path) -> None:
    service = OzgServiceFactory(name="Hundesteuer")
    rows = [{"id": "a", "title": "Radwege", "text": "zum Bahnhof"}, {"id": 2, "text": "Hundesteuer online anmelden"}]
    (first, second), complaints = run(tmp_path / "t.jsonl", "\n".join(map(json.dumps, rows)))
    assert (first["id"], second["id"]) == ("a", 2)
    assert first["fields_of_action"][0] == "Mobilität"  # type: ignore[index]
    assert second["services"] == [service.ozg_id]
    assert not complaints


def test_without_a_catalogue_there_are_no_services(tmp_path: Path) -> None:
    ((only,), _complaints) = run(tmp_path / "t.jsonl", '{"id": "a", "text": "Radwege zum Bahnhof"}')
    assert only["services"] == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Expecting property name"),
        ("[1]", "kein JSON-Objekt"),
        ('{"text": "ohne Nummer"}', "id fehlt"),
        ("{}", "id, text fehlt"),
        ('{"id": "a", "text": null}', "„text“ ist kein Text"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path, line: str, reason: str) -> None:
    sound = '{"id": "b", "text": "Radwege zum Bahnhof"}'
    answers, complaints = run(tmp_path / "t.jsonl", f"\n{line}\n{sound}\n")
    assert [answer["id"] for answer in answers] == ["b"]
    assert len(complaints) == 1
    assert complaints[0].startswith("Zeile 2 ausgelassen: ")
    assert reason in complaints[0]


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("recognise_fields", tmp_path / "none.jsonl")


@pytest.mark.usefixtures("model")
def test_the_meaning_of_the_lines_is_worked_out_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.semantic.lines.lines_of_fields", tuple)
    OzgServiceFactory(name="Genehmigung von Feuerwerken")
    ((only,), _complaints) = run(tmp_path / "t.jsonl", '{"id": "a", "text": "Raketen und Böller zu Silvester"}')
    assert len(only["services"]) == 1  # type: ignore[arg-type]
    assert LineMeaning.objects.count() == 1
