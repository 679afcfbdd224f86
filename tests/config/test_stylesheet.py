"""One stylesheet for the site, made of its parts without a command: in development, in tests and when collected."""

import re
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.template.loader import render_to_string
from django.test import Client

from config.stylesheet import SOURCE, STYLESHEET, StylesheetFinder, joined

CSS = SOURCE.parent
ADDRESS = re.compile(r'url\("(?!data:)([^"]+)"\)')


def test_pages_ask_for_one_stylesheet() -> None:
    page = render_to_string("500.html")
    assert re.findall(r'<link rel="stylesheet"\s+href="([^"]+)"', page) == [f"/static/{STYLESHEET}"]


def test_every_part_is_in_the_stylesheet_once() -> None:
    source, text = SOURCE.read_text(), joined(SOURCE)
    assert "@import" not in text
    parts = re.findall(r'@import "([\w.]+)"', source)
    own = {"layers.css", "admin.css", "admin_without_script.css"}
    assert sorted(parts) == sorted(path.name for path in CSS.glob("*.css") if path.name not in own)
    for name in parts:
        assert text.count((CSS / name).read_text()) == 1, name


def test_every_part_is_in_a_layer_that_is_declared() -> None:
    declared = re.search(r"^@layer ([\w, ]+);$", joined(SOURCE), re.MULTILINE)
    assert declared
    assert set(re.findall(r"^@layer (\w+) \{", joined(SOURCE), re.MULTILINE)) == set(declared[1].split(", "))


def test_paper_is_styled_on_paper_only() -> None:
    assert "@layer print {\n@media print {\n" in joined(SOURCE)


def test_files_the_stylesheet_names_exist() -> None:
    named = ADDRESS.findall(joined(SOURCE))
    assert named
    assert [name for name in named if not (CSS / name).resolve().is_file()] == []


def test_missing_part_is_no_silent_gap(tmp_path: Path) -> None:
    source = tmp_path / "layers.css"
    source.write_text('@import "gone.css" layer(base);')
    with pytest.raises(FileNotFoundError):
        joined(source)


def test_changed_part_is_seen_at_once(tmp_path: Path) -> None:
    source, part = tmp_path / "layers.css", tmp_path / "part.css"
    source.write_text('@import "part.css" layer(base);')
    finder = StylesheetFinder(source, tmp_path / "joined")
    for text in ("a {}\n", "b {}\n"):
        part.write_text(text)
        assert Path(str(finder.find(STYLESHEET))).read_text() == f"@layer base {{\n{text}}}"


def test_stylesheet_is_served_without_a_command() -> None:
    response = Client().get(f"/static/{STYLESHEET}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/css")
    assert b"".join(response) == joined(SOURCE).encode()


def test_collected_stylesheet_carries_its_digest(tmp_path: Path) -> None:
    shutil.copytree(CSS.parent, tmp_path, dirs_exist_ok=True)
    for name, storage in StylesheetFinder().list([]):
        (tmp_path / name).write_bytes(storage.open(name).read())
    collected = ManifestStaticFilesStorage(location=tmp_path)
    files = {str(path.relative_to(tmp_path)): path for path in tmp_path.rglob("*") if path.is_file()}
    assert not [
        error
        for *_, error in collected.post_process({name: (collected, name) for name in files})
        if isinstance(error, Exception)
    ]
    named = collected.stored_name(STYLESHEET)
    assert re.fullmatch(r"css/site\.[0-9a-f]{12}\.css", named)
    assert re.search(r"FiraSans-Regular\.[0-9a-f]{12}\.woff2", (tmp_path / named).read_text())
