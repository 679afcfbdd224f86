"""The kept database of the tests is thrown away when anything changes that it was made of."""

import ast
from pathlib import Path

import pytest

from tests.database import ROOT, SOURCES, fingerprint

# Models' own definitions stand in the migrations; what migrations take from there are defaults and validators.
DEFINITIONS = "models"


def _modules(path: Path) -> set[str]:
    """Modules of ours that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return {name for name in found if (ROOT / name.split(".")[0] / "migrations").is_dir()}


def test_what_migrations_are_made_of_is_part_of_the_fingerprint() -> None:
    known = {path.relative_to(ROOT) for pattern in SOURCES for path in ROOT.glob(pattern)}
    migrations = list(ROOT.glob("*/migrations/*.py"))
    assert migrations
    used = {Path(f"{name.replace('.', '/')}.py") for path in migrations for name in _modules(path)}
    assert not [
        path for path in used if DEFINITIONS not in path.parts and path.stem != DEFINITIONS and path not in known
    ]


def test_receivers_of_migrations_are_part_of_the_fingerprint() -> None:
    listening = {
        path.relative_to(ROOT)
        for app in ROOT.glob("*/migrations")
        for path in app.parent.glob("*.py")
        if "post_migrate" in path.read_text()
    }
    assert Path("people/receivers.py") in listening
    assert not listening - {path.relative_to(ROOT) for pattern in SOURCES for path in ROOT.glob(pattern)}


@pytest.mark.parametrize("changed", ["people/migrations/0001_initial.py", "search/text/default_synonyms.py"])
def test_a_changed_source_changes_the_fingerprint(changed: str, tmp_path: Path) -> None:
    path = tmp_path / changed
    path.parent.mkdir(parents=True)
    path.write_text("a = 1\n")
    before = fingerprint(tmp_path)
    path.write_text("a = 2\n")
    assert fingerprint(tmp_path) != before
