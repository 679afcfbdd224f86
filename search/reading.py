"""Step 2 of the flow, for many pages at once: one page nobody foresaw must not keep the others out of the index.

Must not know an engine.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError, InterfaceError

from search.documents import from_pages
from search.engines.contract import Document

log = structlog.get_logger(__name__)


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
