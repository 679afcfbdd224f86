"""A real clamd with signatures of its own: it finds harm where, and only where, these words stand."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from projects.uploads import scanner
from projects.uploads.scanner import ScannerError

HARM = b"HARMFUL-CONTENT-FOR-TESTS"
FINDING = "Test.Harmful.UNOFFICIAL"
START_SECONDS = 30
CONFIGURATION = """Foreground yes
User root
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/clamd.sock
StreamMaxLength 1M
MaxThreads 2
"""


class Clamd:
    """One scanner in a folder of its own; it can be stopped and started again."""

    def __init__(self, folder: Path, signatures: bytes = HARM) -> None:
        self.folder = folder
        self.url = f"unix://{folder}/clamd.sock"
        (folder / "signatures").mkdir(parents=True)
        (folder / "signatures" / "test.ndb").write_text(f"Test.Harmful:0:*:{signatures.hex()}\n")
        configuration = CONFIGURATION.format(folder=folder)
        (folder / "clamd.conf").write_text(
            configuration.replace("User root\n", "") if not _is_root() else configuration
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(program()), "-c", str(self.folder / "clamd.conf")]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self._wait()

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _wait(self) -> None:
        before, settings.CLAMD_URL = settings.CLAMD_URL, self.url
        try:
            for _ in range(START_SECONDS * 10):
                try:
                    scanner.version()
                except ScannerError:
                    time.sleep(0.1)
                else:
                    return
            raise RuntimeError((self.folder / "log").read_text())
        finally:
            settings.CLAMD_URL = before


def program() -> str | None:
    """Where clamd is; Debian puts it where ordinary people do not look."""
    return shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


def _is_root() -> bool:
    return Path("/proc/self").stat().st_uid == 0


@contextmanager
def running_scanner(folder: Path) -> Iterator[Clamd]:
    clamd = Clamd(folder)
    clamd.start()
    try:
        yield clamd
    finally:
        clamd.stop()
