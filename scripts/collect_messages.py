"""Collect the texts of code and templates into the catalogues; needs GNU gettext (xgettext, msgmerge)."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IGNORED = ("var/*", "node_modules/*", ".venv/*", "tests/*", "bench/*", "examples/content/*")


def main() -> None:
    if not shutil.which("xgettext"):
        sys.exit("GNU gettext is missing. On Debian and Ubuntu: apt install gettext")
    ignore = [part for pattern in IGNORED for part in ("--ignore", pattern)]
    command = [sys.executable, "manage.py", "makemessages", "--locale", "de", "--no-obsolete", "--no-wrap"]
    command += ["--extension", "html,txt,py,xml"]
    subprocess.run([*command, "--add-location", "file", *ignore], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
