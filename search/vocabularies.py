"""Names of the vocabularies that the staff keep, remembered for a moment: every search page needs all of them.

A change is forgotten at once where the cache is shared (CACHE_URL) and in the process that made it; a process with a
cache of its own notices after MAX_AGE. The names of what was found are never remembered (see `search.results`).
"""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from projects.models import ArtefactKind, FieldOfAction, Licence, OzgField, State

# Seconds. Terms change a few times a year; who renames one and looks at another process's page waits so long at most.
MAX_AGE = 10
VOCABULARIES: tuple[type[Model], ...] = (FieldOfAction, State, OzgField, ArtefactKind, Licence)

# Value → name, in the order in which they are shown.
Names = dict[str, str]


def remembered(vocabulary: type[Model], wanted: Collection[str], read: Callable[[], Names]) -> Names:
    """What `read` said about a vocabulary at most MAX_AGE seconds ago; what it says now if it lacked a value wanted."""
    names: Names | None = cache.get(_key(vocabulary))
    if names is None or not names.keys() >= set(wanted):
        names = read()
        # What is not committed yet may never be.
        if not _has_changes():
            cache.set(_key(vocabulary), names, MAX_AGE)
    return names


def _has_changes() -> bool:
    return any(entry[1] in _FORGETTING for entry in connection.run_on_commit)


def _key(vocabulary: type[Model]) -> str:
    return f"search.names.{vocabulary._meta.model_name}"


def _forget(vocabulary: type[Model]) -> None:
    cache.delete(_key(vocabulary))


_FORGET: dict[type[Model], Callable[[], None]] = {model: partial(_forget, model) for model in VOCABULARIES}
_FORGETTING = frozenset(_FORGET.values())


@receiver([post_save, post_delete])
def forget_names(sender: type[Model], **kwargs: Any) -> None:
    """Now, and again after the commit: until then another process still reads the old names."""
    if forget := _FORGET.get(sender):
        forget()
        transaction.on_commit(forget)
