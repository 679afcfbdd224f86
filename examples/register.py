"""The units the example content needs: invented places, and OZG services that are marked as examples.

Nothing that is already there is changed: an official register or catalogue may have been imported before.
"""

from datetime import date

from examples.content import Record, read
from projects.models import Association, District, Municipality, OzgField, OzgService, ServiceKey, State

# The day on which the invented places came into being.
VALID_FROM = date(2020, 1, 1)
STATE_DIGITS, DISTRICT_DIGITS, ASSOCIATION_DIGITS = 2, 5, 9
# An association has a number from 5000 on in the four digits that follow its Kreis; below stand single municipalities.
ASSOCIATION_MARK = "5"


def load_register() -> None:
    """Store Kreise, associations and municipalities, and what each lies in."""
    register = read("register")
    states = State.objects.in_bulk(field_name="key")
    for row in register["districts"]:
        _district(row, states)
    districts = District.objects.in_bulk(field_name="key")
    for row in register["associations"]:
        defaults = {name: row[name] for name in ("name", "full_name", "kind", "seat")}
        defaults |= {"district": districts[row["key"][:DISTRICT_DIGITS]], "valid_from": VALID_FROM, "is_example": True}
        Association.objects.get_or_create(key=row["key"], defaults=defaults)
    associations = Association.objects.in_bulk(field_name="key")
    for row in register["municipalities"]:
        _municipality(row, states, districts, associations)


def _district(row: Record, states: dict[str, State]) -> None:
    is_example = row.get("is_example", True)
    defaults = {name: row[name] for name in ("name", "full_name", "kind", "seat")}
    defaults |= {"state": states[row["key"][:STATE_DIGITS]], "is_example": is_example}
    defaults |= {"valid_from": VALID_FROM} if is_example else {}
    District.objects.get_or_create(key=row["key"], defaults=defaults)


def _municipality(
    row: Record,
    states: dict[str, State],
    districts: dict[str, District],
    associations: dict[str, Association],
) -> None:
    ars: str = row["ars"]
    fields = ("name", "full_name", "kind_code", "inhabitants", "area_ha", "lat", "lon")
    defaults = {name: row[name] for name in fields}
    is_member = ars[DISTRICT_DIGITS] == ASSOCIATION_MARK
    defaults |= {
        "ags": ars[:DISTRICT_DIGITS] + ars[ASSOCIATION_DIGITS:],
        "state": states[ars[:STATE_DIGITS]],
        "district": districts[ars[:DISTRICT_DIGITS]],
        "association": associations[ars[:ASSOCIATION_DIGITS]] if is_member else None,
        "valid_from": VALID_FROM,
        "is_example": True,
    }
    Municipality.objects.get_or_create(ars=ars, defaults=defaults)


def load_services() -> None:
    """Store the OZG services and Leistungsschlüssel the projects name."""
    fields = OzgField.objects.in_bulk(field_name="slug")
    for row in read("ozg")["services"]:
        defaults = {name: row[name] for name in ("name", "situation")}
        defaults |= {"field": fields[row["field"]], "is_example": True}
        service, _ = OzgService.objects.get_or_create(ozg_id=row["ozg_id"], defaults=defaults)
        for key in row["keys"]:
            key_defaults = {name: key[name] for name in ("name", "leika_type")}
            key_defaults |= {"service": service, "is_example": True}
            ServiceKey.objects.get_or_create(key=key["key"], defaults=key_defaults)
