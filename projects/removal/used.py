"""Who uses a thing: whatever refers to it in the database, in texts, and in drafts. The one answer to that question.

Wagtail's reference index knows neither relations of many to many, nor tags, nor drafts, nor what an import wrote.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Model, Q, QuerySet
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from taggit.models import ItemBase
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.images.models import AbstractRendition
from wagtail.models import Page, ReferenceIndex, Revision

from pages.models import ReadablePageQuerySet
from projects.models.former import stored_fields

# As many as a person looks through before they decide.
SHOWN = 50
# What the platform notes about a page or its people; it goes with the page and is nobody's use of it.
NOTES = frozenset(
    {"matching.Alert", "matching.CheckRecord", "matching.SeenProject", "people.DirectPublication", "people.Team",
     "projects.ContactRequest", "projects.Freshness", "projects.ImportRecord", "projects.Plan",
     "wagtailcore.Comment", "wagtailcore.GroupPagePermission", "wagtailcore.PageLogEntry",
     "wagtailcore.PageSubscription", "wagtailcore.PageViewRestriction", "wagtailcore.WorkflowPage"}
)  # fmt: skip


@dataclass(frozen=True)
class Relation:
    """A column of some table that refers to a thing."""

    model: type[Model]
    attname: str
    owner: str = ""  # the column that names whose row it is; empty if the row stands for itself
    owner_model: type[Model] | None = None
    is_list: bool = False  # the row says nothing but that the owner has the thing


@dataclass(frozen=True)
class Use:
    """One thing that uses another, named for somebody who may read it."""

    kind: str
    title: str
    url: str = ""
    is_draft: bool = False


@dataclass(frozen=True)
class Uses:
    """How many things use something, of which kinds, and the first of them."""

    count: int
    kinds: tuple[tuple[str, int], ...] = ()
    shown: tuple[Use, ...] = ()

    @property
    def not_shown(self) -> int:
        return self.count - len(self.shown)


def relations_to(model: type[Model]) -> Iterator[Relation]:
    """Every column that refers to the model, but for what is part of the thing itself."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and relation.is_relation):
            continue
        source: Any = relation.related_model
        field: Any = relation.field  # type: ignore[union-attr]
        if relation.many_to_many:
            through = field.remote_field.through
            if through._meta.auto_created:
                yield Relation(through, field.m2m_reverse_name(), field.m2m_column_name(), source, is_list=True)
        elif source._meta.auto_created or isinstance(field, ParentalKey) or field.remote_field.parent_link:
            continue
        elif not (issubclass(source, AbstractRendition) or source._meta.label in NOTES):
            parent: Any = next((one for one in source._meta.fields if isinstance(one, ParentalKey)), None)
            owner, owner_model = (parent.attname, parent.related_model) if parent else ("", None)
            yield Relation(source, field.attname, owner, owner_model, issubclass(source, ItemBase))


def _targets(thing: Model) -> dict[type[Model], list[Any]]:
    """By model, the numbers of what goes with the thing: of a page also those below it."""
    if not isinstance(thing, Page):
        return {type(thing): [thing.pk]}
    found: dict[type[Model], list[Any]] = {}
    branch = Page.objects.descendant_of(thing, inclusive=True)
    for number, content_type in branch.values_list("pk", "content_type"):
        model = ContentType.objects.get_for_id(content_type).model_class()
        found.setdefault(model or Page, []).append(number)
    return found


def _owners(targets: dict[type[Model], list[Any]]) -> dict[type[Model], QuerySet[Any]]:
    """By model, the rows that use one of the targets now; pages of all types are pages."""
    conditions: dict[type[Model], Q] = {}
    indexed: dict[type[Model], set[str]] = {}
    for target, numbers in targets.items():
        for relation in relations_to(target):
            rows = relation.model._base_manager.filter(**{f"{relation.attname}__in": numbers}).order_by()
            base = _base(relation.owner_model or relation.model)
            conditions[base] = conditions.get(base, Q()) | Q(pk__in=rows.values(relation.owner or "pk"))
        references = ReferenceIndex.objects.filter(
            to_content_type=ReferenceIndex._get_base_content_type(target),
            to_object_id__in=[str(one) for one in numbers],
        )
        for content_type, number in references.values_list("base_content_type", "object_id"):
            model = ContentType.objects.get_for_id(content_type).model_class()
            if model is not None and model._meta.label not in NOTES:
                indexed.setdefault(_base(model), set()).add(number)
    for base, found in indexed.items():
        conditions[base] = conditions.get(base, Q()) | Q(pk__in=found)
    return {base: _others(base._base_manager.filter(condition), targets) for base, condition in conditions.items()}


def _others(rows: QuerySet[Any], targets: dict[type[Model], list[Any]]) -> QuerySet[Any]:
    """Without the targets themselves, such as pages of one branch that name each other."""
    own = [number for model, numbers in targets.items() if _base(model) is rows.model for number in numbers]
    return rows.exclude(pk__in=own) if own else rows


def _base(model: type[Model]) -> type[Model]:
    return Page if issubclass(model, Page) else model


def _drafts(targets: dict[type[Model], list[Any]]) -> QuerySet[Page]:
    """Pages whose newest version, not published yet, uses one of the targets."""
    wanted = {(_base(model), str(number)) for model, numbers in targets.items() for number in numbers}
    waiting = Page.objects.filter(has_unpublished_changes=True).exclude(latest_revision=None)
    numbers = []
    for revision in Revision.objects.filter(pk__in=waiting.values("latest_revision")).iterator(chunk_size=200):
        model = ContentType.objects.get_for_id(revision.content_type_id).model_class()
        named = mentions(model, revision.content) if model else ()
        if any((_base(target), number) in wanted for target, number in named):
            numbers.append(int(revision.object_id))
    return _others(Page.objects.filter(pk__in=numbers), targets)


def mentions(model: type[Model], content: dict[str, Any]) -> Iterator[tuple[type[Model], str]]:
    """What a stored version of a page, or of a child of it, refers to: models and numbers."""
    for field, value in stored_fields(model, content):
        if field.many_to_many:
            yield from ((field.related_model, str(number)) for number in value)
        elif field.many_to_one:
            yield field.related_model, str(value)
        elif hasattr(field, "extract_references"):
            yield from ((found[0], str(found[1])) for found in field.extract_references(field.to_python(value)))
    for relation in get_all_child_relations(model):
        for child in content.get(relation.get_accessor_name(), ()):
            yield from mentions(relation.related_model, child)


def used_by(thing: Model, user: Any = None) -> Uses:
    """Who uses the thing, each counted once; for a person also the first of them, as far as they may read them.

    Who uses a page also uses it through the pages below, which would go with it.
    """
    targets = _targets(thing)
    owners, drafts = _owners(targets), _drafts(targets)
    if Page in owners:
        drafts = drafts.exclude(pk__in=owners[Page].order_by().values("pk"))
    kinds: Counter[str] = Counter()
    shown: list[Use] = []
    for rows, is_draft in [*((rows, False) for rows in owners.values()), (drafts, True)]:
        kinds.update(_kinds(rows))
        if user is not None and len(shown) < SHOWN:
            shown += _shown(rows.order_by("pk")[: SHOWN - len(shown)], user, is_draft)
    return Uses(kinds.total(), tuple(kinds.most_common()), tuple(shown))


def _kinds(rows: QuerySet[Any]) -> Counter[str]:
    """How many of each kind, in words."""
    if rows.model is not Page:
        number = rows.count()
        return Counter({_named(rows.model, number): number} if number else {})
    counted = rows.order_by().values_list("content_type").annotate(number=Count("pk"))
    found: Counter[str] = Counter()
    for content_type, number in counted:
        model = ContentType.objects.get_for_id(content_type).model_class() or Page
        found[_named(model, number)] += number
    return found


def _named(model: type[Model], number: int) -> str:
    return str(model._meta.verbose_name if number == 1 else model._meta.verbose_name_plural)


def _shown(rows: QuerySet[Any], user: Any, is_draft: bool) -> list[Use]:
    finder = AdminURLFinder(user)
    found = list(rows)
    pages = [row.pk for row in found if isinstance(row, Page)]
    public = set(ReadablePageQuerySet(Page).readable().filter(pk__in=pages).values_list("pk", flat=True))
    uses = []
    for row in found:
        url = finder.get_edit_url(row) or ""
        if isinstance(row, Page):
            if url or (row.pk in public and not is_draft):
                uses.append(Use(row.page_type_display_name, row.get_admin_display_title(), url, is_draft))
        elif url:
            uses.append(Use(str(row._meta.verbose_name), str(row), url))
    return uses
