"""Step 6 of the flow: where a body lies, as a hit shows it, from one row of one query.

The rule is `BodyPage.place_label`; a test holds this to it. Page objects with all units around them took longer to make
than the search itself.
"""

from typing import NamedTuple

from projects.models import BodyKind
from projects.models.register import CITY_KINDS, titled_district

KIND_NAMES = dict(BodyKind.choices)


class PlaceRow(NamedTuple):
    """Columns of a body and of the units around it, named as a query names them."""

    kind: str
    municipality__district__kind: str | None
    municipality__district__name: str | None
    municipality__district__state__name: str | None
    district__state__name: str | None
    association__district__kind: str | None
    association__district__name: str | None
    association__district__state__name: str | None
    seat_state__name: str | None

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES.get(BodyKind(self.kind), self.kind))

    @property
    def label(self) -> str:
        """Kreis and Land; the kind for bodies without a place."""
        if self.municipality__district__kind and self.municipality__district__name:
            city, state = (
                self.municipality__district__kind in CITY_KINDS,
                self.municipality__district__state__name or "",
            )
            district = titled_district(self.municipality__district__kind, self.municipality__district__name)
            return state if city else f"{district}, {state}"
        if self.district__state__name:
            return self.district__state__name
        if self.association__district__kind and self.association__district__name:
            district = titled_district(self.association__district__kind, self.association__district__name)
            return f"{district}, {self.association__district__state__name}"
        if self.seat_state__name:
            return self.seat_state__name
        return "" if self.kind == BodyKind.UNASSIGNED else self.kind_name
