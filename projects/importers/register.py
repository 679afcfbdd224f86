"""Stores the official register: Länder, Kreise, associations and municipalities.

A unit keeps its row (and with it the body that takes part) as long as its key lives. For a municipality that is the
AGS: joining another association changes its ARS, not the municipality. What vanished from the file is ended, never
deleted, and revived when it comes back. Example units are left alone.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pages.addresses import readable
from projects.importers import gv100ad
from projects.importers.coordinates import Point, read_coordinates
from projects.importers.gv100ad import Unit, read_units
from projects.importers.levels import LevelWriter, Values, tell_the_pages
from projects.importers.reports import BadLine, ImportReport, LevelCounts, WrongFileError
from projects.models import Association, District, Municipality, State, size_class_of
from projects.models.register import STATE_SLUG_LENGTH

# A register that loses this share of its municipalities at once was cut off. Reforms of a year end less than 2 %;
# a small register (tests, one Land) is given more room, for there one unit is a large share.
MAX_ENDED_SHARE = 0.1
MAX_ENDED_SHARE_SMALL = 0.5
SMALL_REGISTER = 1_000
# Areas outside every Kreis (coastal waters, a condominium with Luxembourg) have 000 where the Kreis stands. They get a
# stand-in that is never current, so nobody can choose it and it is not counted among the Kreise.
NO_DISTRICT = "000"
STAND_IN_KIND = "Kreisfreies Gebiet"

Progress = Callable[[int], object]


@dataclass
class RegisterReport(ImportReport):
    """Counts per level, the day the file describes and the inhabitants it counts."""

    date: datetime.date | None = None
    inhabitants: int = 0


@dataclass
class RegisterFile:
    """The content of a file, sorted by level; each key once."""

    units: dict[str, dict[str, Unit]] = field(default_factory=lambda: {record: {} for record in gv100ad.KEY_LENGTHS})
    bad_lines: list[BadLine] = field(default_factory=list)

    @property
    def date(self) -> datetime.date:
        return max(unit.date for unit in self.units[gv100ad.MUNICIPALITY].values())

    @property
    def size(self) -> int:
        return sum(len(units) for units in self.units.values())

    def damaged_keys(self) -> set[str] | None:
        """Keys of damaged lines, whose units are not missing; None if a damaged line could be anybody's."""
        keys = {line.key for line in self.bad_lines}
        return None if "" in keys else keys


def read_register(path: Path) -> RegisterFile:
    """The file's units. Raises WrongFileError when it is no GV100AD file, or mostly damaged."""
    content = RegisterFile()
    for entry in read_units(path):
        if isinstance(entry, BadLine):
            content.bad_lines.append(entry)
            continue
        units = content.units[entry.record]
        # The AGS, not the ARS, names a municipality.
        key = entry.ags if entry.record == gv100ad.MUNICIPALITY else entry.key
        if key in units:
            reason = _("the key %(key)s already stands in line %(line)d") % {"key": key, "line": units[key].line}
            content.bad_lines.append(BadLine(entry.line, reason, entry.key))
        else:
            units[key] = entry
    needed = (gv100ad.STATE, gv100ad.DISTRICT, gv100ad.MUNICIPALITY)
    if not all(content.units[record] for record in needed) or len(content.bad_lines) > content.size:
        raise WrongFileError(
            _("%(path)s is not a register file (GV100AD): %(good)d readable lines, %(bad)d damaged ones.")
            % {"path": path, "good": content.size, "bad": len(content.bad_lines)}
        )
    return content


class RegisterImport:
    """One run over one file; `run` is the only way in."""

    def __init__(self, content: RegisterFile, points: dict[str, Point], progress: Progress) -> None:
        self.content, self.points, self.progress = content, points, progress
        self.report = RegisterReport(bad_lines=list(content.bad_lines), date=content.date)
        self.damaged_keys = content.damaged_keys()

    @transaction.atomic
    def run(self) -> RegisterReport:
        states = self.write_states()
        districts = self.write_districts(states)
        associations = self.write_associations(districts)
        self.write_municipalities(districts, associations)
        return self.report

    def refuse(self, unit: Unit, reason: str) -> None:
        self.report.bad_lines.append(BadLine(unit.line, f"{unit.full_name}: {reason}", unit.key))

    def write_states(self) -> dict[str, Any]:
        """Länder do not vanish: a file with fewer of them is an extract."""
        writer, counts = LevelWriter(State, "key", self.content.date), self.report.of("states")
        for key, unit in self.content.units[gv100ad.STATE].items():
            values: Values = {"name": unit.name, "full_name": unit.full_name}
            if key not in writer.by_key:
                values["slug"] = readable(unit.name, key, STATE_SLUG_LENGTH)
            writer.put(key, values, counts)
            self.progress(1)
        writer.store()
        return writer.by_key

    def write_districts(self, states: dict[str, Any]) -> dict[str, Any]:
        writer, counts = LevelWriter(District, "key", self.content.date), self.report.of("districts")
        for key, unit in self.content.units[gv100ad.DISTRICT].items():
            state = states.get(key[:2])
            if state is None or key in writer.taken_by_examples:
                self.refuse(
                    unit, _("its Land is not in the register") if state is None else _("an example has its key")
                )
                continue
            values = {
                "name": unit.name,
                "full_name": unit.full_name,
                "kind": gv100ad.district_kind(unit),
                "state_id": state.pk,
                "seat": unit.seat,
            }
            writer.put(key, values, counts)
            self.progress(1)
        self.put_stand_ins(writer, states)
        self.store(writer, counts)
        return writer.by_key

    def put_stand_ins(self, writer: LevelWriter, states: dict[str, Any]) -> None:
        """See NO_DISTRICT. The stand-in bears the area's name, so that the area is labelled with its Land alone."""
        districts, units = self.content.units[gv100ad.DISTRICT], self.content.units[gv100ad.MUNICIPALITY].values()
        # City states have 000, too, but are their own Kreis.
        outside = (
            unit for unit in units if unit.district_key[2:] == NO_DISTRICT and unit.district_key not in districts
        )
        for key, unit in {unit.district_key: unit for unit in outside if unit.is_unincorporated}.items():
            state = states.get(unit.key[:2])
            if state is None:
                continue
            row = writer.by_key.get(key)
            values = {
                "name": unit.name,
                "full_name": unit.full_name,
                "kind": STAND_IN_KIND,
                "state_id": state.pk,
                "valid_to": row.valid_to if row and row.valid_to else self.content.date,
            }
            writer.put(key, values, LevelCounts())

    def write_associations(self, districts: dict[str, Any]) -> dict[str, Any]:
        writer, counts = LevelWriter(Association, "key", self.content.date), self.report.of("associations")
        for key, unit in self.content.units[gv100ad.ASSOCIATION_RECORD].items():
            self.progress(1)
            if unit.kind == gv100ad.NO_ASSOCIATION:
                continue
            district = districts.get(unit.district_key)
            if district is None:
                self.refuse(unit, _("its Kreis is not in the register"))
                continue
            name, kind = gv100ad.association_name_and_kind(unit)
            values = {
                "name": name,
                "full_name": unit.full_name,
                "kind": kind,
                "district_id": district.pk,
                "seat": unit.seat,
            }
            writer.put(key, values, counts)
        self.store(writer, counts)
        return writer.by_key

    def write_municipalities(self, districts: dict[str, Any], associations: dict[str, Any]) -> None:
        writer = LevelWriter(Municipality, "ags", self.content.date)
        for ags, unit in self.content.units[gv100ad.MUNICIPALITY].items():
            self.progress(1)
            district = districts.get(unit.district_key)
            if district is None or ags in writer.taken_by_examples:
                missing = district is None
                self.refuse(unit, _("its Kreis is not in the register") if missing else _("an example has its key"))
                continue
            values = municipality_values(unit, district, associations.get(unit.key[:9]), self.points.get(unit.key))
            writer.put(ags, values, self.counts_of(values["is_unincorporated"]))
            self.report.inhabitants += unit.inhabitants or 0
        self.refuse_a_cut_file(writer)
        self.store(writer, None)

    def counts_of(self, is_unincorporated: bool) -> LevelCounts:
        return self.report.of("unincorporated_areas" if is_unincorporated else "municipalities")

    def refuse_a_cut_file(self, writer: LevelWriter) -> None:
        """Raises WrongFileError, which undoes everything, when the file would end a large part of the register."""
        current = sum(row.valid_to is None for row in writer.official)
        missing = sum(row.valid_to is None and row.pk not in writer.seen for row in writer.official)
        share = MAX_ENDED_SHARE_SMALL if current < SMALL_REGISTER else MAX_ENDED_SHARE
        if missing > current * share:
            raise WrongFileError(
                _("The file lacks %(missing)d of %(current)d municipalities: it seems to be incomplete.")
                % {"missing": missing, "current": current}
            )

    def store(self, writer: LevelWriter, counts: LevelCounts | None) -> None:
        ended = writer.vanished(self.damaged_keys)
        for row in ended:
            (counts or self.counts_of(row.is_unincorporated)).ended += 1
        writer.store(ended)
        tell_the_pages(writer)


def municipality_values(unit: Unit, district: Any, association: Any, point: Point | None) -> Values:
    """What the table holds of a municipality, but for its key; coordinates only where the caller has some."""
    values: Values = {
        "ars": unit.key,
        "name": unit.name,
        "full_name": unit.full_name,
        "kind_code": unit.kind,
        "district_id": district.pk,
        "association_id": association.pk if association else None,
        "state_id": district.state_id,
        "area_ha": unit.area_ha,
        "inhabitants": unit.inhabitants,
        "size_class": "" if unit.is_unincorporated else str(size_class_of(unit.inhabitants)),
        "postcode": unit.postcode,
        "is_unincorporated": unit.is_unincorporated,
    }
    return values | ({"lat": point[0], "lon": point[1]} if point else {})


def import_register(
    path: Path, coordinates: Path | None = None, progress: Progress = lambda steps: None
) -> RegisterReport:
    """Bring the register to the state of a GV100AD file, in one transaction; `progress` is called with lines done.

    Raises WrongFileError, and changes nothing, when a file is not what it should be.
    """
    content = read_register(path)
    points, bad_coordinates = read_coordinates(coordinates) if coordinates else ({}, [])
    report = RegisterImport(content, points, progress).run()
    unknown = points.keys() - {unit.key for unit in content.units[gv100ad.MUNICIPALITY].values()}
    report.remarks += [
        _("coordinates, line %(line)d: %(reason)s") % {"line": bad.number, "reason": bad.reason}
        for bad in bad_coordinates
    ]
    report.remarks += [_("coordinates: no municipality has the ARS %(ars)s") % {"ars": ars} for ars in sorted(unknown)]
    return report
