"""Step of the bench: publishing a changed project with and without indexing, in one process."""

from dataclasses import asdict
from typing import Any
from unittest import mock

from django.db import transaction

from bench.interleave import interleave
from projects.models import ProjectPage
from search.indexing import receivers as events
from search.indexing.outbox import drain, enqueue

# Different pages, so that no row is in the caches more often than in life.
PAGES = 100
WARM_UP = 5


def main(rounds: str) -> dict[str, dict[str, Any]]:
    ids = list(ProjectPage.objects.readable().order_by("-pk").values_list("pk", flat=True)[:PAGES])
    actions = {
        "with indexing": lambda number: publish(ids[number % len(ids)], number),
        "without indexing": lambda number: publish_unnoticed(ids[number % len(ids)], number),
    }
    timings = interleave(actions, int(rounds), WARM_UP)
    # What was published unnoticed is brought in, so that the index equals the database again.
    enqueue(ids)
    drain()
    return {name: asdict(timing) for name, timing in timings.items()}


def publish(page_id: int, number: int) -> None:
    """What the editor's button does: a revision and its publication in one transaction, then what the commit starts."""
    page = ProjectPage.objects.get(pk=page_id)
    with transaction.atomic():
        page.title = f"{page.title.split(' – Stand ')[0]} – Stand {number}"
        page.save_revision().publish()


def publish_unnoticed(page_id: int, number: int) -> None:
    with mock.patch.object(events, "enqueue"):
        publish(page_id, number)
