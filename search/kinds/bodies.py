"""Public bodies, and what of them stands in the documents of their projects."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.models import BodyKind, BodyPage, Municipality, SizeClass, State
from search.kinds.base import PLACE, PageKind
from search.kinds.facet import Facet
from search.kinds.text import joined, stream_text

LAND = Facet(name="land", title=_("Land"), vocabulary=State, value_field="key", order_by="name")
SIZE = Facet(name="groesse", title=_("Size of the municipality"), choices=SizeClass)
# From a reference to the register to the unit it names, and to Kreis and Land around it.
UNITS = ("municipality__district__state", "district__state", "association__district__state", "state")


class Bodies(PageKind):
    """Municipalities, Kreise, associations, Länder and federal authorities that take part."""

    key = "stelle"
    name, plural = _("Body"), _("Bodies")
    model = BodyPage
    facets: ClassVar = {LAND: "land__key", SIZE: "size_class"}
    keywords: ClassVar = {PLACE: "keys_around"}
    reads = (*UNITS, "municipality__state", "seat_state")
    named_below = frozenset({"title", "kind", "municipality", "district", "association", "state", "seat_state", "path"})

    def pages(self) -> QuerySet[Any]:
        """Without those that collect imported projects without one."""
        return super().pages().exclude(kind=BodyKind.UNASSIGNED)

    def text(self, thing: BodyPage) -> Iterable[str]:
        return thing.summary, stream_text(thing.about)

    def leading(self, thing: BodyPage) -> Iterable[str]:
        unit = thing.unit
        return place_words(thing), *((unit.ars, unit.ags) if isinstance(unit, Municipality) else (thing.key,))

    def for_hits(self, pages: Any) -> Iterable[Any]:
        return pages.with_places()

    def shown(self, thing: BodyPage) -> dict[str, Any]:
        return {"kind_name": thing.get_kind_display(), "place": thing.place_label}


def place_words(body: BodyPage) -> str:
    """What a body and its place are called; nothing for the one that collects projects without a body."""
    if body.kind == BodyKind.UNASSIGNED:
        return ""
    return joined(body.title, body.unit.full_name if body.unit else "", body.place_label)
