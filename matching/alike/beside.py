"""What a public project page shows of other projects like it, with the reasons; plans that only members read never.

The same set as beside a draft, by the meaning the page has in the index: no model is asked. What was found is kept for
an hour, because looking costs a third of the page's time; whether each may be read is asked every time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import get_language

from matching.alike.panel import Found
from pages.access import open_to_members
from projects.models import ProjectPage, attach_bodies
from search.similar.finding import Draft, Match, Reason
from search.similar.matches import find

# As many as a row of cards holds.
SHOWN = 3
# Some are the body's own and stand apart, some may be gone by the time they are shown.
ASKED = 8
KEPT_SECONDS = 60 * 60

# Number of the page, and kind and text of each reason: what a cache of any kind can hold.
Kept = list[tuple[int, list[tuple[str, str]]]]


@dataclass(frozen=True)
class Beside:
    """What is so much alike that it is worth a look; `own` are projects of the same body."""

    others: list[Found]
    own: list[Found]


def beside(page: ProjectPage) -> Beside:
    """Projects like a live one, best first; nothing while the search does not answer."""
    kept = _kept(page)
    pages = _public([number for number, _reasons in kept])
    body = page.public_body
    found = [
        Found(pages[number], _match(number, reasons), is_own=pages[number].public_body == body)
        for number, reasons in kept
        if number in pages
    ]
    return Beside([one for one in found if not one.is_own][:SHOWN], [one for one in found if one.is_own][:SHOWN])


def _kept(page: ProjectPage) -> Kept:
    """What is like the page as it was last published, in the language of whoever reads it."""
    published = page.last_published_at.timestamp() if page.last_published_at else 0
    key = f"beside-{page.pk}-{published}-{get_language()}"
    found: Kept | None = cache.get(key)
    if found is None:
        matches = find(Draft.of_page(page), audience="public", limit=ASKED, is_stored=True)
        found = [
            (match.page_id, [(reason.kind, reason.text) for reason in match.reasons])
            for match in matches.items
            if match.is_strong
        ]
        if not matches.is_outage:
            cache.set(key, found, KEPT_SECONDS)
    return found


def _public(numbers: Sequence[int]) -> dict[int, ProjectPage]:
    """Those of the pages that everybody may read, with their bodies."""
    pages = ProjectPage.objects.live().in_bulk(numbers) if numbers else {}
    public = {page.pk: page for page in open_to_members(pages.values()) if not page.is_members_only} if pages else {}
    if public:
        attach_bodies(public.values())
    return public


def _match(number: int, reasons: list[tuple[str, str]]) -> Match:
    return Match(number, 0.0, is_strong=False, reasons=tuple(Reason(kind, text) for kind, text in reasons))  # type: ignore[arg-type]
