"""Every place of a form where a thing can be named by its number, and what is sent to name one there."""

import json
from collections.abc import Iterator
from typing import Any

from wagtail.blocks import BlockField, ChooserBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.models import Page
from wagtail.rich_text import features

from pages.naming import chosen_from, is_rich_text
from projects.models import BodyDocument, Picture

# What belongs to a body and is not for everybody.
OWNED: tuple[type[Any], ...] = (Page, Picture, BodyDocument)
# How the editor of texts calls what is linked to, or put in between, by the name it is stored under.
ENTITIES = {"page": ("LINK", Page), "document": ("DOCUMENT", BodyDocument), "image": ("IMAGE", Picture)}
# These refer to an address, not to a number.
WITHOUT_NUMBER = {"external", "email", "phone", "anchor", "media"}

# A place (names joined by dots), the model that is named there, and what is sent.
Sent = tuple[str, type[Any], dict[str, Any]]


def text_naming(entity: str, number: int) -> str:
    """What the editor of texts sends for one word that names the thing."""
    span = {"offset": 0, "length": 4, "key": 0}
    block: dict[str, Any] = {
        "key": "a",
        "text": "Wort",
        "type": "atomic" if entity == "IMAGE" else "unstyled",
        "depth": 0,
    }
    block |= {"inlineStyleRanges": [], "entityRanges": [span]}
    data = {"id": number, "url": "/x/", "alt": "Bild", "format": "left"}
    return json.dumps({"blocks": [block], "entityMap": {"0": {"type": entity, "mutability": "MUTABLE", "data": data}}})


def texts_naming(numbers: dict[type[Any], int]) -> Iterator[tuple[str, type[Any], str]]:
    """One text for each kind of thing that the editor of texts knows."""
    known = {*features.get_link_types(), *features.get_embed_types()}
    assert known <= {*ENTITIES, *WITHOUT_NUMBER}, "Say how a text names it"
    for name, (entity, model) in ENTITIES.items():
        yield name, model, text_naming(entity, numbers[model])


def number_for(model: type[Any], numbers: dict[type[Any], int]) -> int | None:
    """The number of the thing a field for that model could name."""
    return next((number for owned, number in numbers.items() if issubclass(model, owned)), None)


def blank(block: Any, prefix: str) -> dict[str, Any]:
    """What is sent for a block that is left empty."""
    if isinstance(block, StreamBlock | ListBlock):
        return {f"{prefix}-count": "0"}
    if isinstance(block, StructBlock):
        return {k: v for name, child in block.child_blocks.items() for k, v in blank(child, f"{prefix}-{name}").items()}
    return {}


def in_block(block: Any, prefix: str, numbers: dict[type[Any], int]) -> Iterator[Sent]:
    if isinstance(block, ChooserBlock):
        number = number_for(block.model_class, numbers)
        assert number, f"{block.model_class} is not among the owned"
        yield "", block.model_class, {prefix: number}
    elif isinstance(block, RichTextBlock):
        for name, model, text in texts_naming(numbers):
            yield name, model, {prefix: text}
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            for place, model, sent in in_block(child, f"{prefix}-{name}", numbers):
                yield f"{name}.{place}", model, blank(block, prefix) | sent
    elif isinstance(block, StreamBlock | ListBlock):
        children = block.child_blocks if isinstance(block, StreamBlock) else {"item": block.child_block}
        row = {f"{prefix}-count": "1", f"{prefix}-0-order": "0", f"{prefix}-0-deleted": "", f"{prefix}-0-id": ""}
        for name, child in children.items():
            for place, model, sent in in_block(child, f"{prefix}-0-value", numbers):
                yield f"{name}.{place}", model, row | {f"{prefix}-0-type": name} | sent


def in_form(form: Any, numbers: dict[type[Any], int]) -> Iterator[Sent]:
    """Every place of a form and of the forms of its children; each child in a new row."""
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        if isinstance(field, BlockField):
            for place, model, sent in in_block(field.block, key, numbers):
                yield f"{name}.{place}", model, sent
        elif is_rich_text(field):
            for place, model, text in texts_naming(numbers):
                yield f"{name}.{place}", model, {key: text}
        elif (model := chosen_from(field)) and (number := number_for(model, numbers)):
            yield name, model, {key: number}
    for relation, formset in getattr(form, "formsets", {}).items():
        rows = {f"{relation}-TOTAL_FORMS": "1", f"{relation}-INITIAL_FORMS": "0"}
        empty = formset.empty_form
        empty.prefix = f"{relation}-0"
        for place, model, sent in in_form(empty, numbers):
            if not place.startswith("id"):
                yield f"{relation}.{place}", model, rows | {f"{relation}-0-ORDER": "1"} | sent


def models_named(form: Any) -> Iterator[type[Any]]:
    """The models whose rows the fields of a form, or of its children, offer."""
    for name, field in form.fields.items():
        if (model := chosen_from(field)) and name != "id":
            yield model
    for formset in getattr(form, "formsets", {}).values():
        yield from models_named(formset.empty_form)
