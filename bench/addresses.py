"""Step of the bench: the addresses that are measured, by kind of page, spread evenly over the data."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from projects.models import Artefact, BodyKind, BodyPage, ProjectPage

# So many different pages of a kind: one alone would be answered from the caches of the processor and the database.
PAGES = 10
# What visitors choose next to their words; every other search has none.
FILTERS: tuple[dict[str, str | list[str]], ...] = (
    {},
    {"typ": "projekt"},
    {},
    {"phase": ["P3", "P4"]},
    {},
    {"land": ["05", "09"], "partner": "gesucht"},
)


def main() -> dict[str, list[str]]:
    bodies = BodyPage.objects.readable().exclude(kind=BodyKind.UNASSIGNED)
    unassigned = BodyPage.objects.readable().filter(kind=BodyKind.UNASSIGNED)
    artefacts = Artefact.objects.filter(project__in=ProjectPage.objects.readable())
    words = queries()
    return {
        "search": [_search(text, FILTERS[number % len(FILTERS)]) for number, text in enumerate(words)],
        "search without words": [reverse("search")],
        "project": [page.url for page in spread(ProjectPage.objects.readable())],
        "artefact": [artefact.get_absolute_url() for artefact in spread(artefacts)],
        "body": [page.url for page in spread(bodies)],
        "body of projects without one": [page.url for page in unassigned],
        "list of bodies": ["/kommunen/"],
        "home page": ["/"],
        "type-ahead": [f"{reverse('search_suggestions')}?{urlencode({'q': text[:5]})}" for text in words],
    }


def spread(queryset: Any) -> list[Any]:
    """At most PAGES objects, evenly spread in the order of their numbers."""
    keys: Sequence[int] = queryset.order_by("pk").values_list("pk", flat=True)
    chosen = keys[:: max(len(keys) // PAGES, 1)][:PAGES]
    return list(queryset.filter(pk__in=list(chosen)).order_by("pk"))


def queries() -> list[str]:
    """What visitors might type: the longest word of a title, or the two longest."""
    found = []
    for number, page in enumerate(spread(ProjectPage.objects.readable())):
        words = sorted((word.strip("„“”»«\"',.:;!?()") for word in page.title.split()), key=len, reverse=True)
        found.append(" ".join(words[: 1 + number % 2]))
    return found


def _search(text: str, filters: dict[str, str | list[str]]) -> str:
    return f"{reverse('search')}?{urlencode({'q': text, **filters}, doseq=True)}"
