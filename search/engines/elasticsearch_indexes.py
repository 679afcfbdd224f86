"""The indexes of one installation on the search server, and which of them is in use; moved only by aliases.

    <prefix>-<schema hash>-<id>   an index
    <prefix>                      alias of the one in use, read and written
    <prefix>-building             alias of the one a rebuild fills; writes go into both
    <prefix>-previous             alias of the one before, for going back

Every change is one request that the server does whole or not at all. The alias of the new index is a "write index", of
which the server allows one: so a second rebuild is refused. The rebuild renews a date in its index; one that is old was
left by a process that was killed, and is taken over. Must not know documents.
"""

import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from search.engines.contract import EngineError, IndexMissingError, RebuildRunningError
from search.engines.elasticsearch_connection import Connection
from search.engines.elasticsearch_documents import REFRESH_INTERVAL, mapping, schema_hash, settings

log = structlog.get_logger(__name__)

# A rebuild shows so often that it is alive, and is taken to be dead after the longer time. Clocks of two machines may
# differ by some seconds.
RENEW_SECONDS = 5.0
LEASE_SECONDS = 30.0
# Of an index being filled, which nobody reads: one that loses its last writes differs from the database, and does not
# come into use.
WHILE_FILLING = {"refresh_interval": "-1", "translog.durability": "async"}
WHEN_FILLED = {"refresh_interval": REFRESH_INTERVAL, "translog.durability": "request"}
# A new index with copies is put to use when they are there; without enough nodes they never will be.
COPIES_SECONDS = 60
OF_OURS = ("aliases", "mappings")


@dataclass(frozen=True)
class Index:
    """One index of ours as the server describes it."""

    name: str
    aliases: frozenset[str]
    schema: str  # empty for one that is not ours
    renewed: float  # seconds since 1970 when its rebuild last showed that it is alive


class Indexes:
    """The indexes below one prefix, all of one schema."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.prefix = connection.address.prefix
        self.building = f"{self.prefix}-building"
        self.previous = f"{self.prefix}-previous"
        self.schema = schema_hash()
        self._named = re.compile(rf"{re.escape(self.prefix)}-[0-9a-f]{{12}}-[0-9a-f]{{12}}")

    # --- looking --------------------------------------------------------------------------------------

    def current(self) -> Index:
        """The index in use. Raises IndexMissingError if there is none of this schema."""
        return self._usable(self._look(self.prefix))

    def targets(self) -> list[Index]:
        """Where a write goes: the index in use and the one being built. Raises IndexMissingError if there is none."""
        found = self._look(self.prefix, self.building)
        building = [index for index in found if self.building in index.aliases and index.schema == self.schema]
        try:
            return [self._usable(found), *building]
        except IndexMissingError:
            if not building:
                raise
            return building

    def _usable(self, found: list[Index]) -> Index:
        in_use = [index for index in found if self.prefix in index.aliases]
        if not in_use:
            raise IndexMissingError(f"There is no index {self.prefix} on the search server: run rebuild_index.")
        if len(in_use) > 1 or in_use[0].schema != self.schema:
            raise IndexMissingError(
                f"The index behind {self.prefix} was made by another version or another program: run rebuild_index."
            )
        return in_use[0]

    def _look(self, *names: str) -> list[Index]:
        """What stands behind these names, in one request."""
        answer: Mapping[str, Any] = self.connection.ask(
            lambda client: (
                client.indices.get(
                    index=list(names), features=list(OF_OURS), ignore_unavailable=True, allow_no_indices=True
                ).body
            )
        )
        return [self._described(name, state) for name, state in answer.items()]

    def _described(self, name: str, state: Mapping[str, Any]) -> Index:
        meta = state.get("mappings", {}).get("_meta", {})
        is_ours = self._named.fullmatch(name) is not None
        schema = str(meta.get("schema", "")) if is_ours else ""
        return Index(name, frozenset(state.get("aliases", {})), schema, float(meta.get("renewed", 0)))

    # --- building -------------------------------------------------------------------------------------

    def begin(self) -> str:
        """A new index that writes go into from now on. Raises RebuildRunningError while another rebuild lives."""
        self._refuse_foreign_index()
        self._remove_forgotten()
        abandoned = [index for index in self._look(self.building) if self.building in index.aliases]
        if any(time.time() - index.renewed < LEASE_SECONDS for index in abandoned):
            raise RebuildRunningError("Another process is building the index.")
        name = f"{self.prefix}-{self.schema}-{uuid.uuid4().hex[:12]}"
        marker = {self.building: {"is_write_index": True}}
        self._create(name, {} if abandoned else marker)
        if abandoned:
            log.warning("search_rebuild_taken_over", indexes=[index.name for index in abandoned])
            # Whole or not at all: of two processes that take over, the second finds nothing to remove.
            removals = [_removed(index.name) for index in abandoned]
            try:
                self._update([*removals, _added(name, self.building)])
            except EngineError as error:
                self.abandon(name)
                raise RebuildRunningError("Another process is building the index.") from error
        return name

    def _create(self, name: str, aliases: Mapping[str, Any]) -> None:
        body = {**mapping(), "_meta": self._meta()}
        options = {**settings(self.connection.address.shards), **WHILE_FILLING}
        try:
            self.connection.tell(
                lambda client: client.indices.create(index=name, aliases=aliases, mappings=body, settings=options)
            )
        except EngineError as error:
            if "more than one write index" in str(error):
                raise RebuildRunningError("Another process is building the index.") from error
            # A request repeated at the next host may find that the first had done it.
            if "resource_already_exists_exception" not in str(error):
                raise

    def _meta(self) -> dict[str, Any]:
        return {"schema": self.schema, "renewed": time.time()}

    def renew(self, name: str) -> None:
        """Show that the rebuild lives. Raises EngineError if it was taken over."""
        self.connection.tell(lambda client: client.indices.put_mapping(index=name, meta=self._meta()))

    def filled(self, name: str) -> None:
        """From now on writes are as safe as in an index in use, and what was written so far is."""
        self.connection.tell(lambda client: client.indices.put_settings(index=name, settings=WHEN_FILLED))
        self.connection.tell(lambda client: client.indices.flush(index=name))

    def publish(self, name: str) -> None:
        """Searches read this index from now on; the one before stays for going back, the one before that goes."""
        self._add_copies(name)
        found = self._look(self.prefix, self.previous)
        in_use = [index for index in found if self.prefix in index.aliases]
        earlier = [index for index in found if self.previous in index.aliases and index not in in_use]
        actions = [_dropped(name, self.building), _added(name, self.prefix)]
        for index in in_use:
            actions.append(_dropped(index.name, self.prefix))
            if index.schema:
                actions.append(_added(index.name, self.previous, is_written=False))
        actions += [_removed(index.name) for index in earlier if index.schema]
        self._update(actions)

    def _add_copies(self, name: str) -> None:
        replicas = self.connection.address.replicas
        self.connection.tell(lambda client: client.indices.refresh(index=name))
        if not replicas:
            return
        copies = {"index.number_of_replicas": replicas}
        self.connection.tell(lambda client: client.indices.put_settings(index=name, settings=copies))
        end = time.monotonic() + COPIES_SECONDS
        while time.monotonic() < end:
            # 408: not green within the second.
            health = self.connection.ask(
                lambda client: (
                    client.options(ignore_status=408)
                    .cluster.health(index=name, wait_for_status="green", timeout="1s")
                    .body
                )
            )
            if health["status"] == "green":
                return
        log.warning("search_copies_missing", index=name, replicas=replicas)

    def go_back(self) -> None:
        """Index in use and previous one change places. Raises IndexMissingError without a usable previous one."""
        found = self._look(self.prefix, self.previous)
        earlier = [index for index in found if self.previous in index.aliases]
        if not earlier:
            raise IndexMissingError("There is no earlier index to go back to.")
        if earlier[0].schema != self.schema:
            raise IndexMissingError("The earlier index was made by another version: only that version can read it.")
        actions = [_dropped(earlier[0].name, self.previous), _added(earlier[0].name, self.prefix)]
        for index in found:
            if self.prefix in index.aliases:
                actions.append(_dropped(index.name, self.prefix))
                if index.schema:
                    actions.append(_added(index.name, self.previous, is_written=False))
        self._update(actions)

    def abandon(self, name: str) -> None:
        self.connection.tell(lambda client: client.indices.delete(index=name, ignore_unavailable=True))

    # --- keeping order --------------------------------------------------------------------------------

    def _refuse_foreign_index(self) -> None:
        """An index, not an alias, of our name: another program made it, and we must not remove it."""
        if any(index.name == self.prefix for index in self._look(self.prefix)):
            raise EngineError(
                f"Another program made an index called {self.prefix} on the search server: remove it, or choose "
                "another prefix in SEARCH_URL."
            )

    def _remove_forgotten(self) -> None:
        """Indexes of ours without an alias: a process was killed between two steps."""
        found = self._look(f"{self.prefix}-*")
        for index in found:
            if self._named.fullmatch(index.name) and not index.aliases:
                self.abandon(index.name)

    def remove_all(self) -> None:
        """Every index of this prefix goes; for tests and measurements."""
        for index in self._look(f"{self.prefix}-*"):
            if self._named.fullmatch(index.name):
                self.abandon(index.name)

    def _update(self, actions: list[Mapping[str, Any]]) -> None:
        self.connection.tell(lambda client: client.indices.update_aliases(actions=actions))


def _added(index: str, alias: str, *, is_written: bool = True) -> Mapping[str, Any]:
    return {"add": {"index": index, "alias": alias, "is_write_index": is_written}}


def _dropped(index: str, alias: str) -> Mapping[str, Any]:
    return {"remove": {"index": index, "alias": alias, "must_exist": True}}


def _removed(index: str) -> Mapping[str, Any]:
    return {"remove_index": {"index": index}}
