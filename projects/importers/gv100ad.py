"""Reads the official register of municipalities, GV100AD: fixed width, one unit a line.

Layout after Destatis, GV-ISys, "Datensatzbeschreibung GV100 ASCII-Format" (220 characters a line; positions below count
from zero). Encoding ISO-8859-1 in the official download, UTF-8 in many copies of it: detected.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from projects.importers.reports import BadLine, WrongFileError

LINE_LENGTH = 220
RECORD = slice(0, 2)
DATE = slice(2, 10)
KEY = slice(10, 18)
ASSOCIATION = slice(18, 22)
NAME = slice(22, 72)
SEAT = slice(72, 122)
KIND = slice(122, 124)
AREA = slice(128, 139)
INHABITANTS = slice(139, 150)
POSTCODE = slice(165, 170)

STATE, REGION, PLANNING_REGION, DISTRICT, ASSOCIATION_RECORD, MUNICIPALITY = "10", "20", "30", "40", "50", "60"
# Regierungsbezirk and Region: read over, the platform has no use for them.
IGNORED_RECORDS = {REGION, PLANNING_REGION}
# Digits of the key each record must carry at KEY, and how many of the association's four.
KEY_LENGTHS = {STATE: 2, DISTRICT: 5, ASSOCIATION_RECORD: 5, MUNICIPALITY: 8}

DISTRICT_KINDS = {
    "41": "Kreisfreie Stadt",
    "42": "Stadtkreis",
    "43": "Kreis",
    "44": "Landkreis",
    "45": "Regionalverband",
}
NO_ASSOCIATION = "50"
ASSOCIATION_KINDS = {
    NO_ASSOCIATION: "Verbandsfreie Gemeinde",
    "51": "Amt",
    "52": "Samtgemeinde",
    "53": "Verbandsgemeinde",
    "54": "Verwaltungsgemeinschaft",
    "55": "Kirchspielslandgemeinde",
    "56": "Verwaltungsverband",
    "57": "Verwaltungsgemeinschaft (Trägermodell)",
    "58": "Erfüllende Gemeinde",
}
# Ways the file abbreviates what an association is (Baden-Württemberg, Bavaria), and the word for it.
ASSOCIATION_ABBREVIATIONS = (
    (re.compile(r"^VVG (?:der (?:Stadt|Gemeinde) )?"), "Vereinbarte Verwaltungsgemeinschaft"),
    (re.compile(r"^GVV "), "Gemeindeverwaltungsverband"),
    (re.compile(r" \(VGem\)$"), "Verwaltungsgemeinschaft"),
)
# Kreise that go by another word; the file counts them among the Kreise (43) and Landkreise (44).
NAMED_BY_THEIR_KIND = ("Region", "Städteregion", "Regionalverband")
MUNICIPALITY_KINDS = {"60", "61", "62", "63", "64", "65", "66", "67", "68", "69"}
UNINCORPORATED_KINDS = {"65", "66"}

WHITESPACE = re.compile(r"\s+")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Unit:
    """One line: `key` has 2 (Land), 5 (Kreis), 9 (association) or 12 digits (ARS of a municipality)."""

    record: str
    key: str
    full_name: str
    date: datetime.date
    line: int = 0
    seat: str = ""
    kind: str = ""
    area_ha: int | None = None
    inhabitants: int | None = None
    postcode: str = ""

    @property
    def name(self) -> str:
        """The short name: without “, Stadt” and other additions."""
        return self.full_name.split(",", 1)[0].strip()

    @property
    def ags(self) -> str:
        """AGS of a municipality: its ARS without the four digits of the association."""
        return self.key[:5] + self.key[9:]

    @property
    def is_unincorporated(self) -> bool:
        """An area, such as a large forest, that belongs to no municipality."""
        return self.kind in UNINCORPORATED_KINDS

    @property
    def district_key(self) -> str:
        return self.key[:5]


def district_kind(unit: Unit) -> str:
    """“Landkreis”, “Kreisfreie Stadt” …; “Region” for Region Hannover."""
    first_word = unit.name.split(" ", 1)[0]
    return first_word if first_word in NAMED_BY_THEIR_KIND else DISTRICT_KINDS[unit.kind]


def association_name_and_kind(unit: Unit) -> tuple[str, str]:
    """“Lütjenburg” and “Amt”: the kind is said before the name wherever both are shown, so the name goes without it."""
    for pattern, kind in ASSOCIATION_ABBREVIATIONS:
        name, found = pattern.subn("", unit.name)
        if found and name:
            return name, kind
    kind = ASSOCIATION_KINDS[unit.kind]
    return unit.name.removeprefix(f"{kind} "), kind


def short(text: str) -> str:
    return WHITESPACE.sub(" ", text).strip()


def digits(line: str, field: slice, length: int, label: str) -> str:
    """The first `length` characters of the field. Raises ValueError unless all are digits."""
    value = line[field][:length]
    if len(value) != length or not (value.isascii() and value.isdigit()):
        raise ValueError(_("%(label)s is not made of %(length)d digits") % {"label": label, "length": length})
    return value


def figure(line: str, field: slice, label: str) -> int:
    value = line[field].strip()
    if not (value.isascii() and value.isdigit()):
        raise ValueError(_("%(label)s is not a number") % {"label": label})
    return int(value)


def key_of(line: str) -> str:
    """The key as the platform writes it. Raises ValueError when it cannot be read."""
    record = line[RECORD]
    key = digits(line, KEY, KEY_LENGTHS[record], _("the key"))
    if record in {STATE, DISTRICT}:
        return key
    association = digits(line, ASSOCIATION, 4, _("the key of the association"))
    return key[:5] + association + key[5:]


def parse_line(line: str, number: int = 0) -> Unit:
    """One unit from one line; `number` is kept for messages. Raises ValueError, with the reason, on a damaged line."""
    if len(line) > LINE_LENGTH and line[LINE_LENGTH:].strip():
        raise ValueError(_("longer than %(length)d characters") % {"length": LINE_LENGTH})
    if UNPRINTABLE.search(line) or "\ufffd" in line:
        raise ValueError(_("contains characters that are not text"))
    record, key = line[RECORD], key_of(line)
    try:
        date = datetime.datetime.strptime(line[DATE], "%Y%m%d").date()  # noqa: DTZ007  (a day, no moment)
    except ValueError:
        raise ValueError(_("the date is not a date")) from None
    full_name, kind = short(line[NAME]), line[KIND].strip()
    if not full_name:
        raise ValueError(_("the name is missing"))
    kinds = {DISTRICT: DISTRICT_KINDS, ASSOCIATION_RECORD: ASSOCIATION_KINDS, MUNICIPALITY: MUNICIPALITY_KINDS}
    if record in kinds and kind not in kinds[record]:
        raise ValueError(_("unknown kind of unit (Textkennzeichen) “%(kind)s”") % {"kind": kind})
    if record != MUNICIPALITY:
        return Unit(record, key, full_name, date, number, seat=short(line[SEAT]), kind=kind)
    area, inhabitants = figure(line, AREA, _("the area")), figure(line, INHABITANTS, _("the number of inhabitants"))
    postcode = line[POSTCODE].strip()
    if postcode:
        digits(line, POSTCODE, 5, _("the postcode"))
    return Unit(record, key, full_name, date, number, "", kind, area, inhabitants, postcode)


def decode_lines(data: bytes) -> list[str]:
    """Lines as text. UTF-8 if most lines with umlauts are, with U+FFFD where one is damaged; ISO-8859-1 otherwise."""
    raw_lines = data.removeprefix(b"\xef\xbb\xbf").splitlines()
    utf8 = other = 0
    for raw in raw_lines:
        if not raw.isascii():
            try:
                raw.decode("utf-8")
                utf8 += 1
            except UnicodeDecodeError:
                other += 1
    encoding = "utf-8" if utf8 >= other else "iso-8859-1"
    return [raw.decode(encoding, errors="replace") for raw in raw_lines]


def read_units(path: Path) -> Iterator[Unit | BadLine]:
    """Every Land, Kreis, association and municipality of the file, damaged lines named in their place.

    Raises WrongFileError when the file cannot be read or is no text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WrongFileError(
            _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": error.strerror}
        ) from None
    if b"\x00" in data:
        raise WrongFileError(_("%(path)s is not a text file.") % {"path": path})
    for number, line in enumerate(decode_lines(data), start=1):
        if not line.strip() or line[RECORD] in IGNORED_RECORDS:
            continue
        if line[RECORD] not in KEY_LENGTHS:
            yield BadLine(number, _("unknown kind of record (Satzart) “%(record)s”") % {"record": line[RECORD]})
            continue
        try:
            yield parse_line(line, number)
        except ValueError as error:
            yield BadLine(number, str(error), readable_key(line))


def readable_key(line: str) -> str:
    """The key of a line that is damaged elsewhere, empty if the key itself is damaged."""
    try:
        return key_of(line)
    except ValueError:
        return ""
