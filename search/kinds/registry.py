"""All kinds of things that can be found, and what the search derives from them."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from search.kinds.articles import Articles
from search.kinds.base import FRESHNESS, KIND, Kind, PageKind, PartKind, Row
from search.kinds.bodies import Bodies
from search.kinds.document import kind_of
from search.kinds.facet import Facet
from search.kinds.paths import Relation
from search.kinds.projects import Projects


class Registry:
    """The kinds in the order in which the search page offers them. An app above the search adds its own when it starts:
    the fields of the index follow from all of them."""

    def __init__(self, *kinds: PageKind) -> None:
        self._become(kinds)

    def add(self, kind: PageKind) -> None:
        """Raises ValueError if there is a kind of this key, or another facet of the same name."""
        self._become((*self.pages, kind))

    def remove(self, kind: PageKind) -> None:
        self._become(tuple(other for other in self.pages if other is not kind))

    def _become(self, kinds: tuple[PageKind, ...]) -> None:
        keys = [each.key for kind in kinds for each in (kind, *kind.parts)]
        names = [facet.name for facet in {facet for kind in kinds for facet in kind.facets}]
        if len(set(keys)) < len(keys) or len(set(names)) < len(names):
            raise ValueError(f"A key or a facet is there twice: {keys}, {names}.")
        self.__dict__.clear()  # with all that was derived
        self.pages = kinds

    def __iter__(self) -> Iterator[Kind]:
        return iter(self.by_key.values())

    @cached_property
    def by_key(self) -> dict[str, Kind]:
        """Each kind of page, then the kinds of its parts."""
        every = (each for kind in self.pages for each in (kind, *kind.parts))
        return {kind.key: kind for kind in every}

    def of(self, document: str) -> Kind | None:
        """The kind of a document by its key; None if there is none of that name (any more)."""
        return self.by_key.get(kind_of(document))

    def of_model(self, model: type[Page]) -> PageKind | None:
        return next((kind for kind in self.pages if kind.model is model), None)

    @cached_property
    def parts(self) -> tuple[PartKind, ...]:
        return tuple(part for kind in self.pages for part in kind.parts)

    @cached_property
    def with_meaning(self) -> tuple[PageKind, ...]:
        return tuple(kind for kind in self.pages if kind.has_meaning)

    @property
    def choices(self) -> Iterable[tuple[str, Any]]:
        """The values of the facet "typ"."""
        return ((kind.key, kind.plural) for kind in self)

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """In the order in which visitors see them: that of the kinds, each once."""
        own = dict.fromkeys(facet for kind in self for facet in kind.facets)
        kind = Facet(name=KIND, title=_("Kind of content"), choices=self, is_unfolded=True)
        return kind, *own

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Facet → how many of its values are counted."""
        return {facet.name: facet.size for facet in self.facets}

    @cached_property
    def keyword_fields(self) -> tuple[str, ...]:
        """Fields of an index that hold values as they are; the order of facets on the page makes no difference."""
        return tuple(sorted({*self.sizes, *(name for kind in self for name in kind.keywords), FRESHNESS}))

    @cached_property
    def vocabularies(self) -> frozenset[type[Model]]:
        """Whose names are remembered; those of an open one are read with every page."""
        closed = (facet for facet in self.facets if not facet.is_open_vocabulary)
        return frozenset(facet.vocabulary for facet in closed if facet.vocabulary)

    @cached_property
    def rows(self) -> dict[type[Model], list[Row]]:
        """For each model whose rows stand beside pages: the pages that a row changes."""
        found: dict[type[Model], list[Row]] = {}
        for kind in self.pages:
            for row in (*kind.rows, *(Row(part.model, f"{part.page_field}_id") for part in kind.parts)):
                found.setdefault(row.model, []).append(row)
        return found

    @cached_property
    def references(self) -> dict[type[Model], list[tuple[PageKind, Relation]]]:
        """For each model whose names stand in documents: which pages refer to it, and how."""
        found: dict[type[Model], list[tuple[PageKind, Relation]]] = {}
        for kind in self.pages:
            for relation in kind.relations:
                if not relation.is_part:
                    found.setdefault(relation.model, []).append((kind, relation))
        return found


kinds = Registry(Projects(), Articles(), Bodies())
