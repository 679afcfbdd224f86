"""The directory of the embedded engine: generations of the index, which one is in use, and who may write.

    root/current      name of the generation that searches read
    root/previous     name of the generation before it, for going back
    root/building     name of the generation a rebuild fills, if one runs; writes go into both
    root/<name>/      a tantivy index; its name starts with the hash of schema and analysis
    root/write.lock   held while writing, by one process and thread at a time
    root/rebuild.lock held during a rebuild

Knows nothing about tantivy.
"""

import fcntl
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from search.engines.contract import EngineError, IndexMissingError, RebuildRunningError

log = structlog.get_logger(__name__)

# A write takes some ten milliseconds, a batch of a rebuild about a second; who waits longer has met a stuck process.
LOCK_TIMEOUT_SECONDS = 30.0
LOCK_POLL_SECONDS = 0.01


class FileLock:
    """A lock on a file, for threads and processes alike; the same thread may take it again."""

    def __init__(
        self, path: Path, timeout: float = LOCK_TIMEOUT_SECONDS, refusal: type[EngineError] = EngineError
    ) -> None:
        self.path = path
        self.timeout = timeout
        self.refusal = refusal
        self._held = threading.local()

    def finish_later(self, step: Callable[[], object]) -> None:
        """Have a step done in the background when the lock is let go; others get the lock only after it."""
        self._steps().append(step)

    def finish_now(self) -> None:
        """Do what `finish_later` put off while this thread still holds the lock."""
        _do(self._steps())

    def _steps(self) -> list[Callable[[], object]]:
        steps: list[Callable[[], object]] = self._held.__dict__.setdefault("steps", [])
        return steps

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the lock. Raises `refusal` if another keeps it longer than the timeout (seconds)."""
        if getattr(self._held, "depth", 0):
            self._held.depth += 1
            try:
                yield
            finally:
                self._held.depth -= 1
            return
        descriptor = self._acquire()
        self._held.depth = 1
        try:
            yield
        finally:
            self._held.depth = 0
            steps, self._held.steps = self._steps(), []
            if steps:
                threading.Thread(target=_finish, args=(steps, descriptor), name="search-merging").start()
            else:
                os.close(descriptor)

    def _acquire(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        deadline = time.monotonic() + self.timeout
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(descriptor)
                    raise self.refusal(f"{self.path.name} is held by another process.") from None
                time.sleep(LOCK_POLL_SECONDS)
            else:
                return descriptor


def _finish(steps: list[Callable[[], object]], descriptor: int) -> None:
    try:
        _do(steps)
    except EngineError as error:
        # What was written is committed; the next write merges what this one could not.
        log.warning("search_merging_failed", error=str(error))
    finally:
        os.close(descriptor)


def _do(steps: list[Callable[[], object]]) -> None:
    while steps:
        steps.pop(0)()


class Generations:
    """The generations below one directory, all of the same schema."""

    def __init__(self, root: Path, schema_hash: str) -> None:
        self.root = root
        self.schema_hash = schema_hash
        self.writing = FileLock(root / "write.lock")
        # Two rebuilds at once would be a mistake of the operator: the second says so instead of waiting.
        self.rebuilding = FileLock(root / "rebuild.lock", timeout=0, refusal=RebuildRunningError)

    def current(self) -> Path:
        """The generation searches read. Raises IndexMissingError if there is none of this schema."""
        path = self._named("current")
        if path is None:
            raise IndexMissingError(f"No index in {self.root}: run rebuild_index.")
        if not path.name.startswith(self.schema_hash):
            raise IndexMissingError("The index was made by another version: run rebuild_index.")
        return path

    def targets(self) -> list[Path]:
        """Where a write goes: the generation in use and the one being built."""
        building = self._named("building")
        if building is None:
            return [self.current()]
        current = self._named("current")
        is_usable = current is not None and current.name.startswith(self.schema_hash)
        return [current, building] if current is not None and is_usable else [building]

    def begin(self) -> Path:
        """A new generation; what an abandoned rebuild left is removed."""
        self.root.mkdir(parents=True, exist_ok=True)
        self._remove_all_but({self._named("current"), self._named("previous")})
        path = self.root / f"{self.schema_hash}-{uuid.uuid4().hex[:12]}"
        path.mkdir()
        return path

    def announce(self, path: Path) -> None:
        """From now on writes go into this generation too."""
        self._point("building", path.name)

    def publish(self, path: Path) -> None:
        """Searches read this generation from now on; the one before stays for going back."""
        before = self._named("current")
        if before is not None:
            self._point("previous", before.name)
        self._point("current", path.name)
        (self.root / "building").unlink(missing_ok=True)
        self._remove_all_but({path, before})

    def go_back(self) -> None:
        """Previous and current generation change places. Raises IndexMissingError without a usable previous one."""
        previous, current = self._named("previous"), self._named("current")
        if previous is None:
            raise IndexMissingError("There is no earlier index to go back to.")
        if not previous.name.startswith(self.schema_hash):
            raise IndexMissingError("The earlier index was made by another version: only that version can read it.")
        self._point("current", previous.name)
        if current is not None:
            self._point("previous", current.name)

    def abandon(self, path: Path) -> None:
        (self.root / "building").unlink(missing_ok=True)
        shutil.rmtree(path, ignore_errors=True)

    def _named(self, pointer: str) -> Path | None:
        try:
            name = (self.root / pointer).read_text().strip()
        except FileNotFoundError:
            return None
        path = self.root / name
        return path if name and path.is_dir() else None

    def _point(self, pointer: str, name: str) -> None:
        # A rename is atomic: a reader sees the old name or the new one, never half of it.
        temporary = self.root / f"{pointer}.{uuid.uuid4().hex}.tmp"
        temporary.write_text(name)
        os.replace(temporary, self.root / pointer)

    def _remove_all_but(self, kept: set[Path | None]) -> None:
        (self.root / "building").unlink(missing_ok=True)
        for path in self.root.iterdir():
            if path.is_dir() and path not in kept:
                shutil.rmtree(path, ignore_errors=True)
