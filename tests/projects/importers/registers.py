"""Builds small register files in the official layout."""

from dataclasses import dataclass
from pathlib import Path

DATE = "20231130"


def row(
    record: str, key: str, name: str, kind: str = "", *, seat: str = "", date: str = DATE, figures: str = ""
) -> str:
    """One line of 220 characters; `key` fills the twelve columns after the date."""
    return f"{record}{date}{key:<12}{name:<50}{seat:<50}{kind:<2}    {figures}".ljust(220)


def municipality(key: str, name: str, kind: str = "64", inhabitants: int = 1_000, date: str = DATE) -> str:
    """Key in the order of the file: eight digits of the AGS, then four of the association."""
    return row(
        "60", key, name, kind, date=date, figures=f"{500:011d}{inhabitants:011d}{inhabitants // 2:011d}    49525"
    )


@dataclass
class Lines:
    """A register of one Land, two Kreise, one association, three municipalities and one unincorporated area."""

    state: str = row("10", "03", "Niedersachsen", seat="Hannover")
    region: str = row("20", "034", "Statistische Region Weser-Ems")
    district: str = row("40", "03459", "Osnabrück", "44", seat="Osnabrück")
    city_district: str = row("40", "03404", "Osnabrück, Stadt", "41")
    association: str = row("50", "03459   5402", "Artland", "52", seat="Quakenbrück")
    no_association: str = row("50", "03404   0000", "Osnabrück, Stadt", "50")
    village: str = municipality("034590245402", "Neuenkirchen", inhabitants=4_480)
    town: str = municipality("034590305402", "Quakenbrück, Stadt", "63", 13_500)
    city: str = municipality("034040000000", "Osnabrück, Stadt", "61", 167_366)
    area: str = municipality("034595019501", "Giebel, gemfr. Gebiet", "66", 0)

    def text(self) -> str:
        return "\r\n".join(vars(self).values()) + "\r\n"


def write(path: Path, text: str, encoding: str = "iso-8859-1") -> Path:
    path.write_bytes(text.encode(encoding))
    return path
