"""Reads centre points of municipalities: a CSV file with the columns ars, lat and lon; further columns are ignored."""

from pathlib import Path

from django.utils.translation import gettext as _

from projects.importers.reports import BadLine, WrongFileError
from projects.importers.tables import read_table

ARS_LENGTH = 12
# Germany with its coastal waters, in degrees (WGS 84); anything else is a mistake, such as swapped columns.
LATITUDES = (47.0, 55.6)
LONGITUDES = (5.5, 15.5)

Point = tuple[float, float]


def degrees(text: str, bounds: tuple[float, float]) -> float:
    """The number as degrees, with a point or a comma. Raises ValueError when it is none or lies outside (nan does)."""
    value = float(text.replace(",", "."))
    if not bounds[0] <= value <= bounds[1]:
        raise ValueError(text)
    return value


def read_coordinates(path: Path) -> tuple[dict[str, Point], list[BadLine]]:
    """Points (latitude, longitude in degrees) by ARS, and the rows left out. Raises WrongFileError.

    A row without any coordinate is no mistake: not every unit has one.
    """
    points: dict[str, Point] = {}
    bad: list[BadLine] = []
    for number, row in read_table(path, ("ars", "lat", "lon")):
        ars = row["ars"]
        if not row["lat"] and not row["lon"]:
            continue
        if len(ars) != ARS_LENGTH or not (ars.isascii() and ars.isdigit()):
            bad.append(BadLine(number, _("“%(ars)s” is not an ARS of twelve digits") % {"ars": ars[:40]}))
            continue
        try:
            points[ars] = degrees(row["lat"], LATITUDES), degrees(row["lon"], LONGITUDES)
        except ValueError:
            bad.append(
                BadLine(number, _("the coordinates of %(ars)s lie outside Germany or are no numbers") % {"ars": ars})
            )
    if bad and not points:
        raise WrongFileError(_("%(path)s contains no usable coordinate.") % {"path": path})
    return points, bad
