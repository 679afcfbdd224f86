"""The tests' database: made by the migrations once, kept, and copied for each run and after each test that commits.

It is kept under a fingerprint of what the migrations put there: in `var/tests` (SQLite), or as a database of the same
server (PostgreSQL). A test that changes what all others find gets a copy in a tenth of the time that emptying and
filling the tables took.
"""

import contextlib
import fcntl
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "tests"
# What migrations, and receivers of `post_migrate`, are made of. tests/config/test_kept_database.py finds a missing one.
SOURCES = (
    "*/migrations/*.py",
    "*/apps.py",
    "people/rights.py",
    "people/receivers.py",
    "search/text/default_synonyms.py",
    "requirements.txt",
)
# Two branches that are worked on in turn find theirs again.
KEPT_FILES = 4
# For a request that is still under way in a server of the test before.
WAIT_SECONDS = 20


def fingerprint(root: Path = ROOT) -> str:
    """Twelve hexadecimal digits of the files that decide what a migrated database holds."""
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


class FileCopies:
    """Copies of an SQLite database, as files."""

    def __init__(self, used: str) -> None:
        self.used = Path(used)

    def kept(self, label: str) -> str:
        FOLDER.mkdir(parents=True, exist_ok=True)
        others = sorted(set(FOLDER.glob("*.sqlite3")), key=lambda path: path.stat().st_mtime)
        for path in others[:-KEPT_FILES]:
            path.unlink()
        return str(FOLDER / f"{label}.sqlite3")

    def of_this_run(self, label: str) -> str:
        return str(self.used.with_name(f"{label}.sqlite3"))

    def exists(self, copy: str) -> bool:
        return Path(copy).exists()

    def store(self, copy: str) -> None:
        """Copy the database in use; a copy of that name appears whole or not at all."""
        unfinished = Path(copy).with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        _copy_file(self.used, unfinished)
        unfinished.replace(copy)

    def restore(self, copy: str) -> None:
        """Put what the copy holds in the place of what the database in use holds.

        Not the file: a server's thread that still has the old one open would remove the journal of the new one.
        """
        _copy_file(Path(copy), self.used)
        Path(copy).touch()

    def remove(self, *copies: str) -> None:
        """The folder of a run goes with the run."""


def _copy_file(source: Path, target: Path) -> None:
    connections.close_all()
    opened = sqlite3.connect(source), sqlite3.connect(target, timeout=WAIT_SECONDS)
    with contextlib.closing(opened[0]), contextlib.closing(opened[1]):
        opened[0].backup(opened[1])


class ServerCopies:
    """Copies of a PostgreSQL database, as databases of the same server; what is kept stays until somebody drops it."""

    def __init__(self, used: str) -> None:
        self.used = used

    def kept(self, label: str) -> str:
        return f"test_{label}"

    def of_this_run(self, label: str) -> str:
        return f"{self.used}_{label}"

    def exists(self, copy: str) -> bool:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [copy])
            return cursor.fetchone() is not None

    def store(self, copy: str) -> None:
        """Copy the database in use."""
        self._copy(self.used, copy)

    def restore(self, copy: str) -> None:
        """Put the copy in the place of the database in use."""
        self._copy(copy, self.used)

    def _copy(self, source: str, target: str) -> None:
        self.remove(target)
        with connection._nodb_cursor() as cursor:
            # Nobody may be connected to what is copied; in a browser's tests there is a connection beside ours.
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [source])
            # Files are copied faster than their contents are logged, and no test survives a crash of the server.
            cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')

    def remove(self, *copies: str) -> None:
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            for copy in copies:
                cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


class KeptDatabase:
    """The database of a run of tests. Entering puts the seed into it, leaving removes what the run made."""

    def __init__(self) -> None:
        used = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
        self.copies = FileCopies(used) if connection.vendor == "sqlite" else ServerCopies(used)
        self.of_this_run: set[str] = set()

    def __enter__(self) -> "KeptDatabase":
        with _alone():
            self.seed = self.copies.kept(f"seed-{fingerprint()}")
            if not self.copies.exists(self.seed):
                self._migrate()
            self.restore()
        connection.settings_dict["NAME"] = str(self.copies.used)
        return self

    def __exit__(self, *_error: object) -> None:
        self.copies.remove(str(self.copies.used), *self.of_this_run)

    def _migrate(self) -> None:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        # The same primary keys in every copy, also those of types that a test is the first to ask for.
        ContentType.objects.clear_cache()
        ContentType.objects.get_for_models(*apps.get_models())
        ContentType.objects.get_for_models(*apps.get_models(), for_concrete_models=False)
        self.copies.store(self.seed)

    def restore(self) -> None:
        """Everything as the migrations left it, whatever was committed since."""
        self.copies.restore(self.seed)

    def fill(self, label: str, build: Callable[[], None]) -> None:
        """The seed and what `build` adds: built once a run, copied whenever asked for again."""
        copy = self.copies.of_this_run(label)
        if self.copies.exists(copy):
            self.copies.restore(copy)
            return
        self.restore()
        build()
        self.copies.store(copy)
        self.of_this_run.add(copy)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Processes that start together do not migrate twice, nor copy what another has not finished."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
