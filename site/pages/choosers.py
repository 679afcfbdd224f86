"""Wagtail's choosers: which lists nobody chooses from, and what is sent in place of a key."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import URLPattern
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks import ChooserBlock
from wagtail.snippets.views.chooser import SnippetChooserViewSet

from pages.keys import is_key


class NoChooserViewSet(SnippetChooserViewSet):
    """For a model that no form refers to: Wagtail would let everybody in the admin read the list by its chooser."""

    def get_urlpatterns(self) -> list[URLPattern]:
        return []


def names_a_row(model: type[Model], value: Any) -> bool:
    """Whether it is nothing, a row, or the key that a row may have; a word is no key, nor a number of 30 digits."""
    if value is None or isinstance(value, model):
        return True
    try:
        key = model._meta.pk.to_python(value)
    except ValidationError:
        return False
    return not isinstance(key, int) or is_key(key)


def read_keys_with_care() -> None:
    """Wagtail looks every value up, and stumbles over what is no key before its field can say so.

    In a form, what is no key is an error beside its field; in a block it is like the key of a row that is gone.
    """
    find, read = BaseChooser.get_instance, ChooserBlock.value_from_form

    def get_instance(chooser: BaseChooser, value: Any) -> Any:
        return find(chooser, value) if names_a_row(chooser.model_class, value) else None

    def value_from_form(block: ChooserBlock, value: Any) -> Any:
        return read(block, value) if names_a_row(block.model_class, value) else None

    BaseChooser.get_instance, ChooserBlock.value_from_form = get_instance, value_from_form
