"""A database, an index and a folder for one number of projects; nothing outside of them is touched."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
READY = "ready"
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Sandbox:
    """Everything that belongs to one size."""

    size: int
    directory: Path
    static: Path
    server_url: str = ""  # PostgreSQL to make the database on; empty for SQLite
    is_quick: bool = False  # projects are written as rows
    search_url: str = ""  # another engine than the embedded one

    @property
    def database_name(self) -> str:
        return f"{urlsplit(self.server_url).path.lstrip('/')}_bench_{self.size}"

    @property
    def database_url(self) -> str:
        if not self.server_url:
            return f"sqlite:///{self.directory}/db.sqlite3"
        return urlunsplit(urlsplit(self.server_url)._replace(path=f"/{self.database_name}"))

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to work in here."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            "SECRET_KEY": "of-a-sandbox-that-nobody-enters-" * 2,
            "ALLOWED_HOSTS": f"{HOST},localhost",
            "BASE_URL": f"http://{HOST}",
            "DATABASE_URL": self.database_url,
            "SEARCH_URL": self.search_url or f"tantivy://{self.directory}/index",
            "SEARCH_FALLBACK_URL": "",
            "SEARCH_MEANING": os.environ.get("SEARCH_MEANING", "off"),
            "CACHE_URL": "locmemcache://",
            "VAR_DIR": str(self.directory),
            "STATIC_ROOT": str(self.static),
        }

    @property
    def is_ready(self) -> bool:
        return (self.directory / READY).exists()

    def run(self, *command: str) -> str:
        """Run a Python program in here and return what it prints. Raises CalledProcessError."""
        finished = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return finished.stdout

    def step(self, name: str, *arguments: str) -> Any:
        """The result of a step, run in a process of its own."""
        return json.loads(self.run("-m", "bench.process", name, *arguments))

    def prepare(self) -> None:
        """Load the projects, unless an earlier run did and was told to keep them; what is served is today's."""
        self.run("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        if self.is_ready:
            self.run("manage.py", "migrate", "--verbosity", "0")
            return
        self.make_empty()
        report = self.step("load", str(self.size), *["quick"] * self.is_quick)
        (self.directory / READY).write_text(json.dumps(report))

    def make_empty(self) -> None:
        """A database with nothing in it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if self.server_url:
            self.drop_database()
            self._on_server("CREATE DATABASE {}")
        self.run("manage.py", "migrate", "--verbosity", "0")

    @property
    def load_report(self) -> dict[str, Any]:
        """What bench.load printed when it ran."""
        return dict(json.loads((self.directory / READY).read_text()))

    def drop_database(self) -> None:
        if self.server_url:
            self._on_server("DROP DATABASE IF EXISTS {}")

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(self.database_name)))


@contextmanager
def sandboxes(
    sizes: list[int], directory: Path, server_url: str, is_kept: bool, is_quick: bool
) -> Iterator[list[Sandbox]]:
    """A loaded sandbox for each size; databases on a server are dropped afterwards unless kept."""
    made = [Sandbox(size, directory / str(size), directory / "static", server_url, is_quick) for size in sizes]
    try:
        for sandbox in made:
            print(f"Preparing {sandbox.size:,} projects …", file=sys.stderr, flush=True)
            sandbox.prepare()
        yield made
    finally:
        if not is_kept:
            for sandbox in made:
                sandbox.drop_database()
