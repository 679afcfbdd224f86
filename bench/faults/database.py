"""A PostgreSQL of its own in a folder: started, restarted the hard way, and removed."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

HOST = "127.0.0.1"
# PostgreSQL refuses to run as root; this account comes with its package.
UNPRIVILEGED = "postgres"


def programs() -> Path:
    """Folder of initdb and pg_ctl. Raises FileNotFoundError if PostgreSQL is not installed."""
    if found := shutil.which("pg_ctl"):
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise FileNotFoundError("PostgreSQL is missing. On Debian and Ubuntu: apt install postgresql")
    return versions[-1].parent


class Database:
    """One server; `url` names its first database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.with_suffix(".log")
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = int(probe.getsockname()[1])

    @property
    def url(self) -> str:
        return f"postgres://{UNPRIVILEGED}@{HOST}:{self.port}/postgres"

    def create(self) -> None:
        self.folder.mkdir(parents=True)
        self.log.touch()
        if os.geteuid() == 0:
            shutil.chown(self.folder, UNPRIVILEGED)
            shutil.chown(self.log, UNPRIVILEGED)
            # The folders above belong to whoever runs this; PostgreSQL has to get through.
            for parent in self.folder.parents[:2]:
                if parent != Path("/tmp"):  # noqa: S108
                    parent.chmod(0o755)
        self._run("initdb", "-U", UNPRIVILEGED, "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses={HOST} -c unix_socket_directories={self.folder}"
        self._run("pg_ctl", "-o", options, "-l", str(self.log), "-w", "start")

    def stop(self, how: str = "fast") -> None:
        """`how` is fast (connections are ended) or immediate (as after a crash)."""
        self._run("pg_ctl", "-m", how, "-w", "stop")

    def restart(self, how: str) -> None:
        self.stop(how)
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(programs() / program), "-D", str(self.folder), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", UNPRIVILEGED, "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
