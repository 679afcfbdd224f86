"""Places in a query: which municipality, Kreis or Land its words name.

A place that is named is favoured, never required. Names come from the register in the database; whether a name is also
a common word (Essen, Hof) is told by the noun lexicon of the analysis. Must not know engine or request.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.core.cache import cache
from django.db.models import Count, Max, Sum
from django.db.models.functions import Length
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from projects.models import District, Municipality, State
from projects.models.register import CITY_KINDS, KLEINSTADT_BELOW
from search.text.compounds import PART_MIN_LENGTH, lexicon
from search.text.spelling import fold
from search.text.word_lists import OTHER_PARTS, STOP_WORDS

Level = Literal["municipality", "district", "state"]
Name = tuple[str, ...]

# "Frankfurt am Main" is also called Frankfurt: what follows one of these only tells namesakes apart.
CONNECTIVES = frozenset(
    {"a", "am", "an", "auf", "b", "bei", "d", "der", "i", "im", "in", "o", "ob", "u", "unter", "v", "vom", "von", "vor"}
)
# The last of these says nothing about the level: it only makes clear that a place is meant.
CUES: dict[str, Level | None] = {
    **dict.fromkeys(("stadt", "gemeinde", "kommune", "hansestadt", "landeshauptstadt", "markt"), "municipality"),
    **dict.fromkeys(("kreis", "landkreis", "lk"), "district"),
    **dict.fromkeys(("land", "bundesland", "freistaat"), "state"),
    **dict.fromkeys(("in", "aus", "nahe", "region"), None),
}
# Cues that may also follow the name: "Harburg Landkreis".
TRAILING_CUES = frozenset({"kreis", "landkreis"})
TOWN_CUES = frozenset({"stadt", "hansestadt", "landeshauptstadt"})
# Textkennzeichen of the register (Destatis GV100AD): kreisfreie Stadt, Stadtkreis, Stadt, Große Kreisstadt.
TOWN_KINDS = frozenset({"61", "62", "63", "67"})
# Short forms people use, by the key of the Land; the official codes of two letters stand for too much else ("CC BY").
STATE_SHORT_FORMS = {
    "01": ("SH",),
    "03": ("NDS",),
    "05": ("NRW",),
    "07": ("RLP",),
    "08": ("BW", "BaWü"),
    "13": ("MV", "MeckPomm", "Meck-Pomm"),
    "15": ("LSA",),
}

WORD = re.compile(r"[^\W_]+")
# How long another process may go on with the old names; a change in this process is seen at once.
STAMP_SECONDS = 60
STAMP_KEY = "search-places"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of the register a query can name."""

    level: Level
    name: str  # as people write it: "Köln", "Landkreis Harburg"
    label: str  # with where it lies, so that namesakes are told apart
    ags: str = ""
    district_key: str = ""
    state_key: str = ""
    is_town: bool = False  # may call itself Stadt

    @property
    def key(self) -> str:
        """The official key of the unit itself, as documents carry it in the field `ort`."""
        return self.ags or self.district_key or self.state_key


@dataclass(frozen=True)
class Mention:
    """Words of a query that name a place, or one of several with the same name."""

    surface: str
    places: tuple[Place, ...]

    @property
    def is_ambiguous(self) -> bool:
        return len(self.places) > 1

    @property
    def name(self) -> str:
        return self.places[0].name if not self.is_ambiguous else self.surface

    @property
    def label(self) -> str:
        """Every place that may be meant."""
        return "; ".join(place.label for place in self.places)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(place.key for place in self.places)

    def shared(self, level: Literal["district", "state"]) -> tuple[str, ...]:
        """The key of the Kreis or Land around the places named; none if they lie in different ones."""
        keys = {place.district_key if level == "district" else place.state_key for place in self.places}
        return tuple(keys - {"", *self.keys}) if len(keys) == 1 else ()


@dataclass(frozen=True)
class PlaceTable:
    """Every name as folded words, and the places that have it."""

    by_name: dict[Name, tuple[Place, ...]] = field(default_factory=dict)
    unclear: frozenset[Name] = frozenset()  # names that are also common words
    longest: int = 0

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """The places a text names, longest names first where they overlap, in order and each once."""
        if not self.longest:
            return ()
        spans = list(WORD.finditer(text))
        folded = [fold(span.group()) for span in spans]
        found: dict[tuple[Place, ...], Mention] = {}
        position = 0
        while position < len(spans):
            length, places = self._longest_at(position, spans, folded)
            if places:
                surface = text[spans[position].start() : spans[position + length - 1].end()]
                found.setdefault(places, Mention(surface, places))
            position += max(length, 1)
        return tuple(found.values())

    def _longest_at(
        self, start: int, spans: Sequence[re.Match[str]], folded: Sequence[str]
    ) -> tuple[int, tuple[Place, ...]]:
        for length in range(min(self.longest, len(folded) - start), 0, -1):
            name = tuple(folded[start : start + length])
            places = self.by_name.get(name, ())
            if not places:
                continue
            before = folded[start - 1] if start else ""
            after = folded[start + length] if start + length < len(folded) else ""
            cue = before if before in CUES else after if after in TRAILING_CUES else ""
            if name in self.unclear and not cue:
                continue
            if meant := _meant(name, places, cue):
                return length, meant
        return 1, ()


def _meant(name: Name, places: tuple[Place, ...], cue: str) -> tuple[Place, ...]:
    """The places a cue asks for; without one, those that do not contain a municipality of exactly that name."""
    level = CUES.get(cue)
    if level:
        fitting = tuple(place for place in places if place.level == level)
        towns = tuple(place for place in fitting if place.is_town)
        return towns if cue in TOWN_CUES and towns else fitting
    namesakes = [place for place in places if place.level == "municipality" and _words(place.name) == name]
    around = {key for place in namesakes for key in (place.district_key, place.state_key)}
    return tuple(place for place in places if place.level == "municipality" or place.key not in around)


# --- building the table -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A place with the names it goes by; `inhabitants` is 0 where nobody counted them."""

    place: Place
    names: tuple[str, ...]
    inhabitants: int = 0


def build(entries: Iterable[Entry]) -> PlaceTable:
    """A table of all names; places with the same name stand in the order of their inhabitants."""
    by_name: dict[Name, dict[Place, None]] = {}
    unclear: set[Name] = set()
    for entry in sorted(entries, key=lambda entry: -entry.inhabitants):
        for name in {form for text in entry.names for form in _forms(text)}:
            by_name.setdefault(name, {})[entry.place] = None
            # A Land is too well known to be taken for another word.
            if entry.place.level != "state" and len(name) == 1 and is_common(name[0], entry.inhabitants):
                unclear.add(name)
    longest = max(map(len, by_name), default=0)
    return PlaceTable({name: tuple(found) for name, found in by_name.items()}, frozenset(unclear), longest)


def is_common(word: str, inhabitants: int = 0) -> bool:
    """Whether a folded name is also an ordinary word.

    The lexicon holds no nouns below four letters: so short a name is trusted only if a town has it (Ulm, not Au).
    """
    if len(word) < PART_MIN_LENGTH:
        return inhabitants < KLEINSTADT_BELOW
    return word in lexicon() or word in OTHER_PARTS or word in STOP_WORDS


def _words(text: str) -> Name:
    return tuple(fold(word) for word in WORD.findall(text))


def _forms(text: str) -> Iterator[Name]:
    """The ways to write a name: whole, either half of a bilingual one, and without what only tells namesakes apart."""
    for half in {text, *text.split("/")}:
        base = _words(half.split("(")[0])
        end = next((place for place, word in enumerate(base) if word in CONNECTIVES), len(base))
        yield from filter(None, (_words(half), base[:end]))


# --- reading the register ---------------------------------------------------------------------------------------------

# The stamp and the names read with it, under one key: threads see both or neither.
_cached: dict[str, tuple[Any, PlaceTable]] = {}


def place_table() -> PlaceTable:
    """The names of the register as it is now; read anew only after a change (some 60 ms for all of Germany)."""
    stamp = cache.get(STAMP_KEY)
    if stamp is None:
        stamp = tuple(_stamp(model) for model in (Municipality, District, State))
        cache.set(STAMP_KEY, stamp, STAMP_SECONDS)
    known = _cached.get("names")
    if known is None or known[0] != stamp:
        known = _cached["names"] = (stamp, _read())
    return known[1]


def _stamp(model: Any) -> tuple[Any, ...]:
    """Differs after units were added, ended or renamed; no unit is ever deleted, and none has a date of change."""
    state = (
        model.objects.order_by()
        .select_related(None)
        .aggregate(rows=Count("pk"), last=Max("pk"), ended=Count("valid_to"), letters=Sum(Length("full_name")))
    )
    return tuple(state.values())


@receiver([post_save, post_delete], sender=Municipality)
@receiver([post_save, post_delete], sender=District)
@receiver([post_save, post_delete], sender=State)
def forget_names(**kwargs: Any) -> None:
    cache.delete(STAMP_KEY)
    _cached.clear()


def _read() -> PlaceTable:
    districts = {district.pk: district for district in District.objects.current()}
    return build([*_municipalities(districts), *_districts(districts.values()), *_states()])


def _municipalities(districts: Mapping[int, District]) -> Iterator[Entry]:
    rows = Municipality.objects.current().filter(is_unincorporated=False).order_by("ars").select_related(None)
    columns = ("ags", "name", "full_name", "kind_code", "inhabitants", "district_id")
    for ags, name, full_name, kind_code, inhabitants, district_id in rows.values_list(*columns):
        district = districts.get(district_id)
        if district is None:
            continue
        state = district.state
        where = state.name if district.kind in CITY_KINDS else f"{district.titled_name}, {state.name}"
        is_town = kind_code in TOWN_KINDS
        place = Place("municipality", name, f"{name} ({where})", ags, district.key, state.key, is_town)
        yield Entry(place, (name, full_name), inhabitants or 0)


def _districts(districts: Iterable[District]) -> Iterator[Entry]:
    """Kreise without the cities that are their own: those are known as municipalities."""
    for district in districts:
        if district.kind not in CITY_KINDS:
            place = Place("district", district.titled_name, str(district), "", district.key, district.state.key)
            yield Entry(place, (district.name, district.full_name))


def _states() -> Iterator[Entry]:
    for state in State.objects.current():
        place = Place("state", state.name, state.name, state_key=state.key)
        yield Entry(place, (state.name, *STATE_SHORT_FORMS.get(state.key, ())))
