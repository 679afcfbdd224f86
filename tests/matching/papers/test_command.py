"""`manage.py read_paper`: one JSON object whatever the file is, and a table for people."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.matching.papers import making

KEYS = {
    *("title", "decision_on", "cost_from", "cost_to", "fields_of_action"),
    *("services", "problem", "proposal", "office", "error"),
}
PAPER = "Federführend: Bauamt\n\nBetreff: Neue Wege\n\nSachverhalt:\nDerzeit fehlt eine Übersicht über die Wege."


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "Vorlage.DOCX"
    path.write_bytes(making.docx(PAPER))
    return path


def printed(path: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("read_paper", str(path), *options)
    return capsys.readouterr().out


@pytest.mark.django_db
def test_paper_is_one_json_object(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(printed(paper, capsys, "--json"))
    assert set(found) == KEYS
    assert (found["title"], found["office"], found["error"]) == ("Neue Wege", "Bauamt", None)
    assert found["decision_on"] is None


def test_what_cannot_be_read_is_an_object_with_its_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "leer.txt"
    path.write_text("")
    found = json.loads(printed(path, capsys, "--json"))
    assert set(found) == KEYS
    assert (found["error"], found["title"], found["problem"]) == ("empty", None, [])


@pytest.mark.django_db
def test_table_names_the_places(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Neue Wege  [Betreff]" in printed(paper, capsys)


def test_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be opened"):
        call_command("read_paper", str(tmp_path / "none.pdf"))


def test_programs_get_an_object_for_a_file_that_is_not_there_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(printed(tmp_path / "none.pdf", capsys, "--json"))["error"] == "missing"
