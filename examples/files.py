"""Small files for the artefacts, made from their text: enough to open, to read and to see that a download works."""

import csv
import io
import textwrap
import zipfile
from collections.abc import Callable
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from examples.content import Record

# A4 in points, 1/72 inch (ISO 32000-1); a margin of 2.5 cm.
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 595, 842, 71
FONT_SIZE, LEADING, TITLE_SIZE = 11, 15, 15
# So many characters of Helvetica at 11 points fit between the margins, counted generously.
CHARACTERS_PER_LINE = 82
NOTE = "Beispieldatei. Sie zeigt, wie eine solche Unterlage hier bereitgestellt wird."
# Every archive gets this date, so that the same text gives the same bytes.
ZIP_DATE = (2025, 1, 1, 0, 0, 0)


def _lines(artefact: Record) -> list[str]:
    return [line.strip() for line in artefact["text"].strip().splitlines()]


def _pdf_string(text: str) -> bytes:
    """A PDF literal in WinAnsi; what that cannot write is replaced."""
    raw = text.encode("cp1252", errors="replace")
    return b"(" + raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


def _pdf_content(artefact: Record) -> bytes:
    paragraphs = [textwrap.wrap(line, CHARACTERS_PER_LINE) for line in [*_lines(artefact), NOTE]]
    title = textwrap.wrap(artefact["title"], CHARACTERS_PER_LINE * FONT_SIZE // TITLE_SIZE)
    parts = [b"BT /F1 %d Tf %d TL %d %d Td" % (TITLE_SIZE, LEADING + 4, MARGIN, PAGE_HEIGHT - MARGIN)]
    parts += [_pdf_string(line) + b" Tj T*" for line in title]
    parts.append(b"/F1 %d Tf %d TL T*" % (FONT_SIZE, LEADING))
    for paragraph in paragraphs:
        parts += [_pdf_string(line) + b" Tj T*" for line in paragraph]
        parts.append(b"T*")
    return b"\n".join([*parts, b"ET"])


def pdf(artefact: Record) -> bytes:
    """One page of text in Helvetica (PDF 1.4), which every reader has."""
    content = _pdf_content(artefact)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (de) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>" % (PAGE_WIDTH, PAGE_HEIGHT),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title " + _pdf_string(artefact["title"]) + b" >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + trailer


ODT_TYPE = "application/vnd.oasis.opendocument.text"
ODT_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
ODT_CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" \
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:text>
<text:h text:outline-level="1">{title}</text:h>
{paragraphs}
</office:text></office:body></office:document-content>"""


def odt(artefact: Record) -> bytes:
    """An OpenDocument text (ISO/IEC 26300): its type comes first in the archive and is not compressed."""
    paragraphs = "\n".join(f"<text:p>{escape(line)}</text:p>" for line in [*_lines(artefact), NOTE])
    content = ODT_CONTENT.format(title=escape(artefact["title"]), paragraphs=paragraphs)
    members = {"mimetype": ODT_TYPE, "content.xml": content, "META-INF/manifest.xml": ODT_MANIFEST}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            compression = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), text, compression)
    return buffer.getvalue()


def table(artefact: Record) -> bytes:
    """A CSV file as spreadsheets of German offices read it: semicolons, a byte order mark."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=";").writerows(line.split(";") for line in _lines(artefact))
    return buffer.getvalue().encode("utf-8-sig")


def bpmn(artefact: Record) -> bytes:
    """A process without branches in BPMN 2.0 (ISO/IEC 19510): start, the steps in their order, end."""
    steps = [f'<task id="t{n}" name={quoteattr(step)}/>' for n, step in enumerate(artefact["steps"], start=1)]
    nodes = ["start", *(f"t{n}" for n in range(1, len(steps) + 1)), "end"]
    flows = [
        f'<sequenceFlow id="f{n}" sourceRef="{source}" targetRef="{target}"/>'
        for n, (source, target) in enumerate(pairwise(nodes), start=1)
    ]
    inner = "\n".join(['<startEvent id="start"/>', *steps, '<endEvent id="end"/>', *flows])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:beispiel">\n'
        f'<process id="p" name={quoteattr(artefact["title"])} isExecutable="false">\n{inner}\n</process>\n'
        "</definitions>\n"
    ).encode()


def xml(artefact: Record) -> bytes:
    """Lines “part: a, b, c” as elements with fields."""
    parts = []
    for line in _lines(artefact):
        name, _, fields = line.partition(":")
        inner = "".join(f"<feld>{escape(field.strip())}</feld>" for field in fields.split(",") if field.strip())
        parts.append(f"<abschnitt name={quoteattr(name)}>{inner}</abschnitt>")
    root = f"<beispiel titel={quoteattr(artefact['title'])}>"
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', root, *parts, "</beispiel>", ""]).encode()


def plain(artefact: Record) -> bytes:
    """The text as it stands, such as YAML."""
    return artefact["text"].strip().encode() + b"\n"


WRITERS: dict[str, Callable[[Record], bytes]] = {
    "pdf": pdf,
    "odt": odt,
    "csv": table,
    "bpmn": bpmn,
    "xml": xml,
    "yaml": plain,
}


def content(artefact: Record) -> bytes:
    """The file an artefact describes. Raises KeyError for a format nobody writes."""
    return WRITERS[artefact["format"]](artefact)
