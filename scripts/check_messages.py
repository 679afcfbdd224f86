"""Fail when the German catalogue lacks a text, carries a doubtful one, or does not match code and templates.

The comparison with the code needs GNU gettext; without it that part is left out and says so.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"


def read() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def faults(catalogue: Catalog) -> list[str]:
    """One line a fault: a text without translation, marked doubtful, or with placeholders that differ."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if not all(texts):
            found.append(f"not translated: {message.id!r}")
        elif message.fuzzy:
            found.append(f"marked fuzzy: {message.id!r}")
        found += [f"{error}: {message.id!r}" for error in message.check(catalogue)]
    return found


def identifiers(catalogue: Catalog) -> set[object]:
    return {(message.context, message.id) for message in catalogue if message.id}


def differences() -> list[str]:
    """Texts that the code has and the catalogue has not, or the other way round."""
    before, stored = identifiers(read()), CATALOGUE.read_bytes()
    try:
        subprocess.run(
            [sys.executable, str(ROOT / "scripts" / "collect_messages.py")],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        after = identifiers(read())
    finally:
        CATALOGUE.write_bytes(stored)
    missing = [f"missing in the catalogue: {message!r}" for message in sorted(after - before, key=str)]
    return missing + [f"no longer used: {message!r}" for message in sorted(before - after, key=str)]


def main() -> None:
    found = faults(read())
    if shutil.which("xgettext"):
        found += differences()
    elif os.environ.get("CI"):
        found.append("GNU gettext is missing; the comparison with the code cannot be left out here")
    else:
        print("GNU gettext is missing: the catalogue was not compared with the code.", flush=True)
    if found:
        sys.exit("\n".join([*found, "Run `make messages`, then translate in locale/de/LC_MESSAGES/django.po."]))


if __name__ == "__main__":
    main()
