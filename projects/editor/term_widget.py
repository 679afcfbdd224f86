"""Choosing from a long official catalogue by typing: some thousand entries fit into no list of options."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse

from pages.keys import key_in
from projects.models.taxonomy import OzgService, ServiceKey

# The catalogues offered, each with the field of its official key.
CATALOGUES: dict[str, tuple[type[Model], str]] = {
    "ozgservice": (OzgService, "ozg_id"),
    "servicekey": (ServiceKey, "key"),
}
SUGGESTIONS = 12
# An entry ends with its key in brackets, “Wohngeld (10300)”; only the key decides.
ENTRY = re.compile(r'"?(?P<name>[^"]*?)\((?P<key>\d{5}|\d{14})\)"?\s*(?:,|$)')


def label_of(entry: Model) -> str:
    """An entry as it stands in the field; quotation marks would end it early."""
    return str(entry).replace('"', "’")


class TermsWidget(forms.TextInput):
    """A text field with suggestions, for a choice of several entries of one catalogue.

    Uses the tag field of Wagtail's admin; without JavaScript the keys can be typed in brackets.
    """

    def __init__(self, catalogue: str, attrs: dict[str, Any] | None = None) -> None:
        self.catalogue = catalogue
        super().__init__({"data-controller": "w-tag", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-w-tag-delay-value": 200,
            "data-w-tag-url-value": reverse("term_suggestions", args=[self.catalogue]),
            "data-w-tag-options-value": json.dumps({"allowSpaces": True, "autocompleteOnly": True}),
        }
        return context

    def format_value(self, value: Any) -> str:
        """The entries of these numbers as text; what was no entry stays as it was typed."""
        given = [str(item) for item in value or ()]
        model, _field = CATALOGUES[self.catalogue]
        numbers = {item: key for item in given if (key := key_in(item)) is not None}
        entries = model._default_manager.in_bulk(numbers.values())
        found = {item: entries[key] for item, key in numbers.items() if key in entries}
        shown = [label_of(found[item]) if item in found else item for item in given]
        return ", ".join(f'"{text}"' for text in shown)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Numbers of the entries named by their keys; what names none is handed on and refused by the field."""
        text = str(data.get(name, ""))
        model, field = CATALOGUES[self.catalogue]
        keys = [match["key"] for match in ENTRY.finditer(text)]
        numbers = dict(model._default_manager.filter(**{f"{field}__in": keys}).values_list(field, "pk"))
        unknown = [key for key in keys if key not in numbers]
        rest = [piece.strip(' "') for piece in ENTRY.sub("", text).split(",")]
        return [*(str(numbers[key]) for key in keys if key in numbers), *unknown, *filter(None, rest)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


def term_suggestions(request: HttpRequest, catalogue: str) -> JsonResponse:
    """Entries whose name contains, or whose key starts with, what was typed."""
    if catalogue not in CATALOGUES:
        raise Http404
    model, field = CATALOGUES[catalogue]
    typed = request.GET.get("term", "").replace("\x00", "").strip()
    found: Iterable[Model] = ()
    if typed:
        matching = Q(name__icontains=typed) | Q(**{f"{field}__startswith": typed})
        found = model._default_manager.filter(matching).order_by("name")[:SUGGESTIONS]
    return JsonResponse([label_of(entry) for entry in found], safe=False)
