"""The site's stylesheet as one file: css/site.css is css/layers.css with everything it imports put in its place.

A finder of Django's static files, so that `collectstatic`, the development server and the tests see the same file and
no command has to be run when a part changes. Browsers could follow the imports themselves, with a request for each.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

SOURCE = settings.ROOT / "site" / "static" / "css" / "layers.css"
STYLESHEET = "css/site.css"
IMPORT = re.compile(r'^@import "(?P<file>[^"]+)" layer\((?P<layer>\w+)\)(?: (?P<media>[^;]+))?;$', re.MULTILINE)
CHARSET = '@charset "UTF-8";'


def joined(source: Path) -> str:
    """The text of `source`, its imports replaced by what they name. Raises FileNotFoundError if a part is missing.

    Addresses in the parts are kept: a part that names files must lie in the folder of `source`.
    """

    def part(found: re.Match[str]) -> str:
        text = (source.parent / found["file"]).read_text(encoding="utf-8").removeprefix(CHARSET)
        if found["media"]:
            text = f"@media {found['media']} {{\n{text}}}\n"
        return f"@layer {found['layer']} {{\n{text}}}"

    return IMPORT.sub(part, source.read_text(encoding="utf-8"))


class StylesheetFinder(BaseFinder):
    """Offers the joined stylesheet, written anew whenever a part has changed."""

    def __init__(self, source: Path = SOURCE, folder: Path = settings.VAR / "joined") -> None:
        self.source, self.storage = source, FileSystemStorage(location=folder)

    def find(self, path: str, find_all: bool = False) -> str | list[str]:  # type: ignore[override]
        found = [self._written()] if path == STYLESHEET else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        self._written()
        yield STYLESHEET, self.storage

    def _written(self) -> str:
        """The path of the file. A process that reads it meanwhile has the old one or the new one, never a half."""
        target, text = Path(self.storage.path(STYLESHEET)), joined(self.source)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            half = target.with_suffix(f".{os.getpid()}")
            half.write_text(text, encoding="utf-8")
            half.replace(target)
        return str(target)
