"""Step 6 of the flow: where a body lies, as a hit shows it, from one row of one query.

The rule is `BodyPage.place_label`; a test holds this to it. Page objects with all units around them took longer to make
than the search itself.
"""

from typing import Literal, NamedTuple

from projects.models import BodyKind
from projects.models.register import CITY_KINDS, titled_district

KIND_NAMES = dict(BodyKind.choices)


class PlaceRow(NamedTuple):
    """A body, and the Kreis and Land it lies in by the unit of the register it is."""

    kind: str
    unit: Literal["municipality", "district", "association"] | None
    district_kind: str | None
    district_name: str | None
    state_name: str | None  # of the Kreis, or else of its seat

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES.get(BodyKind(self.kind), self.kind))

    @property
    def label(self) -> str:
        """Kreis and Land; the kind for bodies without a place."""
        state = self.state_name or ""
        if not state:
            return "" if self.kind == BodyKind.UNASSIGNED else self.kind_name
        is_city = self.unit == "municipality" and self.district_kind in CITY_KINDS
        if self.unit not in {"municipality", "association"} or is_city:
            return state
        return f"{titled_district(self.district_kind or '', self.district_name or '')}, {state}"
