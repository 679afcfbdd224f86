"""What a form names by number, and whether whoever sends it may name it: a number is no right to what stands behind it.

One rule for fields, blocks and texts of a page and of its children, when it is saved, shown as a preview or shown again
with errors. Apps say what may not be named with the hook HOOK. A receiver takes the person, the page the form is about
(for a new one the page above it) and a set of References, and returns a sentence for each one that must not be named.
"""

import re
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from modelcluster.fields import ParentalManyToManyField
from wagtail import hooks
from wagtail.blocks import BlockField, ChooserBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.blocks.base import BlockWidget
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, ReferenceIndex
from wagtail.rich_text import RichText, extract_references_from_rich_text

from pages.keys import key_in
from pages.publication import Reference, references_of

HOOK = "reasons_against_naming"
# The number that no row has.
NO_ROW = "0"
# A link with its text, or a thing that stands in a text, as Wagtail stores them.
LINK = re.compile(r"<a\b[^>]*>(.*?)</a>", re.DOTALL)
EMBED = re.compile(r"<embed\b[^>]*/>")


def numbers_of(model: type[Model], references: set[Reference]) -> set[int]:
    """Primary keys of those of the references that are about the model."""
    kind = ReferenceIndex._get_base_content_type(model).pk
    return {int(number) for of_kind, number in references if of_kind == kind}


def not_among(model: type[Model], references: set[Reference], allowed: QuerySet[Any], reason: str) -> dict[Any, str]:
    """The reason, for each reference to the model that is not among the allowed rows, or to nothing."""
    numbers = numbers_of(model, references)
    known = set(allowed.filter(pk__in=numbers).order_by().values_list("pk", flat=True)) if numbers else set()
    kind = ReferenceIndex._get_base_content_type(model).pk
    return {(kind, str(number)): reason for number in numbers - known}


def reasons_against_naming(user: Any, place: Page | None, references: set[Reference]) -> dict[Reference, str]:
    """A sentence for each reference that the person must not make there; empty if all may be made."""
    reasons: dict[Reference, str] = {}
    for ask in hooks.get_hooks(HOOK) if references else ():
        reasons |= ask(user, place, references)
    return reasons


def reference_to(model: type[Model], number: Any, *, words: bool = False) -> Reference | None:
    """None for nothing, and for what is no number of any row, such as a word; with `words` that names NO_ROW.

    A field says by itself that a word is none of its rows; a text or block would be stored with it, and never be shown.
    """
    base = ReferenceIndex._get_base_content_type(model)
    try:
        key = base.model_class()._meta.pk.to_python(number)
    except ValidationError:
        return (base.pk, NO_ROW) if words else None
    if isinstance(key, int) and key_in(str(key)) is None:
        key = NO_ROW
    return (base.pk, str(key)) if key is not None else None


def named_in(form: Any, name: str) -> set[Reference]:
    """What a field names in the form as it was sent, whether or not that can be stored."""
    field: Any = form.fields[name]
    found: list[tuple[Any, Any]] = []
    if model := chosen_from(field):
        value = form[name].data
        found = [(model, number) for number in (value if isinstance(value, list) else [value])]
    elif isinstance(field, BlockField):
        # What was read once need not be fetched again.
        value = form.cleaned_data[name] if name in form.cleaned_data else form[name].data
        found = [(model, pk) for model, pk, *_path in field.block.extract_references(value)]
    elif is_rich_text(field) and (value := form[name].data):
        found = [(model, pk) for model, pk, *_path in extract_references_from_rich_text(value)]
    words = chosen_from(field) is None
    return {reference for model, number in found if (reference := reference_to(model, number, words=words))}


def chosen_from(field: Any) -> Any:
    """The model whose rows a field offers; None for other fields."""
    return field.queryset.model if isinstance(field, forms.ModelChoiceField) and field.queryset is not None else None


def is_rich_text(field: Any) -> bool:
    """By what Wagtail's editors of rich text say of themselves; their widget cannot be imported where models are."""
    return getattr(field.widget, "accepts_features", False)


def named_by(stored: Model) -> set[Reference]:
    """What a stored object names already."""
    chosen = [
        (field.related_model, one.pk)
        for field in stored._meta.many_to_many
        if isinstance(field, ParentalManyToManyField)
        for one in getattr(stored, field.name).all()
    ]
    return references_of(stored) | {found for model, pk in chosen if (found := reference_to(model, pk))}


class NamingForm:
    """Among the bases of an admin's form: it names what its person may name, and what is named already, and no more.

    What may not be named is taken out of the form as well: shown again, it would tell titles and addresses.
    """

    for_user: Any
    instance: Any
    fields: Any
    formsets: Any
    data: Any
    is_bound: bool
    parent_page: Any = None

    def is_valid(self) -> bool:
        """Says at its field what may not be named."""
        is_valid: bool = super().is_valid()  # type: ignore[misc]
        return not (self.is_bound and self._refuse_what_may_not_be_named()) and is_valid

    def _refuse_what_may_not_be_named(self) -> bool:
        children = [child for formset in self.formsets.values() for child in formset]
        named = {(form, name): named_in(form, name) for form in (self, *children) for name in form.fields}
        reasons = self._reasons(set().union(*named.values()))
        for (form, name), references in named.items():
            if refused := references & set(reasons):
                take_back(form, name, refused)
                form.add_error(name, list(dict.fromkeys(reasons[one] for one in sorted(refused))))
                # The editor shows the first alone, beside a stream.
                form.errors[name].data.insert(0, form.errors[name].data.pop())
        return bool(reasons)

    def _reasons(self, references: set[Reference]) -> dict[Reference, str]:
        is_new = self.instance.pk is None
        place = self.parent_page if is_new or not isinstance(self.instance, Page) else self.instance
        reasons = reasons_against_naming(self.for_user or AnonymousUser(), place, references)
        stored = set() if is_new or not reasons else self._named_already()
        return {reference: reason for reference, reason in reasons.items() if reference not in stored}

    def _named_already(self) -> set[Reference]:
        """By the version that is public; for a draft, by the newest version as well."""
        row = type(self.instance)._default_manager.get(pk=self.instance.pk)
        found = named_by(row) if getattr(row, "live", True) else set()
        if isinstance(row, Page) and "action-publish" not in self.data:
            found |= named_by(row.get_latest_revision_as_object())
        return found


class _GivenBack(BlockWidget):
    """Shows a stream without what was taken out of it."""

    def __init__(self, block: Any, value: Any) -> None:
        super().__init__(block)
        self.value = value

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return self.value


def take_back(form: Any, name: str, refused: set[Reference]) -> None:
    """Change what was sent for a field so that it no longer names the refused."""
    value, key = form[name].data, form.add_prefix(name)
    field: Any = form.fields[name]
    if isinstance(field, BlockField):
        field.widget = _GivenBack(field.block, without(field.block, value, refused))
        return
    form.data = form.data.copy()
    if model := chosen_from(field):
        values = value if isinstance(value, list) else [value]
        form.data.setlist(key, [one for one in values if not _is_refused([(model, one)], refused)])
    else:
        form.data[key] = field.widget.format_value(text_without(value, refused))


def without(block: Any, value: Any, refused: set[Reference]) -> Any:
    """A value of the block that no longer names the refused; it may be changed in place."""
    if isinstance(block, ChooserBlock | ImageBlock):
        return None if _is_refused(block.extract_references(value), refused) else value
    if isinstance(block, RichTextBlock):
        return RichText(text_without(value.source, refused))
    if isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            value[name] = without(child, value.get(name), refused)
    elif isinstance(block, StreamBlock | ListBlock):
        for bound in value if isinstance(block, StreamBlock) else value.bound_blocks:
            bound.value = without(bound.block, bound.value, refused)
    return value


def text_without(html: str, refused: set[Reference]) -> str:
    """Rich text as it is stored; links to the refused become their mere words."""

    def kept(match: re.Match[str], instead: str) -> str:
        return instead if _is_refused(extract_references_from_rich_text(match.group()), refused) else match.group()

    html = LINK.sub(lambda match: kept(match, match.group(1)), html)
    return EMBED.sub(lambda match: kept(match, ""), html)


def _is_refused(found: Any, refused: set[Reference]) -> bool:
    return any(
        (one := reference_to(model, pk, words=True)) is not None and one in refused for model, pk, *_path in found
    )
