"""From pages to documents, as the kinds describe them (`search.kinds`).

Must not know an engine, nor what of a page can be found.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from wagtail.models import Page

from pages.access import Restrictions
from search.kinds.document import Document
from search.kinds.registry import kinds


def from_page(page: Page) -> list[Document]:
    """The documents of one page; none if it is not live, not searchable, or for some members only."""
    return from_pages([page.pk]).get(page.pk, [])


def from_pages(page_ids: Iterable[int]) -> dict[int, list[Document]]:
    """Documents by page id, in a fixed number of queries per kind; pages without documents are left out."""
    restrictions = Restrictions.all()
    wanted = list(page_ids)
    found: dict[int, list[Document]] = {}
    # Whoever publishes may read the admin in English; what is found must not depend on it.
    with translation.override(settings.LANGUAGE_CODE):
        for kind in kinds.pages:
            for page in kind.read(wanted):
                if audience := restrictions.audience_of(page.path):
                    found[page.pk] = list(kind.documents(page, audience))
    return found


def searchable_page_ids() -> list[int]:
    """Ids of all pages that may have documents, in the order of the tree: a body's pages are read together."""
    pages = (page for kind in kinds.pages for page in kind.pages().order_by().values_list("path", "pk"))
    return [pk for _path, pk in sorted(pages)]
