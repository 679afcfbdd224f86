"""Wagtail's own database index, which the choosers of the admin search: bulk writes have to tell it themselves."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db.models import Model
from django.db.models.signals import post_save
from wagtail.search.backends import get_search_backends
from wagtail.search.signal_handlers import post_save_signal_handler

# Rows of one statement; keeps memory flat and stays below SQLite's limit of variables.
BATCH = 500


@contextmanager
def without_stock_index(model: type[Model]) -> Iterator[None]:
    """Saves of that model leave the index alone; the caller refreshes it afterwards.

    Each update of the index reads all of its titles, and publishing saves three times: one by one, the time of an
    import would grow with the square of its size. Holds for the whole process, so only for commands.
    """
    was_connected = post_save.disconnect(post_save_signal_handler, sender=model)
    try:
        yield
    finally:
        if was_connected:
            post_save.connect(post_save_signal_handler, sender=model)


def refresh_stock_index(model: type[Model], ids: Collection[int]) -> None:
    """Index those objects anew, as their post_save signal would have done one by one."""
    ordered = sorted(ids)
    for backend in get_search_backends(with_auto_update=True):
        for start in range(0, len(ordered), BATCH):
            batch = model.get_indexed_objects().filter(pk__in=ordered[start : start + BATCH])  # type: ignore[attr-defined]
            backend.add_bulk(model, list(batch))
