"""The Prüfvermerk as a PDF: what it says, that it is tagged, and that no text of a project is taken for markup."""

import io
import time
from typing import Any

import pytest
from pypdf import PdfReader

from matching.records.pdf import REPLACEMENT, pdf
from projects.models import ProjectPage
from tests.factories import ProjectPageFactory
from tests.matching.records import issued, other

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> ProjectPage:
    found: ProjectPage = ProjectPageFactory(title="Mängelmelder", summary="Meldungen gehen an den Bauhof.", phase="P1")
    return found


def read(plan: ProjectPage, **parts: Any) -> PdfReader:
    return PdfReader(io.BytesIO(pdf(issued(plan, **parts))))


def text_of(reader: PdfReader) -> str:
    """All text, without the places at which long words may break."""
    text = " ".join(page.extract_text() for page in reader.pages).replace("\N{ZERO WIDTH SPACE}", "")
    return " ".join(text.split())


def structure(reader: PdfReader) -> list[str]:
    """The kinds of all elements of the structure tree."""
    kinds, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[index]
    while waiting:
        element = waiting.pop().get_object()
        if not hasattr(element, "get"):
            continue
        if kind := element.get("/S"):
            kinds.append(str(kind))
        children = element.get("/K", [])
        waiting += children if isinstance(children, list) else [children]
    return kinds


def test_it_says_what_the_record_says(plan: ProjectPage) -> None:
    record = issued(plan)
    text = text_of(PdfReader(io.BytesIO(pdf(record))))
    for said in ("Mängelmelder Neuenkirchen", "Läuft dort gut.", "Gleiches Handlungsfeld: Verwaltung", "412"):
        assert said in text
    assert record.number in text
    assert record.code in text.replace(" ", "")


def test_it_is_tagged_named_and_in_german(plan: ProjectPage) -> None:
    reader = read(plan)
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("de")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata
    assert "Mängelmelder" in str(reader.metadata.title)
    kinds = structure(reader)
    assert {"/H1", "/H2", "/L", "/LI", "/Link"} <= set(kinds)
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata


def test_every_font_is_in_the_file(plan: ProjectPage) -> None:
    fonts = [font for page in read(plan).pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        [descendant] = font["/DescendantFonts"]
        assert {"/FontFile2", "/FontFile3"} & set(descendant["/FontDescriptor"])


@pytest.mark.parametrize(
    "typed",
    [
        '#panic("x") *fett* _kursiv_ $x^2$ = Titel',
        '"]); #read("/etc/passwd")',
        "\\u{41} <label> @ref // kein Kommentar /* auch nicht",
    ],
)
def test_what_somebody_typed_is_text_and_no_markup(plan: ProjectPage, typed: str) -> None:
    plan.title = typed
    text = text_of(read(plan, matches=[other(title=typed, reasons=[typed])]))
    assert text.replace(" ", "").count(typed.replace(" ", "")) >= 3


@pytest.mark.parametrize("sign", ["😀", "漢", "\u0007", "\U000f0000"])
def test_signs_without_a_glyph_are_replaced_and_it_is_said(plan: ProjectPage, sign: str) -> None:
    found = text_of(read(plan, matches=[other(title=f"Vorher{sign}nachher")]))
    assert f"Vorher{REPLACEMENT}nachher" in found
    assert found.count(REPLACEMENT) == 2  # in the title, and where it is said what it means
    assert REPLACEMENT not in text_of(read(plan))


@pytest.mark.parametrize(
    ("typed", "is_shown"),
    [
        pytest.param("".join(map(chr, range(0x4E00, 0x4E00 + 5_000))), False, id="signs without a glyph"),
        pytest.param("".join(map(chr, range(0x400, 0x450))) * 60, True, id="signs with a glyph"),
        pytest.param("ǩ\N{DEVANAGARI GRAVE ACCENT}" * 50, False, id="two glyphs that no font has both"),
        pytest.param("\N{NO-BREAK SPACE}" * 70_000, True, id="nothing to break at"),
    ],
)
def test_a_record_of_unusual_signs_is_a_file_within_seconds(plan: ProjectPage, typed: str, is_shown: bool) -> None:
    """A worker is stopped after half a minute, and the file is made anew with each reading."""
    plan.summary = typed
    begun = time.monotonic()
    text = text_of(read(plan, matches=[other(reasons=[typed])]))
    assert time.monotonic() - begun < 15
    assert "Mängelmelder" in text
    assert (REPLACEMENT not in text) is is_shown


def test_letters_of_other_european_languages_are_printed(plan: ProjectPage) -> None:
    names = "Łódź Škoda Ørsted Ñandú Αθήνα Москва İzmir ẞ"
    assert names in text_of(read(plan, matches=[other(title=names)]))


def test_the_same_record_gives_the_same_file(plan: ProjectPage) -> None:
    record = issued(plan)
    assert pdf(record) == pdf(record)


def test_long_texts_go_on_over_several_pages(plan: ProjectPage) -> None:
    long = other(title="Wort " * 50, reasons=["Satz " * 60] * 6, url=f"https://example.org/{'a' * 400}/")
    reader = read(plan, matches=[long] * 10)
    assert len(reader.pages) > 3
    width = float(reader.pages[0].mediabox.width)
    for page in reader.pages:
        beyond: list[float] = []

        def note(text: str, _cm: Any, matrix: Any, _font: Any, _size: Any, found: list[float] = beyond) -> None:
            if text.strip():
                found.append(matrix[4])

        page.extract_text(visitor_text=note)
        assert max(beyond) < width
