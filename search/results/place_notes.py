"""What the page says about places named in the query, and the ways to narrow or undo it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.kinds.bodies import LAND
from search.query.parameters import ParsedRequest
from search.query.places import Mention

# A name that dozens of places share is not explained by naming them all.
LABELS_SHOWN = 3


@dataclass(frozen=True)
class StateLink:
    """A Land in which a place lies, and the address of the same search in this Land alone."""

    name: str
    url: str


@dataclass(frozen=True)
class PlaceNote:
    """The places a query names, the Länder to narrow it to, and the address that favours them or stops it."""

    label: str
    states: tuple[StateLink, ...]
    is_ignored: bool
    toggle_url: str


def place_note(mentions: Sequence[Mention], parsed: ParsedRequest) -> PlaceNote | None:
    """What to say about the places; None if the query names none."""
    if not mentions:
        return None
    parameters = parsed.parameters
    is_ignored = parameters.ignores_places
    labels = dict.fromkeys(place.label for mention in mentions for place in mention.places)
    shown = "; ".join(list(labels)[:LABELS_SHOWN])
    return PlaceNote(
        label=f"{shown} …" if len(labels) > LABELS_SHOWN else shown,
        states=_states(mentions, parsed, parsed.names.get(LAND.name, {})),
        is_ignored=is_ignored,
        toggle_url=parameters.ignoring_places(not is_ignored).query_string(),
    )


def _states(mentions: Sequence[Mention], parsed: ParsedRequest, names: Mapping[str, str]) -> tuple[StateLink, ...]:
    """The Länder by name; none that is already the only one asked for."""
    chosen = parsed.parameters.filters.get(LAND.name, ())
    keys = {place.state_key for mention in mentions for place in mention.places} & set(names)
    return tuple(
        StateLink(names[key], parsed.parameters.only(LAND.name, key).query_string())
        for key in sorted(keys, key=names.__getitem__)
        if chosen != (key,)
    )
