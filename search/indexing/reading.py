"""Reads many pages at once: one page nobody foresaw must not keep the others out of the index.

Must not know an engine.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError, InterfaceError

from search.engines.contract import PageDocuments
from search.indexing.documents import from_pages
from search.kinds.document import Document
from search.models import OutboxEntry

log = structlog.get_logger(__name__)

# Pages read at once: a statement costs the same for many as for few; their documents take about 5 MB.
BATCH = 500


@dataclass
class Pages:
    """Documents by page number, and the error of each page that could not be read."""

    documents: dict[int, list[Document]] = field(default_factory=dict)
    broken: dict[int, str] = field(default_factory=dict)

    def of(self, page_id: int) -> tuple[Document, ...]:
        return tuple(self.documents.get(page_id, ()))


def read(page_ids: Iterable[int]) -> Pages:
    """Documents of pages as they are now. Raises errors of the database only, for which no page is to blame."""
    wanted = list(page_ids)
    try:
        return Pages(from_pages(wanted))
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001  kept with the page, where staff see it
        log.warning("search_batch_unreadable", error=repr(error))
    pages = Pages()
    for page_id in wanted:
        try:
            pages.documents.update(from_pages([page_id]))
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:  # kept with the page, where staff see it
            log.exception("search_page_unreadable", page=page_id)
            pages.broken[page_id] = repr(error)
    return pages


@dataclass(frozen=True)
class Batch:
    """Pages as they were at one moment."""

    versions: dict[int, int]  # in the outbox, read before the pages; 0 for pages that never changed
    changes: list[PageDocuments]  # of all pages that could be read
    broken: dict[int, str] = field(default_factory=dict)  # why the others could not


def batches(page_ids: Sequence[int]) -> Iterator[Batch]:
    """Any number of pages, so many at once."""
    for start in range(0, len(page_ids), BATCH):
        yield read_batch(page_ids[start : start + BATCH])


def read_batch(page_ids: Sequence[int]) -> Batch:
    """Raises errors of the database only, as `read`."""
    versions = dict.fromkeys(page_ids, 0)
    versions.update(OutboxEntry.objects.filter(page_id__in=page_ids).values_list("page_id", "version"))
    pages = read(page_ids)
    readable = {page_id: version for page_id, version in versions.items() if page_id not in pages.broken}
    changes = [PageDocuments(page_id, pages.of(page_id), version) for page_id, version in readable.items()]
    return Batch(versions, changes, pages.broken)
