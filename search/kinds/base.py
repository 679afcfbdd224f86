"""What every kind says of itself: a `PageKind` of the pages of one type, a `PartKind` of what such a page brings in."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django.db.models import Model, QuerySet
from wagtail.models import Page

from pages.access import Audience
from projects.models import FreshnessState
from projects.models.freshness import age_in_words
from search.kinds.document import Document, Values, id_of, kind_of, published
from search.kinds.facet import Facet
from search.kinds.paths import Relation, relations_of, values_at
from search.kinds.text import joined

# Keyword fields that no facet shows; boosts name them.
PLACE = "ort"  # keys of the municipality, Kreis and Land of the responsible body: ags, district key, state key
FRESHNESS = "stand"  # a value of FreshnessState: whether somebody stands by the entry
# The facet that says of which kind something is.
KIND = "typ"
# A body has no age, and of an entry nothing is known before somebody has had reason to doubt it.
ALWAYS_FRESH = str(FreshnessState.CURRENT)

Address = Callable[[Any], str]


class Row(NamedTuple):
    """A row beside a page, whose change changes the documents of the page."""

    model: type[Model]
    page_field: str  # with the id of the page
    ignored: frozenset[str] = frozenset()  # fields that make no difference
    is_saved_with_page: bool = False  # True: only its removal says anything new


class Kind:
    """One kind of thing that can be found. `thing`: the object that stands for one of it, a page or a part of one."""

    key: ClassVar[str]  # begins the keys of its documents and is its value of the facet "typ": never changes
    name: ClassVar[Any]
    plural: ClassVar[Any]
    # Each facet with the path from the thing to its values, as a lookup would write it; relations on the way are
    # fetched for all pages at once, and whoever changes what they lead to changes the documents.
    facets: ClassVar[Mapping[Facet, str]] = {}
    # The same for keyword fields without a facet; the values keep their order.
    keywords: ClassVar[Mapping[str, str]] = {}
    # Further relations whose names stand in the texts, as paths.
    reads: ClassVar[tuple[str, ...]] = ()
    template: ClassVar[str] = "search/hit.html"  # shows a hit

    def text(self, thing: Any) -> Iterable[str]:
        """What can be read of it; the excerpt under a hit comes from here."""
        raise NotImplementedError

    def leading(self, thing: Any) -> Iterable[str]:
        """Words that lead to it without being shown, such as the names of its terms."""
        return ()

    def url(self, thing: Any, address: Address) -> str:
        """Where it is shown; empty if nowhere. `address` gives that of a page."""
        raise NotImplementedError

    def shown(self, thing: Any) -> dict[str, Any]:
        """Fields of its hit (see `search.results.hits.Hit`), beside those that every hit has."""
        return {}

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """All that its documents are read from, beside the columns of the thing itself."""
        return (*self.facets.values(), *self.keywords.values(), *self.reads)

    def values(self, thing: Any) -> Values:
        """Of its facets and keyword fields."""
        found: dict[str, tuple[str, ...]] = {KIND: (self.key,)}
        for facet, path in self.facets.items():
            found[facet.name] = tuple(sorted(values_at(thing, path)))
        for name, path in self.keywords.items():
            found[name] = values_at(thing, path)
        return found


class PartKind(Kind):
    """What a page brings in beside itself: found alone, with the facets of the page, and gone with it."""

    model: ClassVar[type[Model]]
    relation: ClassVar[str]  # from the page to its parts
    page_field: ClassVar[str]  # and back
    id_field: ClassVar[str]  # identifies a part in the key of its document

    def document(self, part: Any, whole: Document) -> Document:
        return Document(
            f"{self.key}-{getattr(part, self.id_field)}",
            whole.page_id,
            part.title,
            joined(*self.text(part)),
            whole.audience,
            whole.newest,
            joined(*self.leading(part)),
            {**whole.facets, **self.values(part)},
        )

    def url(self, thing: Any, address: Address) -> str:
        return str(thing.get_absolute_url())

    def shown_parts(self) -> QuerySet[Any]:
        """The parts with what their hits show."""
        return self.model._default_manager.all()

    def by_document(self, documents: Iterable[str], pages: Mapping[int, Any]) -> dict[str, Any]:
        """The parts of these pages by the keys of their documents; keys of other kinds lead nowhere."""
        ids = [id_of(document) for document in documents if kind_of(document) == self.key]
        if not ids or not pages:
            return {}
        condition = {f"{self.id_field}__in": ids, f"{self.page_field}__in": list(pages)}
        return {f"{self.key}-{getattr(part, self.id_field)}": part for part in self.shown_parts().filter(**condition)}


class PageKind(Kind):
    """All published pages of a type, if they do not lie behind a restriction to some members."""

    model: ClassVar[type[Page]]
    parts: ClassVar[tuple[PartKind, ...]] = ()
    has_meaning: ClassVar[bool] = False  # True: near texts are found as well, see `search.indexing.meaning`
    # Rows beside the page; those of its parts follow by themselves.
    rows: ClassVar[tuple[Row, ...]] = ()
    # Fields of the page that stand in the documents of the pages below it.
    named_below: ClassVar[frozenset[str]] = frozenset()

    def url(self, thing: Any, address: Address) -> str:
        return address(thing)

    def pages(self) -> QuerySet[Any]:
        """The pages that can be found."""
        pages: QuerySet[Any] = self.model._default_manager.live()
        return pages

    def attach(self, pages: Sequence[Any]) -> None:
        """Give the pages what their documents need and no relation leads to, for all of them at once."""

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """All that leads from a page to what stands in its documents, each relation after those on the way to it."""
        paths = [*self.paths, *(f"{part.relation}__{path}" for part in self.parts for path in ("pk", *part.paths))]
        return tuple(dict.fromkeys(found for path in paths for found in relations_of(self.model, path)))

    def read(self, page_ids: Collection[int]) -> list[Any]:
        """Those of the pages that can be found, with all that their documents need, in a fixed number of queries."""
        pages = self.pages().filter(pk__in=page_ids).select_related("freshness").order_by("pk")
        found = list(pages.prefetch_related(*(relation.lookup for relation in self.relations)))
        self.attach(found)
        return found

    def documents(self, page: Any, audience: Audience) -> Iterator[Document]:
        """What the index holds of a page that `read` gave; its own document first."""
        whole = Document(
            f"{self.key}-{page.pk}",
            page.pk,
            page.title,
            joined(*self.text(page)),
            audience,
            published(page.first_published_at),
            joined(*self.leading(page)),
            {**self.values(page), FRESHNESS: values_at(page, "freshness__state") or (ALWAYS_FRESH,)},
        )
        yield whole
        for part in self.parts:
            for each in getattr(page, part.relation).all():
                yield part.document(each, whole)

    def shown_pages(self, page_ids: Collection[int]) -> list[Any]:
        """Those of the pages that are published, with what their hits show, in a fixed number of queries."""
        return list(self.for_hits(self.pages().filter(pk__in=page_ids).select_related("freshness").order_by()))

    def for_hits(self, pages: Any) -> Iterable[Any]:
        """The pages of a queryset with what `shown` needs of each."""
        return pages


def age_of(page: Any) -> str:
    """How long nobody has confirmed a page; nothing while somebody stands by it in time."""
    freshness = getattr(page, "freshness", None)
    if freshness is None or not freshness.is_overdue:
        return ""
    return str(FreshnessState.ORPHANED.label) if freshness.is_orphaned else age_in_words(freshness.confirmed_at)
