"""The shape of the source tree, as docs/architecture.md describes it."""

import ast
import re
import subprocess
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
# Each may import those after it.
ORDER = ["config", "examples", "matching", "search", "people", "knowledge", "projects", "pages"]
TEMPLATES = ROOT / "templates"
# Templates of no app: each may show them, so they may name none.
SHOWN_BY_ALL = {"base.html", "blocks", "components", "pages"}
FOLDER = {"config": ROOT / "site" / "config", "pages": ROOT / "site" / "pages"}
# 300 lines are the sign to split a file, some more are no reason to stop.
LINES_MAX = 350
# Beside its folders, a room has files for the whole of it; more of them make a folder by capability.
FLAT_MAX = 12
# What all rooms use is no capability of its own: one small file for each thing.
ALL_SMALL = {"pages": 28, "config": 20, "examples": 14}
# What every folder of a room may use, and what puts them together.
IN_NO_FOLDER = {"models", "migrations", "management", "templatetags"}
FUNCTION_LINES_MAX = 40
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "manager"}


def modules(package: str) -> list[Path]:
    found = [p for p in FOLDER.get(package, ROOT / package).rglob("*.py") if "migrations" not in p.parts]
    assert found, package
    return found


def imported(path: Path) -> set[str]:
    """Top-level names a module imports, those inside functions included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", ORDER)
def test_imports_go_one_way(package: str) -> None:
    above = set(ORDER[: ORDER.index(package)])
    wrong = {str(path.relative_to(ROOT)): found for path in modules(package) if (found := imported(path) & above)}
    assert not wrong


def folders_used(package: str) -> dict[str, set[str]]:
    """Folders of a room by capability, each with those of the same room it imports."""
    home = FOLDER.get(package, ROOT / package)
    folders = {path.name for path in home.iterdir() if (path / "__init__.py").exists()} - IN_NO_FOLDER
    used: dict[str, set[str]] = {name: set() for name in folders}
    for name in folders:
        for path in (home / name).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    parts = node.module.split(".")
                    names = parts[1:2] or [alias.name for alias in node.names]
                    used[name] |= folders.intersection(names) - {name} if parts[0] == package else set()
    return used


@pytest.mark.parametrize("package", ORDER)
def test_folders_of_a_room_import_one_way(package: str) -> None:
    # Raises CycleError, which names the folders.
    assert set(TopologicalSorter(folders_used(package)).static_order()) == set(folders_used(package))


@pytest.mark.parametrize("package", ORDER)
def test_rooms_are_cut_into_folders(package: str) -> None:
    home = FOLDER.get(package, ROOT / package)
    assert len([path for path in home.glob("*.py") if path.name != "__init__.py"]) <= ALL_SMALL.get(package, FLAT_MAX)


def room_of_template(name: str) -> str:
    """The app of a template by its folder; what dresses the pages of other packages may name all."""
    folder = name.split("/")[0]
    return folder if folder in ORDER else "pages" if folder in SHOWN_BY_ALL else "config"


def named_by_template(text: str) -> set[str]:
    """Apps whose templates and tags a template names."""
    tags = {path.stem: package for package in ORDER for path in modules(package) if path.parent.name == "templatetags"}
    templates = re.findall(r"""\{% (?:include|extends) ["']([^"']+)["']""", text)
    libraries = " ".join(re.findall(r"\{% load ([^%]+) %\}", text)).split()
    return {room_of_template(name) for name in templates} - {"config"} | {
        tags[name] for name in libraries if name in tags
    }


@pytest.mark.parametrize("package", ORDER)
def test_templates_name_those_of_lower_apps_only(package: str) -> None:
    """A higher app fills a slot (`site/pages/slots.py`) instead."""
    above = set(ORDER[: ORDER.index(package)])
    templates = {str(path.relative_to(TEMPLATES)): path for path in TEMPLATES.rglob("*.html")}
    mine = {name: path for name, path in templates.items() if room_of_template(name) == package}
    assert not {name: found for name, path in mine.items() if (found := named_by_template(path.read_text()) & above)}


def test_slots_are_filled_and_what_is_filled_exists() -> None:
    opened = re.compile(r"""\{% slot "(\w+)" %\}""")
    slots = {name for path in TEMPLATES.rglob("*.html") for name in opened.findall(path.read_text())}
    code = "".join(path.read_text() for package in ORDER for path in modules(package))
    filled = re.findall(r"""\bfill\("(\w+)", "([^"]+)\"""", code)
    assert slots
    assert slots == {slot for slot, _template in filled}
    assert all((TEMPLATES / template).is_file() for _slot, template in filled)


def test_templates_compare_no_field_with_a_value_of_the_database() -> None:
    """What a stored value means is asked of a property, such as `project.is_discontinued`."""
    models = [model for app in ORDER[2:-1] for model in apps.get_app_config(app).get_models()]
    values: dict[str, set[str]] = defaultdict(set)
    for field in (field for model in models for field in model._meta.get_fields()):
        values[field.name] |= {str(value) for value, _label in getattr(field, "flatchoices", ()) if value}
    assert "nicht_weiterverfolgt" in values["phase"]
    compared = re.compile(r"""\.(\w+) (?:[!=]=|in) ["']([^"']+)["']""")
    wrong = {
        (str(path.relative_to(ROOT)), field, value)
        for path in TEMPLATES.rglob("*.html")
        for field, value in compared.findall(path.read_text())
        if value in values[field]
    }
    assert not wrong


def test_site_is_a_folder_and_no_package() -> None:
    """Python's standard library owns the name `site`; a package of that name could break the interpreter's start."""
    assert (ROOT / "site").is_dir()
    assert not (ROOT / "site" / "__init__.py").exists()


@pytest.mark.process
def test_site_is_not_ignored_by_git() -> None:
    run = subprocess.run(["git", "check-ignore", "-q", "site/config/urls.py"], cwd=ROOT, check=False)
    assert run.returncode == 1


@pytest.mark.parametrize("package", ORDER)
def test_file_names_say_what_is_inside(package: str) -> None:
    assert not {path.stem for path in modules(package)} & FORBIDDEN_NAMES


@pytest.mark.parametrize("package", ORDER)
def test_files_stay_short(package: str) -> None:
    long = {str(p.relative_to(ROOT)): n for p in modules(package) if (n := len(p.read_text().splitlines())) > LINES_MAX}
    assert not long


@pytest.mark.parametrize("package", ORDER)
def test_functions_stay_short(package: str) -> None:
    long = {
        f"{path.relative_to(ROOT)} {node.name}": node.end_lineno - node.lineno + 1
        for path in modules(package)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= FUNCTION_LINES_MAX
    }
    assert not long


def test_rules_ask_what_is_routed() -> None:
    """`request.path` begins with what a header may say; `pages.routes` and `request.path_info` do not."""
    code = [path for package in ORDER for path in modules(package)] + list((ROOT / "templates").rglob("*.html"))
    assert len(code) > len(ORDER)
    asking = [path for path in code if re.search(r"request\.path\b(?!_info)", path.read_text())]
    # One names the attribute, one takes it out of the lines of Django's log.
    assert {path.name for path in asking} == {"routes.py", "access_log.py"}
