"""Finds the page of the body a project belongs to, and adds it when the body has none yet."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from pages.addresses import first_free, readable
from projects.models import (
    Association,
    BodyIndexPage,
    BodyKind,
    BodyPage,
    District,
    Municipality,
    State,
)

UNASSIGNED_TITLE = "Ohne Zuordnung"
UNASSIGNED_SLUG = "ohne-zuordnung"
# A city that is its own Kreis takes part as the municipality, whichever of its two keys is given.
OWN_DISTRICT_KINDS = {"Kreisfreie Stadt", "Stadtkreis"}
CITY_KEY_END = "000"
# Reforms follow one another; a longer chain of successors is a circle.
MAX_SUCCESSORS = 10
AGS_LENGTH, ARS_LENGTH = 8, 12
# Which level a key of that many digits belongs to: model, its key, kind of body, reference of the page.
LEVELS: dict[int, tuple[Any, str, BodyKind, str]] = {
    2: (State, "key", BodyKind.STATE, "state"),
    5: (District, "key", BodyKind.DISTRICT, "district"),
    AGS_LENGTH: (Municipality, "ags", BodyKind.MUNICIPALITY, "municipality"),
    9: (Association, "key", BodyKind.ASSOCIATION, "association"),
}


class Bodies:
    """Bodies by key, read anew for every batch: others may move or change pages between two transactions."""

    def __init__(self) -> None:
        self.created = 0
        self.by_key: dict[str, BodyPage] = {}
        self.units: dict[tuple[str, str], Any] = {}
        self.pages: dict[tuple[str, int], BodyPage] = {}
        self.index_page: BodyIndexPage | None = None

    def read(self, keys: Collection[str]) -> None:
        """Fetch what the keys of a batch need, in a fixed number of queries."""
        self.by_key, self.units, self.pages = {}, {}, {}
        self.index_page = BodyIndexPage.objects.get()
        wanted = {ars[:5] + ars[9:] if len(ars) == ARS_LENGTH else ars for ars in keys}
        wanted |= {key + CITY_KEY_END for key in wanted if len(key) + len(CITY_KEY_END) == AGS_LENGTH}
        for length, (model, key_field, _kind, reference) in LEVELS.items():
            of_level = [key for key in wanted if len(key) == length]
            if not of_level:
                continue
            # The current unit last, so that it wins over dissolved ones of the same key.
            for unit in model.objects.filter(**{f"{key_field}__in": of_level}).order_by("-valid_to"):
                if unit.valid_to is None or (reference, getattr(unit, key_field)) not in self.units:
                    self.units[reference, getattr(unit, key_field)] = unit
            units = [unit.pk for (level, _key), unit in self.units.items() if level == reference]
            for page in BodyPage.objects.filter(**{f"{reference}__in": units}).order_by("-path"):
                self.pages[reference, getattr(page, f"{reference}_id")] = page

    def find(self, key: str) -> BodyPage:
        """The page of the body with that key. Raises ValueError when the register does not know the key."""
        if key not in self.by_key:
            self.by_key[key] = self.of_unit(key) if key else self.unassigned()
        return self.by_key[key]

    def unassigned(self) -> BodyPage:
        page = BodyPage.objects.filter(kind=BodyKind.UNASSIGNED).order_by("path").first()
        return page or self.add(BodyPage(title=UNASSIGNED_TITLE, kind=BodyKind.UNASSIGNED), [UNASSIGNED_SLUG])

    def of_unit(self, key: str) -> BodyPage:
        ags = key[:5] + key[9:] if len(key) == ARS_LENGTH else key
        if len(ags) not in LEVELS or not (key.isascii() and key.isdigit()):
            raise ValueError(_("“%(key)s” is not a key of the register") % {"key": key[:40]})
        _model, _key_field, kind, reference = LEVELS[len(ags)]
        unit = self.units.get((reference, ags))
        if unit is None:
            raise ValueError(_("the register does not know the key %(key)s") % {"key": key})
        is_city = kind == BodyKind.DISTRICT and unit.kind in OWN_DISTRICT_KINDS
        if is_city and (BodyKind.MUNICIPALITY.value, ags + CITY_KEY_END) in self.units:
            return self.find(ags + CITY_KEY_END)
        unit = current_unit(unit)
        page = self.pages.get((reference, unit.pk))
        if page is None and unit != self.units[reference, ags]:
            page = BodyPage.objects.filter(**{reference: unit}).order_by("path").first()
        if page is None:
            page = self.add(BodyPage(title=title_of(unit), kind=kind, **{reference: unit}), slugs_of(unit, ags))
        self.pages[reference, unit.pk] = page
        return page

    def add(self, page: BodyPage, slugs: list[str]) -> BodyPage:
        """Publish the page below the list of bodies, at the first of the addresses that is free, or with a number."""
        if self.index_page is None:
            self.index_page = BodyIndexPage.objects.get()
        near = self.index_page.get_children().filter(slug__startswith=slugs[0])
        page.slug = first_free(slugs, set(near.values_list("slug", flat=True)).__contains__)
        page.live = False
        self.index_page.add_child(instance=page)
        page.save_revision(clean=False).publish()
        self.created += 1
        page.refresh_from_db()
        return page


def current_unit(unit: Any) -> Any:
    """The unit itself, or the one that took over. Raises ValueError when it ended and nobody did."""
    for _step in range(MAX_SUCCESSORS):
        if unit.valid_to is None:
            return unit
        if unit.successor is None:
            break
        unit = unit.successor
    raise ValueError(_("%(unit)s does not exist any more and has no successor") % {"unit": unit})


def title_of(unit: Any) -> str:
    """What the body is called: “Landkreis Celle”, “Amt Lütjenburg”, “Celle”."""
    if isinstance(unit, District):
        return unit.titled_name
    return f"{unit.kind} {unit.name}" if isinstance(unit, Association) else str(unit.name)


def slugs_of(unit: Any, key: str) -> list[str]:
    """Addresses for a body, the shortest first; namesakes add where they lie, or at last their key."""
    title = title_of(unit)
    name = readable(title, key)
    return [name, readable(f"{title} {unit.place_label}", key), f"{name}-{key}"]
