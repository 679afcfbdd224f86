"""Names of the vocabularies that the staff keep, remembered for a moment: every search page needs all of them.

A change is forgotten at once where the cache is shared (CACHE_URL) and in the process that made it; a process with a
cache of its own notices after MAX_AGE. The names of what was found are never remembered (see `search.results.hits`).
"""

from collections.abc import Callable, Collection

from django.core.cache import cache
from django.db import connection, transaction

# Seconds. Terms change a few times a year; who renames one and looks at another process's page waits so long at most.
MAX_AGE = 10
# Together, so that a page asks the cache once.
KEY = "search.names"

# Value → name, in the order in which they are shown.
Names = dict[str, str]
# What is remembered for each facet.
Kept = dict[str, Names]


def kept() -> Kept:
    """The names of all facets, as far as they were read at most MAX_AGE seconds ago."""
    return cache.get(KEY) or {}


def remembered(facet: str, wanted: Collection[str], read: Callable[[], Names], known: Kept | None = None) -> Names:
    """What is known about a facet (`known`, or else asked for); what `read` says now if it lacked a value wanted."""
    known = kept() if known is None else known
    names = known.get(facet)
    if names is None or not names.keys() >= set(wanted):
        if names is not None:
            # What is read now must not lend the others another MAX_AGE: they are read anew as well.
            known.clear()
        names = known[facet] = read()
        # What is not committed yet may never be.
        if not _has_changes():
            cache.set(KEY, known, MAX_AGE)
    return names


def forget() -> None:
    """Now, and again after the commit: until then another process still reads the old names."""
    _forget()
    transaction.on_commit(_forget)


def _has_changes() -> bool:
    return any(entry[1] is _forget for entry in connection.run_on_commit)


def _forget() -> None:
    cache.delete(KEY)
