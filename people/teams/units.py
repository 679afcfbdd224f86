"""Finding a body in the register by what somebody types, and its page here if it has one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pages.addresses import first_free, readable
from people.models import User
from projects.models import Association, BodyIndexPage, BodyKind, BodyPage, District, Municipality, State
from projects.models.register import CITY_KINDS, RegisterUnit

TEXT_MIN_LENGTH, TEXT_MAX_LENGTH = 2, 100
UNITS_SHOWN = 30
# What people add when they tell namesakes apart: “Neuenkirchen (Kreis Steinfurt)”.
SEPARATORS = re.compile(r"[,;()]")
# Words that say what a unit is, where names do not: “Stadt Münster” is called Münster.
KIND_WORDS = frozenset(
    {"stadt", "gemeinde", "kommune", "markt", "kreis", "landkreis", "land", "bundesland", "freistaat"}
)
TITLE_MAX_LENGTH = 255


@dataclass(frozen=True)
class Level:
    """A level of the register.

    `slug` stands in addresses, `reference` is the field that refers to a unit, `places` lead to names around it.
    """

    slug: str
    kind: BodyKind
    label: str | Promise
    model: type[RegisterUnit]
    reference: str
    key: str
    places: tuple[str, ...] = ()
    left_out: Q = field(default_factory=Q)


LEVELS = (
    Level(
        "gemeinde",
        BodyKind.MUNICIPALITY,
        _("Municipality"),
        Municipality,
        "municipality",
        "ars",
        ("district__name", "state__name"),
        Q(is_unincorporated=True),
    ),
    # A Kreis that is one city is found as that city.
    Level(
        "kreis",
        BodyKind.DISTRICT,
        _("Kreis"),
        District,
        "district",
        "key",
        ("state__name",),
        Q(kind__in=CITY_KINDS),
    ),
    Level(
        "verband",
        BodyKind.ASSOCIATION,
        _("Association of municipalities"),
        Association,
        "association",
        "key",
        ("kind", "district__name", "district__state__name"),
    ),
    Level("land", BodyKind.STATE, _("Land"), State, "state", "key"),
)
LEVEL_BY_SLUG = {level.slug: level for level in LEVELS}


@dataclass(frozen=True)
class Found:
    """A unit that matches what was typed."""

    level: Level
    unit: Any

    @property
    def name(self) -> str:
        return title_of(self.unit)

    @property
    def place(self) -> str:
        return str(self.unit.place_label)

    @property
    def key(self) -> str:
        return str(getattr(self.unit, self.level.key))


def find(text: str, limit: int = UNITS_SHOWN) -> list[Found]:
    """Units of today whose name, Kreis and Land have every word typed; names that begin with it first."""
    text = " ".join(text.replace("\x00", "").split())[:TEXT_MAX_LENGTH]
    words = SEPARATORS.sub(" ", text).split()
    words = [word for word in words if word.lower() not in KIND_WORDS] or words
    if len(text) < TEXT_MIN_LENGTH or not words:
        return []
    found = [Found(level, unit) for level in LEVELS for unit in _matching(level, words, limit)]
    return sorted(found, key=lambda item: (item.name.lower() != text.lower(), item.unit.nearness))[:limit]


def search(query: Mapping[str, str]) -> dict[str, Any]:
    """What a page to choose a body shows for `q` of its address: what was typed, what was found, if there is more."""
    typed = query.get("q", "").strip()
    found = find(typed, UNITS_SHOWN + 1)
    return {
        "typed": typed,
        "found": found[:UNITS_SHOWN],
        "is_cut": len(found) > UNITS_SHOWN,
        "is_too_short": 0 < len(typed) < TEXT_MIN_LENGTH,
    }


def _matching(level: Level, words: list[str], limit: int) -> Iterable[Any]:
    names = ("name", "full_name", *level.places)
    wanted = Q()
    for word in words:
        wanted &= Q(*[(f"{name}__icontains", word) for name in names], _connector=Q.OR)
    # At least one word has to be of the name itself: all municipalities of a Land are no answer to its name.
    wanted &= Q(*[("full_name__icontains", word) for word in words], _connector=Q.OR)
    nearness = Case(
        When(name__iexact=" ".join(words), then=Value(0)),
        When(name__istartswith=words[0], then=Value(1)),
        When(name__icontains=words[0], then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    units = level.model.objects.current().filter(wanted)
    if level.left_out:
        units = units.exclude(level.left_out)
    found: Iterable[Any] = units.annotate(nearness=nearness).order_by("nearness", "name", "pk")[:limit]
    return found


def unit_of(slug: str, key: str) -> tuple[Level, Any] | None:
    """The unit of today with that key on that level of the register."""
    if (level := LEVEL_BY_SLUG.get(slug)) is None:
        return None
    unit = level.model.objects.current().filter(**{level.key: key}).first()
    return (level, unit) if unit else None


def today(unit: Any) -> Any:
    """The unit itself, or the one that succeeded it in the end."""
    seen = set()
    while unit.valid_to and unit.successor and unit.pk not in seen:
        seen.add(unit.pk)
        unit = unit.successor
    return unit


def title_of(unit: Any) -> str:
    """What the unit is called where nothing says which kind it is."""
    return str(unit.titled_name)


def page_of(unit: Any) -> BodyPage | None:
    """The page of a unit, public or not; None if it takes no part yet."""
    level = next(level for level in LEVELS if isinstance(unit, level.model))
    pages: Any = BodyPage.objects.filter(**{level.reference: unit})
    page: BodyPage | None = pages.order_by("-live", "pk").first()
    return page


def taking_part(found: Iterable[Found]) -> dict[Found, Any]:
    """The public page of each unit that has one, with its `project_count` and `people_count`, in two queries."""
    units = {(item.level.reference, item.unit.pk): item for item in found}
    wanted = Q(pk__in=[])
    for level in LEVELS:
        numbers = [pk for reference, pk in units if reference == level.reference]
        wanted |= Q(**{f"{level.reference}__in": numbers})
    active = Q(team__group__user__is_active=True)
    pages = BodyPage.objects.readable().filter(wanted).with_project_counts()
    pages = pages.annotate(people_count=Count("team__group__user", filter=active))
    references = [(page, level.reference, getattr(page, f"{level.reference}_id")) for page in pages for level in LEVELS]
    return {units[reference, pk]: page for page, reference, pk in references if (reference, pk) in units}


def open_page(unit: Any, by: User, name: str = "", seat: State | None = None) -> BodyPage:
    """The public page of a unit, made if it is missing; without a unit, a new page for that name and Land.

    Call it in a transaction: two requests for the same body wait for each other here.
    """
    parent = BodyIndexPage.objects.select_for_update().get()
    page = page_of(unit) if unit else None
    if page is None:
        page = _new_page(unit, name, seat)
        parent.add_child(instance=page)
    if not page.live:
        page.get_latest_revision_as_object().save_revision(user=by).publish(user=by)
        page = BodyPage.objects.get(pk=page.pk)
    return page


def _new_page(unit: Any, name: str, seat: State | None) -> BodyPage:
    if unit is None:
        kind = BodyKind.INTERMUNICIPAL if seat else BodyKind.FEDERAL
        page = BodyPage(title=name[:TITLE_MAX_LENGTH], kind=kind, seat_state=seat)
    else:
        level = next(level for level in LEVELS if isinstance(unit, level.model))
        page = BodyPage(title=title_of(unit)[:TITLE_MAX_LENGTH], kind=level.kind, **{level.reference: unit})
    page.slug = _free_slug(page)
    page.live = False
    return page


def _free_slug(page: BodyPage) -> str:
    """The name, with the Kreis or Land where another body has that address, and a number if need be."""
    slugs = [readable(name, "stelle") for name in (page.title, f"{page.title} {page.place_label}")]
    taken = set(BodyPage.objects.filter(slug__startswith=slugs[0]).values_list("slug", flat=True))
    return first_free(slugs, taken.__contains__)
