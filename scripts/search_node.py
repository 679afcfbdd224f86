"""One node of the search server for development and tests: what it needs, and its process.

The server comes from Maven Central: it is the distribution its makers test with, core and security and nothing else.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / "var" / "search-server"
# The version of compose.yaml; to change it, write the digest of the new file beside it.
VERSION = "9.2.8"
SHA256 = "db508f13489de1f46f1af9b487e1589071f34f5eb03a996b851a8bd67880f09b"
ARTEFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
MAVEN_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
# The oldest Java that Elasticsearch 9 runs on.
OLDEST_JAVA = 21
# The server refuses to run as root; this account exists on every Debian and owns nothing.
UNPRIVILEGED = "nobody"
STOP_SECONDS = 15
HEAP = "512m"
# A compiler that is done sooner and the plainest collector: a node starts in half the time, and is slower from then on.
QUICK_START = "-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC"


class ServerError(Exception):
    """The server cannot be had or does not start; the message says what to do."""


# --- what is needed ---------------------------------------------------------------------------------------------------


def java_home() -> Path:
    """Folder of a JDK that is new enough. Raises ServerError if the machine has none."""
    named = [Path(os.environ[name]) for name in ("ES_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    installed = sorted(Path("/usr/lib/jvm").glob("*/release"), key=lambda release: -_java_version(release.parent))
    for home in (*named, *(release.parent for release in installed)):
        if _java_version(home) >= OLDEST_JAVA:
            return home
    raise ServerError(f"No JDK {OLDEST_JAVA} or newer was found: install one, or name it with ES_JAVA_HOME.")


def _java_version(home: Path) -> int:
    """Main version of the JDK in a folder; 0 if there is none."""
    try:
        lines = (home / "release").read_text().splitlines()
    except OSError:
        return 0
    versions = [line.split('"')[1] for line in lines if line.startswith("JAVA_VERSION=")]
    return int(versions[0].split(".")[0]) if versions and versions[0].split(".")[0].isdigit() else 0


def distribution() -> Path:
    """The server as a zip file, fetched on demand. Raises ServerError if that fails."""
    path = CACHE / f"elasticsearch-{VERSION}.zip"
    if path.exists():
        return path
    if not shutil.which("mvn"):
        raise ServerError("Maven is missing, which fetches the search server. On Debian: apt install maven")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        command = [
            "mvn",
            "--batch-mode",
            "--quiet",
            MAVEN_GOAL,
            f"-Dartifact={ARTEFACT}",
            f"-DoutputDirectory={folder}",
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        fetched = next(Path(folder).glob("*.zip"), None)
        if fetched is None:
            raise ServerError(f"Maven could not fetch {ARTEFACT}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        if hashlib.sha256(fetched.read_bytes()).hexdigest() != SHA256:
            raise ServerError(f"{ARTEFACT} is not the file whose digest is noted in {Path(__file__).name}.")
        fetched.replace(path)
    return path


def reason_to_skip() -> str:
    """Why no server can be started here; empty if one can."""
    try:
        java_home()
    except ServerError as error:
        return str(error)
    if not shutil.which("mvn") and not (CACHE / f"elasticsearch-{VERSION}.zip").exists():
        return "Maven is missing, which fetches the search server."
    return ""


# --- nodes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Account:
    """The only account of a server with security; without one, the server asks for none."""

    user: str
    password: str


class Node:
    """One process of the server with its own folder; it may be killed, paused and started again."""

    def __init__(self, name: str, folder: Path, home: Path, port: int, options: str) -> None:
        self.name = name
        self.options = options
        self.folder = folder
        self.home = home
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process without waiting for its answer."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*_dies_with_us(), str(self.home / "bin" / "elasticsearch")],
                cwd=self.folder,
                env=environment(self.folder) | {"ES_JAVA_OPTS": self.options},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **as_unprivileged(),
            )

    def stop(self) -> None:
        """End it as an operator would, by force if it does not end in time."""
        if self.process is None:
            return
        self.signal(signal.SIGCONT)
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()
        self.process = None

    def pause(self) -> None:
        """Connections are accepted by the kernel, but nothing answers."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def wipe(self) -> None:
        """Empty its disk; only while it does not run."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)

    def signal(self, number: int) -> None:
        """To the process and its children, if any of them still runs."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def log(self) -> str:
        """The last lines it wrote."""
        return "\n".join((self.folder / "server.log").read_text(errors="replace").splitlines()[-30:])


def environment(folder: Path) -> dict[str, str]:
    """What the server's programs need, and nothing else of ours."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "ES_JAVA_HOME": str(java_home()),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
        # Of the programs around the server, which live for seconds.
        "CLI_JAVA_OPTS": QUICK_START.replace("-XX:-UseG1GC ", ""),
    }


def _dies_with_us() -> list[str]:
    """If we are killed without a chance to stop it, the kernel does."""
    return ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []


def as_unprivileged() -> dict[str, Any]:
    if os.geteuid():
        return {}
    account = pwd.getpwnam(UNPRIVILEGED)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def hand_over(folder: Path) -> None:
    """Give a folder to the account the server runs as."""
    if os.geteuid():
        return
    account = pwd.getpwnam(UNPRIVILEGED)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid)
