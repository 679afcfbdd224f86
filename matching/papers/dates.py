"""When it is decided: the day of the body that decides, from the Beratungsfolge or what stands in its place."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from matching.papers.labels import Kind, label_of
from matching.papers.lines import Line
from matching.papers.parts import Parts
from matching.papers.quotation import Quotation
from matching.papers.sentences import MONTHS
from pages.days import day

MONTH_NAMES = MONTHS.split("|")
DATE = re.compile(rf"(?<![\d.])(\d{{1,2}})\.\s?(?:(\d{{1,2}})\.\s?|({MONTHS})\s+)(\d{{4}}|\d{{2}})(?![\d.]*\d)")
BODY = re.compile(
    r"\w*ausschu(?:ss|ß)\b|\w*ausschusses\b|\w*ausschüsse\b"
    r"|\b(?:(?:samt|verbands)?gemeinde|(?:hanse)?stadt(?:bezirks|teil)?|markt|kreis|orts(?:bei)?|ortschafts"
    r"|bezirks|bei"
    r"|\w+bei|verbands|verwaltungs|aufsichts|regional|stiftungs|schul)?(?:rat|rats|rates)\b"
    r"|\b(?:kreis|land|bezirks|gemeinde|regional)tag(?:s|es)?\b"
    r"|\w*(?:versammlung|vertretung|kommission|bürgerschaft|magistrat|vorstand|plenum)\b"
    r"|\b(?:senat|HFA|HA|VA|UVA|BA|BPA|StVV|GR|SR|KT|ASU|TA)\b",
    re.IGNORECASE,
)
TOP_BODY = re.compile(
    r"\b(?:gemeinde|stadt|markt|samtgemeinde|verbandsgemeinde|orts|ortschafts|kreis|hansestadt)?(?:rat|rates|rats)\b"
    r"|kreistag|landtag|stadtverordnetenversammlung|gemeindevertretung|stadtvertretung|bürgerschaft"
    r"|verbandsversammlung"
    r"|amtsausschuss|regionalversammlung|bezirkstag",
    re.IGNORECASE,
)
DECIDES = re.compile(
    r"entscheid\w*|beschließ\w*|beschliess\w*|beschlu(?:ss|ß)(?:fassung|fassend|fassendes)?\b(?!vorschlag|empfehlung)"
    r"|beschlussfass\w*",
    re.IGNORECASE,
)
ADVISES = re.compile(
    r"vorberat\w*|anhör\w*|kenntnis\w*|informat\w*|empfehl\w*|beratend\w*|beratung\b|einbringung|zur beratung"
    r"|mitberat\w*"
    r"|stellungnahme|beschlussempfehlung|vorgestellt",
    re.IGNORECASE,
)
SESSION = re.compile(r"(?:sitzung|tagesordnung|ratssitzung|beratung|plenarsitzung)\w*", re.IGNORECASE)
SESSION_LABEL = re.compile(r"sitzung|termin", re.IGNORECASE)
# Words that say a day is something else.
OTHER_DAY = re.compile(
    r"\b(?:ausdruck|stand|eingang|eingegangen|erstellt|vorlage vom|antrag vom|frist|bis zum|datum|seit|geändert)\b",
    re.IGNORECASE,
)
CENTURY = 2000
# No row of a table and no line of a head is longer; what is takes longer to look through than it is worth.
LINE_MAX_LENGTH = 500


@dataclass
class Station:
    """One body that a paper goes through, with its day, and what it does if that is said."""

    date: datetime.date
    line: Line
    text: str
    decides: bool | None = None

    @property
    def is_top(self) -> bool:
        return TOP_BODY.search(self.text) is not None


def find_decision(parts: Parts) -> Quotation | None:
    """The day of the deciding body; where all only advise, the last day; of what is unknown, none."""
    stations = list(_course(parts)) or list(_sessions(parts))
    if not stations:
        return None
    deciding = [station for station in stations if station.decides]
    if deciding:
        chosen = max(deciding, key=lambda station: station.date)
    else:
        unsaid = [station for station in stations if station.decides is None and station.is_top]
        is_said = any(station.decides is False for station in stations)
        chosen = max(unsaid if unsaid and not is_said else stations, key=lambda station: station.date)
    place = "Beratungsfolge" if _has_course(parts) else ""
    return Quotation(chosen.date, chosen.text, place, chosen.line.page)


def _has_course(parts: Parts) -> bool:
    return any(label_in(line) for line in parts.lines)


def label_in(line: Line) -> bool:
    return any(
        (label := label_of(cell.text, is_apart=line.is_apart)) is not None and label.kind == Kind.COURSE
        for cell in line.cells
    )


def dates_in(text: str) -> Iterator[tuple[int, datetime.date]]:
    """Days in a text, each with its place; what only looks like one is passed over."""
    for found in DATE.finditer(text):
        date, number, name, year = found.groups()
        month = number or str(MONTH_NAMES.index(name) + 1)
        full_year = year if len(year) == 4 else str(CENTURY + int(year))
        try:
            yield found.start(), day(f"{date}.{month}.{full_year}")
        except ValueError:
            continue


def _course(parts: Parts) -> Iterator[Station]:
    """Stations of the table, and of lines of the head that name a body and a day."""
    is_within, pending = False, ""
    waiting: Station | None = None
    for line in _searched(parts):
        if len(line.text) > LINE_MAX_LENGTH:
            continue
        if label_in(line):
            is_within = True
        elif is_within and _ends_course(line):
            is_within, pending = False, ""
        dates = list(dates_in(line.text))
        names_body = _names_body(line.text)
        if not dates:
            role = _role(line.text)
            if waiting and is_within and waiting.decides is None and role is not None and not names_body:
                waiting.decides = role
            elif is_within and names_body:
                pending = line.text
            continue
        if not (is_within or (names_body and not OTHER_DAY.search(line.text) and _is_row(line))):
            continue
        for _place, date in dates[:1] if len(line.cells) > 1 else dates:
            text = line.text if names_body else f"{pending} {line.text}".strip()
            waiting = Station(date, line, text, _role(line.text))
            yield waiting


def _searched(parts: Parts) -> Iterator[Line]:
    """The head, and the table wherever it stands."""
    yield from parts.head
    for part in parts.parts:
        is_within = False
        for line in part.lines:
            is_within = is_within or label_in(line)
            if is_within:
                yield line


def _is_row(line: Line) -> bool:
    """A row of a table, or a line such as “Finanzausschuss am 18.03.2025 (Vorberatung)”: no sentence."""
    return len(line.cells) > 1 or line.text[-1] != "."


def _ends_course(line: Line) -> bool:
    label = label_of(line.cells[0].text, is_apart=line.is_apart)
    if label is None or label.kind == Kind.COURSE:
        return False
    return label.kind not in (Kind.FIELD, Kind.CONTACT) or bool(label.rest)


def _names_body(text: str) -> bool:
    return BODY.search(text) is not None


def _role(text: str) -> bool | None:
    """True if the body decides, False if it does something less, None if that is not said."""
    rest = re.sub(BODY, " ", text)
    if re.search(r"beschlu(?:ss|ß)empfehlung", rest, re.IGNORECASE):
        return False
    if DECIDES.search(rest):
        return True
    return False if ADVISES.search(rest) else None


def _sessions(parts: Parts) -> Iterator[Station]:
    """“zur Sitzung des Rates am 12. März 2025”, in the head or the first lines of a letter."""
    for value in parts.named(Kind.FIELD):
        if SESSION_LABEL.search(value.label.printed):
            for _place, date in dates_in(value.text):
                yield Station(date, Line((), value.page), value.text)
    opening = [line for part in parts.parts[:1] if not part.heading for line in part.lines[:6]]
    lines = [line for line in (*parts.head, *opening) if len(line.text) <= LINE_MAX_LENGTH]
    for number, line in enumerate(lines):
        text = " ".join(each.text for each in lines[number : number + 2])
        for place, date in dates_in(text):
            before = text[max(0, place - 90) : place]
            if place < len(line.text) + 30 and SESSION.search(before) and not OTHER_DAY.search(before):
                yield Station(date, line, text)
