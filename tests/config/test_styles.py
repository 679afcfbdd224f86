"""The style sheets keep to one palette and to three scales: space, type and width."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.stylesheet import SOURCE

CSS = SOURCE.parent
ROOT = CSS.parents[2]
# The admin is dressed by Wagtail, which has a palette and measures of its own.
SHEETS = sorted(path for path in CSS.glob("*.css") if not path.name.startswith("admin"))
PALETTE, SCALES = "tokens.css", "scales.css"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# The margin of a sheet of paper stands outside the page and cannot read its properties.
PAPER = re.compile(r"@page \{[^}]*\}")
DECLARATION = re.compile(r"(?P<name>[\w-]+):\s*(?P<value>[^;{}]+);")
FUNCTION = r"\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\("
COLOUR = re.compile(rf"#[0-9a-f]{{3,8}}\b|{FUNCTION}|(?<![\w-])(?:black|white|gr[ae]y|red|green|blue|orange)(?![\w-])")
SPACED = re.compile(r"(?:margin|padding|scroll-margin|scroll-padding)(?:-[a-z-]+)?|(?:row-|column-)?gap")
STEP = re.compile(r"var\(--dsr-(?:space-\w+|gutter)\)")
# Beside a step of the scale: nothing, what is left over, and what follows the letters.
SPACES = re.compile(r"0|auto|[\d.]+em")
SIZE = re.compile(r"var\(--dsr-text-\w+\)|inherit")
WIDTH = re.compile(r"(--dsr-\w+): (\((?:min|max)-width: [\d.]+rem\));")
CLASS = re.compile(r"\.((?:dsr|kern)-[\w-]+)")


def text(path: Path) -> str:
    return PAPER.sub("", COMMENT.sub("", path.read_text()))


def declarations(path: Path) -> Iterator[tuple[str, str]]:
    """Name and value of what is declared in a file; the custom properties themselves are the tokens."""
    for found in DECLARATION.finditer(text(path)):
        if not found["name"].startswith("--"):
            yield found["name"], " ".join(found["value"].split())


def outside_the_scale(value: str) -> bool:
    """Whether a margin, padding or gap is neither made of steps nor adds a step to the size it makes room for."""
    if "calc(" in value:
        return not STEP.search(value)
    return any(not SPACES.fullmatch(part) for part in STEP.sub("0", value).split())


def test_there_is_something_to_look_at() -> None:
    assert {PALETTE, SCALES} < {path.name for path in SHEETS}
    assert sum(1 for path in SHEETS for _ in declarations(path)) > 1000


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_colours_have_names(sheet: Path) -> None:
    if sheet.name != PALETTE:
        assert COLOUR.findall(text(sheet)) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_spaces_are_steps_of_the_scale(sheet: Path) -> None:
    wrong = [(n, value) for n, value in declarations(sheet) if SPACED.fullmatch(n) and outside_the_scale(value)]
    assert wrong == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sizes_of_type_are_steps_of_the_scale(sheet: Path) -> None:
    wrong = [value for name, value in declarations(sheet) if name == "font-size" and not SIZE.fullmatch(value)]
    assert wrong == []
    assert "font" not in dict(declarations(sheet)), "the short form would hide a size"


def test_pages_change_at_three_widths() -> None:
    named = {width for _name, width in WIDTH.findall((CSS / SCALES).read_text())}
    assert len(named) == 3
    asked = {
        path.name: set(re.findall(r"\([^()]*width[^()]*\)", " ".join(re.findall(r"@media ([^{]+)", text(path)))))
        for path in SHEETS
    }
    assert {name: wrong for name, widths in asked.items() if (wrong := widths - named)} == {}
    assert set().union(*asked.values()) == named


def test_scripts_know_no_width_of_their_own() -> None:
    scripts = list((CSS.parent / "js").glob("*.js"))
    assert scripts
    assert [path.name for path in scripts if re.search(r"(?:min|max)-width", path.read_text())] == []


def test_every_property_that_is_read_is_set() -> None:
    """A misspelt token is no error in CSS: the browser falls back in silence."""
    sheets = [path.read_text() for path in SHEETS] + [(CSS.parent / "vendor" / "kern" / "kern.min.css").read_text()]
    read = set(re.findall(r"var\((--(?:dsr|kern)-[\w-]+)", "".join(sheets[:-1])))
    assert read - set(re.findall(r"(--(?:dsr|kern)-[\w-]+):", "".join(sheets))) == set()


def test_no_step_is_idle() -> None:
    tokens = (CSS / SCALES).read_text() + (CSS / PALETTE).read_text()
    names = set(re.findall(r"(--dsr-[\w-]+):", tokens)) - {name for name, _width in WIDTH.findall(tokens)}
    used = "".join(path.read_text() for path in [*CSS.glob("*.css"), *(CSS.parent / "js").glob("*.js")])
    assert {name for name in names if not re.search(rf"""(?:var\(|["']){name}[),"']""", used)} == set()


def test_every_class_is_used() -> None:
    """A class of which a template writes only the beginning ends in the value of a field."""
    places = [*(ROOT / "templates").rglob("*.html"), *(CSS.parent / "js").glob("*.js")]
    places += [
        path
        for room in ("site", "projects", "knowledge", "people", "search", "matching")
        for path in (ROOT / room).rglob("*.py")
    ]
    used = "".join(path.read_text() for path in places)
    classes = {name for path in CSS.glob("*.css") for name in CLASS.findall(text(path))}
    begun = set(re.findall(r"(dsr-[\w-]+--)\{[{%]", used))
    assert begun
    whole = set(re.findall(r"(?:dsr|kern)-[\w-]*\w", used))
    assert {name for name in classes - whole if not any(name.startswith(beginning) for beginning in begun)} == set()
