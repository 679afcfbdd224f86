"""What only the embedded engine has to care about: files, and one writer at a time."""

from dataclasses import replace
from typing import Any

import pytest

from search.engines import Engine, EngineError
from tests.search.examples import document, put


def test_damaged_files_are_an_engine_error(engine: Engine, tmp_path: Any) -> None:
    put(engine, document(1, "Ampel"))
    (generation,) = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    (generation / "meta.json").write_text("{")
    with pytest.raises(EngineError):
        engine.count(audience="public")


def test_a_digest_changes_with_every_part_of_a_document() -> None:
    original = document(1, "Ampel")
    changes: list[dict[str, Any]] = [
        {"title": "Bank"},
        {"content": "x"},
        {"audience": "members"},
        {"newest": 2},
        {"extra": "x"},
        {"facets": {"phase": ("P1",)}},
    ]
    assert len({original.digest, *(replace(original, **change).digest for change in changes)}) == 7
