"""The facets of the search page: their order, their titles, and the name of each value from the database.

Must not ask the engine; counts come from `search.results`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.models import (
    ArtefactKind,
    FieldOfAction,
    Licence,
    Openness,
    OzgField,
    Phase,
    ProjectTag,
    SizeClass,
    State,
)

# Value → name, in the order in which they are shown.
Names = dict[str, str]

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
    names: Callable[[Collection[str]], Names]
    is_open_vocabulary: bool = False  # True: ordered by count, only values in use are known


def _fixed(choices: Any) -> Callable[[Collection[str]], Names]:
    def names(values: Collection[str]) -> Names:
        return {str(value): str(label) for value, label in choices}

    return names


def _from(queryset: Callable[[], Any], value: str, label: str) -> Callable[[Collection[str]], Names]:
    def names(values: Collection[str]) -> Names:
        return dict(queryset().values_list(value, label))

    return names


def _tags(values: Collection[str]) -> Names:
    return dict(ProjectTag.objects.filter(slug__in=list(values)).values_list("slug", "name"))


CLOSED_SIZE = 60
TAG_SIZE = 40

FACETS = (
    Facet("typ", _("Kind of content"), CLOSED_SIZE, _fixed(KIND_NAMES.items())),
    Facet("handlungsfeld", _("Field of action"), CLOSED_SIZE, _from(FieldOfAction.objects.all, "slug", "name")),
    Facet("phase", _("Phase"), CLOSED_SIZE, _fixed(Phase.choices)),
    Facet("partner", _("Partners"), CLOSED_SIZE, _fixed(Openness.choices)),
    Facet("land", _("Land"), CLOSED_SIZE, _from(lambda: State.objects.order_by("name"), "key", "name")),
    Facet("groesse", _("Size of the municipality"), CLOSED_SIZE, _fixed(SizeClass.choices)),
    Facet("themenfeld", _("OZG field"), CLOSED_SIZE, _from(OzgField.objects.all, "slug", "name")),
    Facet("artefakt", _("Kind of artefact"), CLOSED_SIZE, _from(ArtefactKind.objects.all, "slug", "name")),
    Facet("lizenz", _("Licence"), CLOSED_SIZE, _from(Licence.objects.all, "spdx_id", "spdx_id")),
    Facet("tag", _("Tag"), TAG_SIZE, _tags, is_open_vocabulary=True),
)
SIZES = {facet.name: facet.size for facet in FACETS}
