"""The parameters of the address (query string) become checked values; nothing a visitor sends is an error.

What is unknown or too long is left out with a notice. Must not ask the engine.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.models import Former
from search.engines.queries import Sort
from search.kinds.facet import Facet
from search.kinds.registry import kinds
from search.kinds.vocabularies import Names, kept

QUERY_MAX_LENGTH = 500
# More values than this of one facet come from no form; they only make the query slow.
VALUES_MAX = 50
VALUE_MAX_LENGTH = 150
PAGE_SIZE = 20
# Nobody reads on after a thousand hits; reading that deep costs every engine more with each page.
LAST_PAGE = 50
# `ort=egal`: a place named in the query does not lift the hits of that place.
PLACE_PARAMETER = "ort"
PLACE_IGNORED = "egal"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")


@dataclass(frozen=True)
class SearchParameters:
    """A request to the search page; the same object writes the addresses of all links on it."""

    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chosen_sort: Sort | None = None
    page: int = 1
    ignores_places: bool = False

    @property
    def sort(self) -> Sort:
        """Without words there is nothing to be relevant to."""
        if self.chosen_sort is None or (self.chosen_sort == Sort.RELEVANCE and not self.q):
            return Sort.RELEVANCE if self.q else Sort.NEWEST
        return self.chosen_sort

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE_SIZE

    def query_string(self) -> str:
        """The address of this state, with its question mark; parameters in a fixed order, so links are shareable."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(facet.name, value) for facet in kinds.facets for value in self.filters.get(facet.name, ())]
        if self.ignores_places:
            pairs.append((PLACE_PARAMETER, PLACE_IGNORED))
        if self.chosen_sort:
            pairs.append(("sort", self.chosen_sort.value))
        if self.page > 1:
            pairs.append(("seite", str(self.page)))
        return f"?{urlencode(pairs)}"

    def on_page(self, page: int) -> "SearchParameters":
        return replace(self, page=page)

    def without(self, facet: str, value: str) -> "SearchParameters":
        kept = tuple(other for other in self.filters.get(facet, ()) if other != value)
        return replace(self, filters={**self.filters, facet: kept}, page=1)

    def only(self, facet: str, value: str) -> "SearchParameters":
        """These parameters with this value as the facet's one choice, on the first page."""
        return replace(self, filters={**self.filters, facet: (value,)}, page=1)

    def without_filters(self) -> "SearchParameters":
        return replace(self, filters={}, page=1)

    def asking(self, q: str) -> "SearchParameters":
        return replace(self, q=q, page=1)

    def ignoring_places(self, ignores_places: bool) -> "SearchParameters":
        return replace(self, ignores_places=ignores_places, page=1)

    @property
    def is_filtered(self) -> bool:
        return any(self.filters.values())


@dataclass(frozen=True)
class ParsedRequest:
    """Checked parameters, what the visitor should know about them, and the names of all values of each facet."""

    parameters: SearchParameters
    notices: tuple[str, ...]
    names: Mapping[str, Names]
    is_renamed: bool = False  # a merged term was replaced: the address should change


def clean_text(text: str) -> str:
    """Text without control characters and surplus space."""
    return " ".join(CONTROL.sub(" ", text).split())


def parse_text(data: QueryDict) -> tuple[str, bool]:
    """What was typed, and whether it was longer than that."""
    q = clean_text(data.get("q", "")[: 4 * QUERY_MAX_LENGTH])
    return q[:QUERY_MAX_LENGTH].rstrip(), len(q) > QUERY_MAX_LENGTH


def parse(data: QueryDict) -> ParsedRequest:
    """Read the parameters of a request."""
    notices: list[str] = []
    q, is_cut = parse_text(data)
    if is_cut:
        notices.append(_("Your query was long: only its first %(count)d characters were used.") % {"count": len(q)})
    filters: dict[str, tuple[str, ...]] = {}
    names: dict[str, Names] = {}
    known = kept()
    unknown: list[str] = []
    is_renamed = False
    for facet in kinds.facets:
        given = _given_values(data, facet.name)
        names[facet.name] = facet.names(given, known)
        if led_on := _led_on(facet, set(given) - set(names[facet.name])):
            given = list(dict.fromkeys(led_on.get(value, value) for value in given))
            names[facet.name], is_renamed = facet.names(given, known), True
        filters[facet.name] = tuple(value for value in given if value in names[facet.name])
        unknown += [value for value in given if value not in names[facet.name]]
    sort = data.get("sort", "")
    chosen_sort = Sort(sort) if sort in set(Sort) else None
    if sort and chosen_sort is None:
        unknown.append(sort[:VALUE_MAX_LENGTH])
    place = clean_text(data.get(PLACE_PARAMETER, "")[:VALUE_MAX_LENGTH])
    if place and place != PLACE_IGNORED:
        unknown.append(place)
    if unknown:
        notices.append(_unknown_notice(unknown))
    parameters = SearchParameters(q, filters, chosen_sort, _page(data.get("seite", "")), place == PLACE_IGNORED)
    return ParsedRequest(parameters, tuple(notices), names, is_renamed)


def _given_values(data: QueryDict, name: str) -> list[str]:
    values = (clean_text(value[:VALUE_MAX_LENGTH]) for value in data.getlist(name)[:VALUES_MAX])
    return list(dict.fromkeys(value for value in values if value))


def _led_on(facet: Facet, unknown: set[str]) -> dict[str, str]:
    """Old links name things that were merged since: what took over stands for them."""
    if not unknown or facet.vocabulary is None:
        return {}
    return Former.objects.values_led_on(facet.vocabulary, facet.value_field, unknown)


def _unknown_notice(values: list[str]) -> str:
    shown = ", ".join(_("“%(value)s”") % {"value": value} for value in values[:3])
    message = ngettext(
        "One filter is not known and was left out: %(values)s",
        "%(count)d filters are not known and were left out: %(values)s",
        len(values),
    )
    return message % {"count": len(values), "values": shown + (" …" if len(values) > 3 else "")}


def _page(text: str) -> int:
    # Longer figures are no page numbers; int() of thousands of digits raises.
    digits = text.strip()
    return max(1, int(digits)) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else 1
