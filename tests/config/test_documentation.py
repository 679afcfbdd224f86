"""What the documentation names is there: files, commands, settings, tests."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
# Mandatory keys of https://yml.publiccode.tools, standard 0.7; contacts because maintenance/type is internal.
PUBLICCODE_KEYS = [
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "developmentStatus",
    "softwareType",
    "description",
    "legal/license",
    "maintenance/type",
    "maintenance/contacts",
    "localisation/localisationReady",
    "localisation/availableLanguages",
]
PUBLICCODE_TEXTS = ["shortDescription", "longDescription", "features"]
SHORT_DESCRIPTION_MAX = 150
LONG_DESCRIPTION_MIN, LONG_DESCRIPTION_MAX = 150, 10_000

# Named because it must never be there.
ABSENT = {"site/__init__.py"}

LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|html|css|js|jsonl|toml|yml|yaml|po))`")
MAKE_TARGET = re.compile(r"`make ([a-z][a-z-]*)|^(?:\$ )?(?:[A-Z_]+=\S+ )?make ([a-z][a-z-]*)", re.MULTILINE)
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
NAMED_TEST = re.compile(r"`(test_\w+)`")
ENVIRONMENT = re.compile(r"""env(?:\.\w+)?\(\s*["']([A-Z_]+)["']""")


def named(pattern: re.Pattern[str]) -> set[str]:
    """Everything the pattern finds in any document."""
    found = {"".join(match.groups(default="")) for path in DOCUMENTS for match in pattern.finditer(path.read_text())}
    assert found
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(document: Path) -> None:
    local = [target for target in LINK.findall(document.read_text()) if "://" not in target]
    assert not [target for target in local if not (document.parent / target.split("#")[0]).exists()]


def test_files_that_are_named_exist() -> None:
    assert not {path for path in named(NAMED_FILE) - ABSENT if not (ROOT / path).exists()}


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named(MAKE_TARGET) - targets == set()


def test_commands_that_are_named_exist() -> None:
    assert named(COMMAND) - set(get_commands()) == set()


def test_tests_that_are_named_exist() -> None:
    existing = {
        name for path in (ROOT / "tests").rglob("*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert named(NAMED_TEST) - existing == set()


def test_every_variable_of_the_environment_is_described() -> None:
    read = {
        name
        for path in (ROOT / "site" / "config" / "settings").glob("*.py")
        for name in ENVIRONMENT.findall(path.read_text())
    }
    described = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE))
    assert read
    assert read - described == set()


def test_every_limit_is_described_with_its_number_and_the_test_that_shows_it() -> None:
    text = (ROOT / "docs" / "operations.md").read_text().split("## Limits")[1].split("\n## ")[0]
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")] for line in text.splitlines() if "| `test_" in line
    ]
    rates = {row[0]: row[1] for row in rows if "." not in row[0]}
    assert rates == {name: rate for name, rate in settings.ACCOUNT_RATE_LIMITS.items() if rate}
    numbers = {row[0]: row[1] for row in rows if "." in row[0]}
    assert numbers
    for name, number in numbers.items():
        module, _dot, constant = name.rpartition(".")
        assert getattr(import_module(module), constant) == int(number), name


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text()))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}


def test_description_for_catalogues_has_every_mandatory_key() -> None:
    described = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    assert not [key for key in PUBLICCODE_KEYS if not value_at(described, key)]
    for language, texts in described["description"].items():
        assert not [key for key in PUBLICCODE_TEXTS if not texts.get(key)], language
        assert len(texts["shortDescription"]) <= SHORT_DESCRIPTION_MAX, language
        assert LONG_DESCRIPTION_MIN <= len(texts["longDescription"]) <= LONG_DESCRIPTION_MAX, language
        assert not [path for path in texts.get("screenshots", []) if not (ROOT / path).exists()], language


def value_at(tree: Any, path: str) -> Any:
    """The value below nested keys written as a/b, or None."""
    for key in path.split("/"):
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree
