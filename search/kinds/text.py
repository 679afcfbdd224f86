"""Long texts as plain text: several as one, and what can be read in a StreamField."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.encoding import force_str
from django.utils.html import strip_tags
from wagtail.blocks import Block, CharBlock, ListBlock, RichTextBlock, StreamBlock, StreamValue, StructBlock, TextBlock
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import get_text_for_indexing


def joined(*texts: str) -> str:
    """Texts without surplus space, one per line; one that another begins with is left out.

    Imported summaries are often the first sentences of the text; counting them twice would favour such pages.
    """
    cleaned = [" ".join(text.split()) for text in texts]
    kept = []
    for position, text in enumerate(cleaned):
        if text and not _begins_any(text.rstrip("… "), cleaned[position + 1 :]):
            kept.append(text)
    return "\n".join(kept)


def _begins_any(beginning: str, others: Iterable[str]) -> bool:
    return any(other.startswith(beginning) for other in others)


def rich_text(source: str) -> str:
    """A stored rich text without its markup."""
    return str(get_text_for_indexing(source))


def stream_text(stream: StreamValue) -> str:
    """What can be read in a StreamField, one block after the other.

    The text Wagtail's blocks give for indexing, from what is stored: they would ask the database for the pictures and
    files of every stream. So the alternative text of a picture that was deleted counts until its block goes too.
    """
    if not stream:
        return ""
    texts = _texts(stream.stream_block, stream.raw_data)
    return " ".join(strip_tags(text) if "<" in text else text for text in map(str, texts))


def _texts(block: Any, stored: Any) -> Iterable[Any]:
    """What `block` gives for indexing of a stored value; one that does anything of its own is asked itself."""
    if not getattr(block, "search_index", True):
        return ()
    read = READERS.get((type(block).to_python, type(block).get_searchable_content))
    if read:
        return read(block, stored)
    if type(block).get_searchable_content is Block.get_searchable_content:
        return ()
    content: Iterable[Any] = block.get_searchable_content(block.to_python(stored))
    return content


def _stream(block: StreamBlock, stored: Any) -> Iterator[Any]:
    for item in stored:
        if child := block.child_blocks.get(item["type"]):
            yield from _texts(child, item["value"])


def _struct(block: StructBlock, stored: Any) -> Iterator[Any]:
    for name, child in block.child_blocks.items():
        if name in stored:
            yield from _texts(child, stored[name])
        else:
            yield from child.get_searchable_content(child.get_default())


def _list(block: ListBlock, stored: Any) -> Iterator[Any]:
    for item in stored:
        yield from _texts(block.child_block, item["value"] if block._item_is_in_block_format(item) else item)


def _image(block: ImageBlock, stored: Any) -> Iterable[Any]:
    if not isinstance(stored, dict):  # stored before alternative texts were
        content: Iterable[Any] = block.get_searchable_content(block.to_python(stored))
        return content
    if stored.get("image") is None:
        return ()
    default = block.child_blocks["alt_text"].get_default()
    return ("" if stored.get("decorative") else force_str(stored.get("alt_text", default)),)


def _table(block: TableBlock, stored: Any) -> Iterable[Any]:
    return [cell for row in (stored or {}).get("data", ()) for cell in row if cell]


def _methods(block: type[Block]) -> tuple[Any, Any]:
    """The methods that a reader stands in for; a block that overrides one of them is another."""
    return block.to_python, block.get_searchable_content


READERS: dict[tuple[Any, Any], Callable[[Any, Any], Iterable[Any]]] = {
    _methods(StreamBlock): _stream,
    _methods(StructBlock): _struct,
    _methods(ListBlock): _list,
    _methods(CharBlock): lambda block, stored: (force_str(stored),),
    _methods(TextBlock): lambda block, stored: (force_str(stored),),
    _methods(RichTextBlock): lambda block, stored: (rich_text(force_str(stored)),),
    _methods(ImageBlock): _image,
    _methods(TableBlock): _table,
}
