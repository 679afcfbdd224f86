"""Where the texts lie and how they are read: TOML files beside this module, nothing else."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent / "content"

Record = dict[str, Any]


@cache
def read(name: str) -> Record:
    """The file of that name below content/, without its suffix. Raises FileNotFoundError or TOMLDecodeError."""
    return tomllib.loads((ROOT / f"{name}.toml").read_text(encoding="utf-8"))


def read_folder(folder: str) -> dict[str, Record]:
    """Every file of a folder below content/, by its name without suffix: the slug of the page it becomes."""
    return {path.stem: read(f"{folder}/{path.stem}") for path in sorted((ROOT / folder).glob("*.toml"))}


def bodies() -> dict[str, Record]:
    """Public bodies with their projects, by slug."""
    return read_folder("bodies")


def articles() -> dict[str, Record]:
    """Guides and experience reports, by slug."""
    return read_folder("articles")


def projects() -> dict[str, Record]:
    """All projects by “body/project”, the address by which other texts name them."""
    return {f"{slug}/{project['slug']}": project for slug, body in bodies().items() for project in body["projects"]}


def picture_path(name: str) -> Path:
    """The drawing of that name."""
    return ROOT / "images" / f"{name}.png"
