"""A facet: a group of filters on the search page, a parameter of its address and a field of the index, by one name."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from search.kinds.vocabularies import Kept, Names, remembered

# Values that are counted; more than any closed vocabulary has.
CLOSED_SIZE = 60
# What people entered is shown as they wrote it, whatever the language of the page.
CONTENT_LANGUAGE = "de"


@dataclass(frozen=True, kw_only=True, eq=False)
class Facet:
    """Where the names of its values come from: `choices` of the code, or the `vocabulary` that staff keep.

    A kind says beside it how a page leads to the values.
    """

    name: str
    title: Any
    choices: Any = None  # a class of choices, or anything else with an attribute of that name
    vocabulary: type[Model] | None = None
    value_field: str = "slug"  # by which addresses name an entry of the vocabulary
    name_field: str = "name"
    order_by: str = ""  # of the vocabulary, unless it is its own
    size: int = CLOSED_SIZE
    is_open_vocabulary: bool = False  # True: ordered by count, only values in use are known
    is_unfolded: bool = False  # True: a visitor sees its values at first

    @property
    def language(self) -> str:
        """Of the names where they are not translated; an identifier is of none."""
        return CONTENT_LANGUAGE if self.vocabulary and self.name_field != self.value_field else ""

    def names(self, wanted: Collection[str], known: Kept | None = None) -> Names:
        """Value → name of all values, or of those wanted where there may be thousands.

        `known`: what `search.kinds.vocabularies.kept` has given.
        """
        if self.vocabulary is None:
            return {str(value): str(label) for value, label in self.choices.choices} if self.choices else {}
        if self.is_open_vocabulary:
            return self._read(**{f"{self.value_field}__in": list(wanted)}) if wanted else {}
        return remembered(self.name, wanted, self._read, known)

    def _read(self, **condition: Any) -> Names:
        entries = self.vocabulary._default_manager.filter(**condition)  # type: ignore[union-attr]
        if self.order_by:
            entries = entries.order_by(self.order_by)
        return dict(entries.values_list(self.value_field, self.name_field))
