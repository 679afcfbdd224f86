"""Step 1 of the flow, long texts: what can be read in a StreamField or a rich text, straight from what is stored.

Gives the text Wagtail's own blocks give for indexing without building a block, which takes most of the time of a
rebuild. A block or a markup not known here is left to Wagtail. Must not ask the database: whether a picture still
exists is for the caller to say.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.encoding import force_str
from django.utils.html import strip_tags
from wagtail.blocks import Block, CharBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock, TextBlock
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import get_text_for_indexing

# Tags a space stands for, the same as in wagtail.rich_text.get_text_for_indexing.
SPACING_TAG = re.compile(r"</(?:p|h\d|li|blockquote)>|<(?:br|hr)\s*/>", re.IGNORECASE)
# The markup editors and imports write. Within it, what a parser of HTML removes is what this finds.
PLAIN_TAG = re.compile(
    r'</?(?:p|h[1-6]|a|b|i|em|strong|ul|ol|li|br|hr|blockquote|code|sub|sup|embed)(?:\s+[a-z][-a-z]*="[^"<>]*")*\s*/?>'
)
# An ampersand that begins no complete character reference; parsers disagree about those.
LOOSE_AMPERSAND = re.compile(r"&(?!(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);)")


@dataclass(frozen=True)
class Alternative:
    """The alternative text of a picture; it counts only as long as the picture exists."""

    picture: int
    text: str


Piece = str | Alternative
# From a block's stored value to its texts.
Reader = Callable[[Any], Iterable[Piece]]


def rich_text(source: str) -> str:
    """A stored rich text without its markup, as `get_text_for_indexing` gives it."""
    stripped = PLAIN_TAG.sub("", SPACING_TAG.sub(" ", source))
    if "<" in stripped or LOOSE_AMPERSAND.search(stripped):
        return str(get_text_for_indexing(source))
    return unescape(stripped.strip())


def without_tags(text: str) -> str:
    return strip_tags(text) if "<" in text else text


def stream_reader(stream_block: StreamBlock) -> Reader:
    """Reads the stored value of a StreamField with these blocks; types of blocks it does not have are left out."""
    readers = {name: reader_of(block) for name, block in stream_block.child_blocks.items()}

    def read(stored: Any) -> Iterator[Piece]:
        for item in stored:
            if reader := readers.get(item["type"]):
                yield from reader(item["value"])

    return read


def reader_of(block: Block) -> Reader:
    """What reads the stored values of a block; Wagtail itself if the block does anything of its own."""
    kind = type(block)
    if kind.get_searchable_content is Block.get_searchable_content:
        return _nothing
    for known, make in READERS:
        if all(getattr(kind, name) is getattr(known, name) for name in ("to_python", "get_searchable_content")):
            return make(block)
    return lambda stored: block.get_searchable_content(block.to_python(stored))


def _nothing(stored: Any) -> Iterable[Piece]:
    return ()


def _line(block: Any) -> Reader:
    return (lambda stored: (force_str(stored),)) if block.search_index else _nothing


def _rich(block: Any) -> Reader:
    return (lambda stored: (rich_text(force_str(stored)),)) if block.search_index else _nothing


def _struct(block: Any) -> Reader:
    children = [(name, child, reader_of(child)) for name, child in block.child_blocks.items()]

    def read(stored: Any) -> Iterator[Piece]:
        for name, child, reader in children:
            if name in stored:
                yield from reader(stored[name])
            else:
                yield from child.get_searchable_content(child.get_default())

    return read if block.search_index else _nothing


def _list(block: Any) -> Reader:
    reader = reader_of(block.child_block)

    def read(stored: Any) -> Iterator[Piece]:
        for item in stored:
            yield from reader(item["value"] if block._item_is_in_block_format(item) else item)

    return read if block.search_index else _nothing


def _table(block: Any) -> Reader:
    return lambda stored: [cell for row in (stored or {}).get("data", ()) for cell in row if cell]


def _image(block: Any) -> Reader:
    default = block.child_blocks["alt_text"].get_default()

    def read(stored: Any) -> Iterable[Piece]:
        if not isinstance(stored, dict):  # stored before alternative texts were
            return block.get_searchable_content(block.to_python(stored))
        if stored.get("image") is None:
            return ()
        text = "" if stored.get("decorative") else stored.get("alt_text", default)
        return (Alternative(stored["image"], force_str(text)),)

    return read if block.search_index else _nothing


READERS: tuple[tuple[type[Block], Callable[[Any], Reader]], ...] = (
    (CharBlock, _line),
    (TextBlock, _line),
    (RichTextBlock, _rich),
    (StructBlock, _struct),
    (ListBlock, _list),
    (TableBlock, _table),
    (ImageBlock, _image),
)
