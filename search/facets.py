"""The facets of the search page: their order, their titles, and the name of each value from the database.

Must not ask the engine; counts come from `search.results`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from projects.models import (
    ArtefactKind,
    FieldOfAction,
    Licence,
    Openness,
    OzgField,
    Phase,
    ProjectTag,
    ReuseClass,
    SizeClass,
    State,
)
from search.vocabularies import Kept, Names, remembered

KIND_NAMES = {
    "projekt": _("Projects"),
    "artefakt": _("Artefacts"),
    "wissen": _("Knowledge"),
    "stelle": _("Bodies"),
}
# One of each, where a hit says what it is.
KIND_NAMES_OF_ONE = {
    "projekt": _("Project"),
    "artefakt": _("Artefact"),
    "wissen": _("Knowledge"),
    "stelle": _("Body"),
}


@dataclass(frozen=True)
class Facet:
    """One group of filters. `names` gives all values, or only those asked for where there may be thousands."""

    name: str
    title: Any
    size: int  # how many values are counted; more than any closed vocabulary has
    names: Callable[[Collection[str], Kept | None], Names]  # of `search.vocabularies.kept` what is known already
    is_open_vocabulary: bool = False  # True: ordered by count, only values in use are known
    language: str = ""  # of the names where they are not translated
    vocabulary: type[Model] | None = None  # that staff keep, with the field that addresses name it by
    value_field: str = "slug"


def _fixed(choices: Any) -> Callable[[Collection[str], Kept | None], Names]:
    def names(values: Collection[str], known: Kept | None = None) -> Names:
        return {str(value): str(label) for value, label in choices}

    return names


def _licences(values: Collection[str], known: Kept | None = None) -> Names:
    return remembered(Licence, values, lambda: dict(Licence.objects.values_list("spdx_id", "spdx_id")), known)


def _tags(values: Collection[str], known: Kept | None = None) -> Names:
    if not values:
        return {}
    return dict(ProjectTag.objects.filter(slug__in=list(values)).values_list("slug", "name"))


TAG_FACET = "tag"
CLOSED_SIZE = 60
TAG_SIZE = 40
# What people entered is shown as they wrote it, whatever the language of the page.
CONTENT_LANGUAGE = "de"


def _vocabulary(name: str, title: Any, queryset: Callable[[], Any], value: str) -> Facet:
    """A facet whose values the staff keep."""

    def names(values: Collection[str], known: Kept | None = None) -> Names:
        return remembered(queryset().model, values, lambda: dict(queryset().values_list(value, "name")), known)

    return Facet(
        name, title, CLOSED_SIZE, names, language=CONTENT_LANGUAGE, vocabulary=queryset().model, value_field=value
    )


FACETS = (
    Facet("typ", _("Kind of content"), CLOSED_SIZE, _fixed(KIND_NAMES.items())),
    _vocabulary("handlungsfeld", _("Field of action"), FieldOfAction.objects.all, "slug"),
    Facet("phase", _("Phase"), CLOSED_SIZE, _fixed(Phase.choices)),
    Facet("partner", _("Partners"), CLOSED_SIZE, _fixed(Openness.choices)),
    Facet("nachnutzung", _("Used by others"), CLOSED_SIZE, _fixed(ReuseClass.choices)),
    _vocabulary("land", _("Land"), lambda: State.objects.order_by("name"), "key"),
    Facet("groesse", _("Size of the municipality"), CLOSED_SIZE, _fixed(SizeClass.choices)),
    _vocabulary("themenfeld", _("OZG field"), OzgField.objects.all, "slug"),
    _vocabulary("artefakt", _("Kind of artefact"), ArtefactKind.objects.all, "slug"),
    Facet("lizenz", _("Licence"), CLOSED_SIZE, _licences, vocabulary=Licence, value_field="spdx_id"),
    Facet(
        TAG_FACET, _("Tag"), TAG_SIZE, _tags, is_open_vocabulary=True, language=CONTENT_LANGUAGE, vocabulary=ProjectTag
    ),
)
SIZES = {facet.name: facet.size for facet in FACETS}
