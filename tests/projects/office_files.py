"""Files of many kinds, made here: as small as they can be while they still are what their name says."""

import io
import json
import sqlite3
import struct
import tempfile
import zipfile
from pathlib import Path

from PIL import Image

from projects.uploads.archives import OOXML_TYPES, OPEN_DOCUMENT, OPEN_DOCUMENT_TYPES

PDF = b"%PDF-1.4\n%%EOF\n"
RTF = rb"{\rtf1\ansi Text}"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BPMN = b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'
EXECUTABLE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(120)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(40)
WEBM = b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f\x42\x82\x84webm" + bytes(40)
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


def archive(members: dict[str, str | bytes]) -> bytes:
    """A ZIP archive; a member called `mimetype` is stored as it is, as OpenDocument asks for."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in members.items():
            target.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def open_document(ending: str, **further: str) -> bytes:
    kind = f"{OPEN_DOCUMENT}{OPEN_DOCUMENT_TYPES[ending]}"
    return archive({"mimetype": kind, "content.xml": "<a/>", **further})


def ooxml(ending: str, members: dict[str, str] | None = None) -> bytes:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="{OOXML_TYPES[ending]}"/></Types>'
    )
    return archive({"[Content_Types].xml": types, "main.xml": "<a/>", **(members or {})})


def geopackage() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA application_id = 0x47504B47")
            database.execute("CREATE TABLE a (b)")
        database.close()
        return path.read_bytes()


def geojson() -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": []}).encode()


def picture(image_format: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, image_format, **options)
    return out.getvalue()


# --- compound files (MS-CFB, version 3): sectors of 512 bytes, one table, one folder ----------------------------------
SECTOR, ENTRY = 512, 128
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
# Streams shorter than this would stand in another table.
SHORTEST = 4096


def compound(streams: dict[str, bytes], storages: tuple[str, ...] = ()) -> bytes:
    """A compound file with these streams, and with empty storages beside them."""
    padded = {name: raw.ljust(SHORTEST, b"\0") for name, raw in streams.items()}
    names = [*padded, *storages]
    folder_sectors = -(-(len(names) + 1) * ENTRY // SECTOR)
    table: list[int] = [TABLE, *_chain(1, folder_sectors)]
    entries, data = [_entry("Root Entry", 5, END, 0, child=1)], b""
    for number, name in enumerate(names, start=1):
        right = number + 1 if number < len(names) else FREE
        if name in padded:
            raw = padded[name]
            sectors = -(-len(raw) // SECTOR)
            entries.append(_entry(name, 2, len(table), len(raw), right=right))
            table += _chain(len(table), sectors)
            data += raw.ljust(sectors * SECTOR, b"\0")
        else:
            entries.append(_entry(name, 1, 0, 0, right=right))
    table += [FREE] * (SECTOR // 4 - len(table))
    head = struct.pack(
        "<8s16xHHHHH6xLLLLLLLLLL", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, SHORTEST, END, 0, END, 0, 0,
    )  # fmt: skip
    head = head.ljust(SECTOR, b"\xff")
    folder = b"".join(entries).ljust(folder_sectors * SECTOR, b"\0")
    return head + struct.pack(f"<{len(table)}L", *table) + folder + data


def _chain(first: int, sectors: int) -> list[int]:
    return [*range(first + 1, first + sectors), END]


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBLLL16xL8x8xLQ", letters, len(letters), kind, 1, FREE, right, child, 0, start, size)


def workbook(*sheet_types: int) -> bytes:
    """The stream of an old spreadsheet with sheets of these types; 1 is one that runs."""
    sheets = b"".join(struct.pack("<HHLBB2x", 0x0085, 8, 0, 0, kind) for kind in sheet_types)
    return struct.pack("<HH4x", 0x0809, 4) + sheets


def presentation_macros() -> bytes:
    """The atom of an old presentation that says that there are macros (MS-PPT 2.4.11)."""
    return b"before" + struct.pack("<HHLLLL", 2, 0x0400, 12, 7, 1, 2)
