"""From the plain markup of the text files to rich text and to the blocks of a stream."""

import json
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Any

from examples.content import Record

HEADING, ITEM = "## ", "- "


def _kind(line: str) -> str:
    if line.startswith(HEADING):
        return "heading"
    if line.startswith(ITEM):
        return "item"
    return "text" if line else "gap"


def _elements(text: str) -> Iterator[str]:
    lines = (line.strip() for line in text.strip().splitlines())
    for kind, group in groupby(lines, key=_kind):
        if kind == "heading":
            yield from (f"<h2>{escape(line.removeprefix(HEADING), quote=False)}</h2>" for line in group)
        elif kind == "item":
            items = (f"<li>{escape(line.removeprefix(ITEM), quote=False)}</li>" for line in group)
            yield f"<ul>{''.join(items)}</ul>"
        elif kind == "text":
            yield f"<p>{'<br/>'.join(escape(line, quote=False) for line in group)}</p>"


def rich_text(text: str) -> str:
    """HTML of a text: “## ” opens a heading, “- ” an item of a list, an empty line ends a paragraph."""
    return "".join(_elements(text))


class StreamWriter:
    """Turns blocks of a text file into the stored form of a stream.

    The three callables look up what a block refers to: a picture by name, a page by “body/project”, and the document
    that a download block describes. Each returns a primary key.
    """

    def __init__(
        self,
        picture: Callable[[str], int],
        page: Callable[[str], int],
        document: Callable[[Record], int],
    ) -> None:
        self.picture, self.page, self.document = picture, page, document

    def stream(self, blocks: Iterable[Record]) -> str:
        """JSON as the stream field stores it. Raises AttributeError for a type of block that does not exist."""
        return json.dumps([{"type": b["type"], "value": getattr(self, f"_{b['type']}")(b)} for b in blocks])

    def _text(self, block: Record) -> str:
        return rich_text(block["text"])

    def _image(self, block: Record) -> Record:
        image = {"image": self.picture(block["image"]), "alt_text": block["alt"], "decorative": False}
        return {"image": image, "caption": block.get("caption", ""), "credit": block.get("credit", "")}

    def _figures(self, block: Record) -> Record:
        return {"figures": block["figures"], "source": block.get("source", "")}

    def _quotation(self, block: Record) -> Record:
        return {"text": block["text"], "attribution": block.get("attribution", "")}

    def _steps(self, block: Record) -> Record:
        steps = [{"title": step["title"], "text": rich_text(step["text"])} for step in block["steps"]]
        return {"heading": block.get("heading", ""), "steps": steps}

    def _table(self, block: Record) -> Record:
        return {
            "data": block["rows"],
            "table_caption": block.get("caption", ""),
            "table_header_choice": "row",
            "first_row_is_table_header": True,
            "first_col_is_header": False,
            "cell": [],
            "mergeCells": [],
        }

    def _download(self, block: Record) -> Record:
        return {"document": self.document(block), "description": block.get("description", "")}

    def _contact(self, block: Record) -> Record:
        return {key: block.get(key, "") for key in ("name", "role", "email", "phone")}

    def _link_list(self, block: Record) -> Record:
        return {"heading": block.get("heading", ""), "links": [self._link(link) for link in block["links"]]}

    def _link(self, link: Record) -> dict[str, Any]:
        page = self.page(link["page"]) if "page" in link else None
        return {"title": link["title"], "page": page, "url": link.get("url", "")}
