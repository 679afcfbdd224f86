"""What the database says at this moment about the things behind a list of hits.

Each kind loads its own, in a fixed number of queries. Must not know how a hit is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import RFC3986_SUBDELIMS
from wagtail.models import Page, Site

from pages.access import Restrictions
from search.engines import Audience, EngineHit
from search.engines.contract import VISIBLE_TO
from search.kinds.base import Address, PageKind, PartKind
from search.kinds.document import kind_of
from search.kinds.registry import kinds

# What Django's `reverse` leaves as it is in a path.
UNQUOTED = f"{RFC3986_SUBDELIMS}/~:@"


@dataclass
class Found:
    """The things behind hits that the audience may read."""

    pages: dict[int, Any] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)  # by the key of the hit: a page, or a part of one
    members_only: set[int] = field(default_factory=set)  # ids of pages visitors cannot read


def load(hits: Sequence[EngineHit], audience: Audience = "public") -> Found:
    """What belongs to the hits that the audience may read."""
    ids: dict[str, set[int]] = {}
    for hit in hits:
        ids.setdefault(kind_of(hit.key), set()).add(hit.page_id)
    loaded = {kind: kind.shown_pages(wanted) for kind in kinds.pages if (wanted := _wanted(kind, ids))}
    restrictions = Restrictions.above(page.path for pages in loaded.values() for page in pages)
    found = Found()
    for kind, pages in loaded.items():
        audiences = {page.pk: restrictions.audience_of(page.path) for page in pages}
        readable = {page.pk: page for page in pages if audiences[page.pk] in VISIBLE_TO[audience]}
        found.pages |= readable
        found.members_only |= {pk for pk in readable if audiences[pk] == "members"}
        found.things |= {f"{kind.key}-{pk}": page for pk, page in readable.items()}
        for part in kind.parts:
            found.things |= _parts(part, hits, readable)
    return found


def _wanted(kind: PageKind, ids: Mapping[str, set[int]]) -> set[int]:
    """Ids of the pages that hits of the kind, or of its parts, belong to."""
    return set().union(*(ids.get(each.key, ()) for each in (kind, *kind.parts)))


def _parts(kind: PartKind, hits: Sequence[EngineHit], pages: Mapping[int, Any]) -> dict[str, Any]:
    """The parts of these pages among the hits, each with its page."""
    parts = kind.by_document((hit.key for hit in hits), pages)
    for part in parts.values():
        setattr(part, kind.page_field, pages[getattr(part, f"{kind.page_field}_id")])
    return parts


def address_of(request: HttpRequest | None) -> Address:
    """Gives pages their addresses as `Page.get_url` does; with one site only, without asking which one it is."""
    roots = Site.get_site_root_paths()
    if len({root.site_id for root in roots}) > 1:
        return lambda page: page.get_url(request) or ""

    home = reverse("wagtail_serve", args=("",))

    def address(page: Page) -> str:
        inside = (root.root_path for root in roots if page.url_path.startswith(root.root_path))
        root = next(inside, None)
        return "" if root is None else f"{home}{quote(page.url_path[len(root) :], safe=UNQUOTED)}"

    return address
