"""What keeps a page from being published although its form is complete: apps say it with the hooks HOOK and PAGE_HOOK.

A receiver of HOOK takes the objects that a page refers to, as a set of References, and returns a sentence for the
editor for each one that must not be public yet. A receiver of PAGE_HOOK takes the page and returns a sentence for each
thing it lacks itself. Must not know what it is that is wrong with them.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model
from wagtail import hooks
from wagtail.models import ReferenceIndex

HOOK = "reasons_against_publishing"
PAGE_HOOK = "reasons_against_publishing_page"

# Number of the content type and primary key of an object, as Wagtail's reference index names it.
Reference = tuple[int, str]


class NotPublishableError(PermissionDenied):
    """The page refers to something that must not be public; the message has a sentence for each."""


def reasons_against(references: set[Reference]) -> dict[Reference, str]:
    """A sentence for each object that must not be public; empty if all may."""
    reasons: dict[Reference, str] = {}
    for ask in hooks.get_hooks(HOOK):
        reasons |= ask(references)
    return reasons


def references_of(page: Model) -> set[Reference]:
    """Everything the page refers to, in this state: fields, blocks, texts and inline children."""
    return {(to_type, to_id) for to_type, to_id, *_ in ReferenceIndex._extract_references_from_object(page)}


def reasons_against_page(page: Model) -> list[str]:
    """The sentences for the page in this state, and for everything it refers to."""
    own = [reason for ask in hooks.get_hooks(PAGE_HOOK) for reason in ask(page)]
    return [*own, *reasons_against(references_of(page)).values()]


def reasons_against_fields(model: type[Model], values: dict[str, Any]) -> dict[str, str]:
    """The sentences for what a form's values refer to, by the name of the field."""
    found: dict[str, str] = {}
    for name, value in values.items():
        field = next((field for field in model._meta.get_fields() if field.name == name), None)
        if field is not None and value is not None:
            reasons = reasons_against(set(_references(field, value)))
            if reasons:
                found[name] = " ".join(reasons.values())
    return found


def _references(field: Any, value: Any) -> Iterator[Reference]:
    """What a field refers to with that value; texts and streams know how to read themselves."""
    if isinstance(field, Field) and field.is_relation and field.many_to_one and isinstance(value, Model):
        yield ReferenceIndex._get_base_content_type(value).pk, str(value.pk)
    elif hasattr(field, "extract_references"):
        for model, pk, *_ in field.extract_references(value):
            yield ReferenceIndex._get_base_content_type(model).pk, str(pk)
