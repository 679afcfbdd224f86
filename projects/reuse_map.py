"""Where a project is used, as points on a small map of our own: nothing is fetched from anybody.

A municipality lies where its register entry says; a Kreis, association or Land in the middle of its municipalities.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Avg, Q

from projects.models import Municipality, Reuse
from projects.models.reuse import IN_USE

# The border of Germany as a schematic outline drawn by hand, longitude and latitude in degrees, clockwise from
# Flensburg. To a tenth of a degree or so; islands are left out. No geodata.
OUTLINE = (
    (9.4, 54.8), (10.0, 54.65), (10.2, 54.4), (11.1, 54.45), (10.8, 53.95), (11.5, 53.95), (12.1, 54.2),
    (12.5, 54.45), (13.4, 54.65), (13.7, 54.3), (14.2, 53.9), (14.4, 53.3), (14.15, 52.85), (14.65, 52.55),
    (14.55, 52.35), (14.75, 52.05), (14.6, 51.8), (14.8, 51.6), (15.0, 51.15), (14.8, 50.85), (14.35, 51.0),
    (13.8, 50.7), (13.2, 50.5), (12.9, 50.4), (12.35, 50.2), (12.1, 50.3), (12.2, 50.05), (12.5, 49.9), (12.45, 49.7),
    (12.7, 49.4), (13.05, 49.25), (13.4, 48.95), (13.8, 48.75), (13.7, 48.5), (13.4, 48.35), (12.85, 48.2),
    (12.75, 48.05), (13.0, 47.8), (13.05, 47.5), (12.75, 47.65), (12.2, 47.6), (11.6, 47.55), (11.2, 47.4),
    (10.9, 47.45), (10.45, 47.5), (10.2, 47.27), (9.95, 47.5), (9.5, 47.55), (9.0, 47.67), (8.6, 47.65), (8.4, 47.55),
    (7.6, 47.55), (7.55, 47.9), (7.6, 48.15), (7.8, 48.55), (8.2, 48.97), (7.5, 49.1), (7.0, 49.15), (6.75, 49.17),
    (6.37, 49.47), (6.5, 49.8), (6.15, 50.1), (6.35, 50.3), (6.2, 50.55), (6.0, 50.75), (5.9, 51.05), (6.2, 51.3),
    (6.05, 51.65), (5.97, 51.83), (6.75, 51.9), (6.85, 52.1), (7.05, 52.3), (6.7, 52.55), (6.75, 52.65),
    (7.05, 52.65), (7.2, 53.2), (7.0, 53.35), (7.05, 53.6), (8.0, 53.7), (8.2, 53.45), (8.5, 53.6), (8.65, 53.88),
    (9.1, 53.9), (8.85, 54.15), (8.65, 54.3), (8.9, 54.5), (8.6, 54.9),
)  # fmt: skip
WEST, NORTH, SOUTH, EAST = 5.75, 54.98, 47.2, 15.15
# A degree of longitude is shorter than one of latitude: by so much in the middle of the country.
NARROWING = math.cos(math.radians(51.1))
UNITS_PER_DEGREE = 40
WIDTH = round((EAST - WEST) * NARROWING * UNITS_PER_DEGREE)
HEIGHT = round((NORTH - SOUTH) * UNITS_PER_DEGREE)


@dataclass(frozen=True)
class Point:
    """A place on the map, in its own units from the upper left corner."""

    x: float
    y: float
    name: str
    is_in_use: bool


@dataclass(frozen=True)
class Map:
    points: tuple[Point, ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def outline(self) -> str:
        """The border as the `points` of an SVG polygon."""
        return " ".join(f"{x:g},{y:g}" for x, y in (_placed(lon, lat) for lon, lat in OUTLINE))


def map_of(reuses: Sequence[Reuse]) -> Map | None:
    """The units with a known place, those in use last, so that they lie on top; None if there is none."""
    places = _middles(reuses)
    points = []
    for reuse in reuses:
        place = places.get(_key(reuse))
        if place is not None:
            x, y = _placed(*place)
            points.append(Point(x, y, reuse.name, reuse.stage in IN_USE))
    return Map(tuple(sorted(points, key=lambda point: point.is_in_use))) if points else None


def _key(reuse: Reuse) -> tuple[str, int]:
    unit = reuse.unit
    return (type(unit).__name__, unit.pk) if unit else ("", 0)


def _placed(lon: float, lat: float) -> tuple[float, float]:
    x, y = (lon - WEST) * NARROWING * UNITS_PER_DEGREE, (NORTH - lat) * UNITS_PER_DEGREE
    return round(x, 1), round(y, 1)


def _middles(reuses: Sequence[Reuse]) -> dict[tuple[str, int], tuple[float, float]]:
    """Longitude and latitude of each unit; one query for each level other than municipalities."""
    found: dict[tuple[str, int], tuple[float, float]] = {}
    for reuse in reuses:
        town = reuse.municipality
        if town and town.lon is not None and town.lat is not None:
            found[_key(reuse)] = (town.lon, town.lat)
    for field in ("district", "association", "state"):
        numbers = {getattr(reuse, f"{field}_id") for reuse in reuses} - {None}
        if numbers:
            found.update(_averages(field, numbers))
    return found


def _averages(field: str, numbers: set[int]) -> dict[tuple[str, int], tuple[float, float]]:
    placed = Municipality.objects.current().filter(Q(lon__isnull=False) & Q(lat__isnull=False))
    inside = placed.filter(**{f"{field}__in": numbers}).order_by().values(field)
    rows = inside.annotate(lon_=Avg("lon"), lat_=Avg("lat")).values_list(field, "lon_", "lat_")
    return {(field.capitalize(), number): (lon, lat) for number, lon, lat in rows}
