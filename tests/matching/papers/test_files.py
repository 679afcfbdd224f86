"""Files that cannot be read say why, and none takes more than its share of time or memory, whoever made it."""

import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import typst
from django.core.files.base import ContentFile
from pypdf import PdfReader, PdfWriter

from matching.papers import files, pdf
from matching.papers.failures import SENTENCES, Failure, UnreadableError
from matching.papers.files import read_lines, read_text
from matching.papers.reading import read, read_pasted
from projects.uploads.scanner import Verdict
from tests.matching.papers import making
from tests.projects import office_files

PAPER = "Betreff: Größere Wege für Straßen\n\nSachverhalt:\nEs fehlt an Übersicht."
SECONDS_MOST = pdf.SECONDS_MAX + 5


def failure(raw: bytes, ending: str) -> Failure:
    with pytest.raises(UnreadableError) as raised:
        read_lines(ContentFile(raw), ending)
    assert raised.value.messages[0]
    return raised.value.failure


def texts(raw: bytes, ending: str) -> list[str]:
    return [line.text for line in read_lines(ContentFile(raw), ending)]


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_text_is_read_in_the_encodings_of_offices(encoding: str) -> None:
    assert texts(PAPER.encode(encoding), "txt") == [line for line in PAPER.split("\n") if line]


@pytest.mark.parametrize("raw", [b"", b" \n\t ", " ".encode("utf-16")])
def test_empty_text_is_empty(raw: bytes) -> None:
    assert failure(raw, "txt") == Failure.EMPTY


def test_text_longer_than_any_paper_is_not_read() -> None:
    with pytest.raises(UnreadableError) as raised:
        read_text("a " * files.CHARACTERS_MAX)
    assert raised.value.failure == Failure.TOO_LARGE


def test_form_feeds_part_pages() -> None:
    assert [line.page for line in read_text("eins\n\fzwei")] == [1, 2]


def test_columns_of_plain_text_are_cells() -> None:
    (line,) = read_text("Rat der Stadt      13.05.2025\tEntscheidung")
    assert [cell.text for cell in line.cells] == ["Rat der Stadt", "13.05.2025", "Entscheidung"]


# --- what is no paper -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["doc", "rtf", "xlsx", "exe", ""])
def test_other_kinds_are_not_read(ending: str) -> None:
    assert failure(b"something", ending) == Failure.UNSUPPORTED


def test_larger_file_than_may_be_uploaded_is_not_read(settings: object) -> None:
    settings.UPLOAD_MAX_BYTES = 10  # type: ignore[attr-defined]
    assert failure(b"x" * 11, "txt") == Failure.TOO_LARGE


def test_file_in_which_a_virus_was_found_is_not_read(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"  # type: ignore[attr-defined]
    monkeypatch.setattr("projects.uploads.scanner.scan", lambda stream: Verdict("Eicar"))
    assert failure(PAPER.encode(), "txt") == Failure.HARMFUL


def test_every_failure_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Failure)


# --- office documents -------------------------------------------------------------------------------------------------


def test_what_is_struck_out_said_twice_or_no_text_is_left_out() -> None:
    body = (
        "<w:p><w:pPr><w:pStyle w:val='x'/></w:pPr><w:r><w:t>gilt</w:t><w:tab/><w:t>auch</w:t><w:br/>"
        "<w:t>neue Zeile</w:t></w:r><w:del><w:r><w:delText>fort</w:delText><w:t>fort</w:t></w:r></w:del></w:p>"
    )
    document = f'<w:document xmlns:w="{making.WORD}"><w:body>{body}</w:body></w:document>'
    raw = making.packed({"[Content_Types].xml": making.TYPES, "word/document.xml": document})
    lines = read_lines(ContentFile(raw), "docx")
    assert [[cell.text for cell in line.cells] for line in lines] == [["gilt", "auch"], ["neue Zeile"]]


def test_columns_of_two_paragraphs_are_read_row_by_row() -> None:
    cells = "".join(
        f"<table:table-cell><text:p>{first}</text:p><text:p>{second}</text:p></table:table-cell>"
        for first, second in (("Hauptausschuss", "Rat"), ("21.09.2026", "05.10.2026"))
    )
    table = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    raw = making.opened(f"<office:body><office:text>{table}</office:text></office:body>")
    assert texts(raw, "odt") == ["Hauptausschuss 21.09.2026", "Rat 05.10.2026"]


def test_picture_in_an_office_document_is_no_text() -> None:
    body = (
        "<office:body><office:text><text:p><draw:frame><draw:image/></draw:frame></text:p></office:text></office:body>"
    )
    assert failure(making.opened(body), "odt") == Failure.NO_TEXT


def test_empty_office_document_is_empty() -> None:
    assert failure(making.docx(""), "docx") == Failure.EMPTY


def test_locked_office_document_says_so() -> None:
    raw = making.packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": "<m><encryption-data/></m>",
            "content.xml": "x",
        }
    )
    assert failure(raw, "odt") == Failure.ENCRYPTED


@pytest.mark.parametrize("ending", ["docx", "odt"])
def test_damaged_office_document_is_broken(ending: str) -> None:
    raw = getattr(making, ending)(PAPER)
    assert failure(raw[: len(raw) // 2], ending) == Failure.BROKEN
    assert failure(b"no archive", ending) == Failure.BROKEN


def test_entities_of_an_office_document_are_not_resolved() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>"
    document = (
        f'{bomb}<w:document xmlns:w="{making.WORD}"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
    )
    raw = making.packed({"[Content_Types].xml": making.TYPES, "word/document.xml": document})
    assert failure(raw, "docx") == Failure.BROKEN


def test_archive_made_to_fill_memory_is_too_large() -> None:
    stream = BytesIO(making.docx(PAPER))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", making.TYPES)
        archive.writestr("word/document.xml", b" " * (50 * 1024 * 1024))
    assert failure(stream.getvalue(), "docx") == Failure.TOO_LARGE


def test_elements_nested_without_end_are_not_followed() -> None:
    depth = 3_000
    body = "<text:section>" * depth + "<text:p>tief</text:p>" + "</text:section>" * depth
    assert failure(making.opened(f"<office:body><office:text>{body}</office:text></office:body>"), "odt") in {
        Failure.TOO_LARGE,
        Failure.BROKEN,
    }


def test_huge_table_ends_in_time() -> None:
    row = "".join(f"<w:tc><w:p><w:r><w:t>{number} Euro Rat 13.05.2025</w:t></w:r></w:p></w:tc>" for number in range(20))
    rows = f"<w:tr>{row}</w:tr>" * 1_500
    document = f'<w:document xmlns:w="{making.WORD}"><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>'
    raw = making.packed({"[Content_Types].xml": making.TYPES, "word/document.xml": document})
    started = time.monotonic()
    assert failure(raw, "docx") == Failure.TOO_LARGE
    assert time.monotonic() - started < SECONDS_MOST


def test_macros_are_refused_as_everywhere(settings: object) -> None:
    settings.UPLOAD_MACROS = False  # type: ignore[attr-defined]
    raw = making.packed({"[Content_Types].xml": making.TYPES, "word/document.xml": "x", "word/vbaProject.bin": "x"})
    assert failure(raw, "docx") == Failure.BROKEN


# --- PDF --------------------------------------------------------------------------------------------------------------


def script(folder: Path, text: str) -> Path:
    path = folder / "child.py"
    path.write_text(text)
    return path


def written(writer: PdfWriter) -> bytes:
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def blank(pages: int) -> PdfWriter:
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(width=595, height=842)
    return writer


@pytest.mark.process
def test_pdf_keeps_what_stands_beside_each_other_and_joins_broken_words() -> None:
    long = "Die Verwaltungsmodernisierungsbeauftragten der Samtgemeinden arbeiten zusammen. " * 6
    lines = read_lines(ContentFile(making.pdf(f"Amt: Bauamt   Datum: 01.02.2027\n\n{long}")), "pdf")
    assert [cell.text for cell in lines[0].cells] == ["Amt: Bauamt", "Datum: 01.02.2027"]
    assert len({line.page for line in lines}) == 1


@pytest.mark.process
def test_scan_locked_empty_and_damaged_pdf_say_so() -> None:
    locked = PdfWriter(clone_from=PdfReader(BytesIO(making.pdf(PAPER))))
    locked.encrypt("geheim", algorithm="AES-256")
    assert failure(written(locked), "pdf") == Failure.ENCRYPTED
    assert failure(written(blank(2)), "pdf") == Failure.EMPTY
    assert failure(b"%PDF-1.7\n" + b"\x00\xff" * 500, "pdf") == Failure.BROKEN
    assert failure(making.pdf(PAPER)[:200], "pdf") == Failure.BROKEN


@pytest.mark.process
def test_picture_of_a_page_has_no_text() -> None:
    raw = bytes(typst.compile(b"#rect(width: 100%, height: 40%, fill: gray)"))
    assert failure(raw, "pdf") == Failure.NO_TEXT


@pytest.mark.process
def test_pdf_with_an_owner_password_alone_is_read() -> None:
    locked = PdfWriter(clone_from=PdfReader(BytesIO(making.pdf(PAPER))))
    locked.encrypt("", owner_password="geheim", algorithm="AES-256")
    assert texts(written(locked), "pdf")[0] == "Betreff: Größere Wege für Straßen"


@pytest.mark.process
def test_pdf_with_more_pages_than_a_paper_has_is_not_read() -> None:
    assert failure(written(blank(pdf.PAGES_MAX + 1)), "pdf") == Failure.TOO_MANY_PAGES


@pytest.mark.process
def test_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdf, "SECONDS_MAX", 1)
    monkeypatch.setattr(pdf, "CHILD", script(tmp_path, "import time; time.sleep(60)"))
    started = time.monotonic()
    assert failure(making.pdf(PAPER), "pdf") == Failure.TOO_LARGE
    assert time.monotonic() - started < SECONDS_MOST


@pytest.mark.process
def test_reader_of_pdf_that_falls_takes_nothing_along(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pdf, "CHILD", script(tmp_path, "import os; os.abort()"))
    assert failure(making.pdf(PAPER), "pdf") == Failure.BROKEN


def test_pdf_named_otherwise_is_told_so() -> None:
    assert failure(office_files.PDF, "docx") == Failure.BROKEN


# --- texts made for harm ----------------------------------------------------------------------------------------------

HARM = {
    "one line": "Der Rat hat am 12.03.2025 Kosten von 12 € beschlossen. " * 10_000,
    "amounts": "Kosten: 1 €\n" * 40_000,
    "days": "Beratungsfolge\n" + "Rat  12.03.2025  Entscheidung\n" * 15_000,
    "digits": f"Kosten:\n{'1' * 500_000} €",
    "groups": f"Kosten:\n{'111 ' * 140_000} €",
    "brackets": "Kosten:\n" + "(1 € " * 110_000,
    "one word": "Sachverhalt:\n" + "a" * 500_000,
    "stops": "Sachverhalt:\n" + "Ab. Cd" * 90_000,
    "broken words": "Sachverhalt:\n" + "ab-\n" * 40_000,
    "labels": "Betreff:\n" * 60_000,
    "title without end": "Betreff:\n" + "ab und\n" * 80_000,
}


@pytest.mark.parametrize("text", HARM.values(), ids=list(HARM))
def test_text_made_for_harm_is_read_in_time(text: str) -> None:
    started = time.process_time()
    read_pasted(text)
    assert time.process_time() - started < SECONDS_MOST


def test_row_of_many_amounts_is_read_in_time() -> None:
    cells = "<w:tc><w:p><w:r><w:t>Kosten: 1 €</w:t></w:r></w:p></w:tc>" * 50
    rows = f"<w:tr>{cells}</w:tr>" * 300
    document = f'<w:document xmlns:w="{making.WORD}"><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>'
    raw = making.packed({"[Content_Types].xml": making.TYPES, "word/document.xml": document})
    started = time.process_time()
    read(ContentFile(raw), "docx")
    assert time.process_time() - started < SECONDS_MOST
