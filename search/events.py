"""Which event changes which documents: the receivers that note changed pages in the outbox.

Connected without a sender and tested by type, because moving a page saves the base Page. Wagtail's own page signals
are not used: they fire after the transaction, and a process killed in between would lose the change.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.db.models import Model, Q
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction

from knowledge.models import ArticlePage
from projects.models import (
    Artefact,
    ArtefactKind,
    Association,
    BodyPage,
    District,
    FieldOfAction,
    Former,
    Freshness,
    Licence,
    Municipality,
    OzgField,
    OzgService,
    ProjectPage,
    ProjectTag,
    Reuse,
    ServiceKey,
    State,
    TaggedProject,
)
from search.models import LEASE, OutboxEntry
from search.outbox import enqueue

# What saving a draft writes to the page; none of it can be found.
DRAFT_FIELDS = frozenset(
    {"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at", "locked", "locked_at",
     "locked_by", "owner", "alias_of", "numchild"}
)  # fmt: skip
# What of a body stands in the documents of its projects.
BODY_FIELDS = frozenset({"title", "kind", "municipality", "district", "association", "state", "seat_state", "path"})


def unless_raw(handler: Callable[..., None]) -> Callable[..., None]:
    """Rows read back from a dump arrive one by one, with half of their relations: `reconcile_index` sees to them."""

    @wraps(handler)
    def handle(raw: bool = False, **kwargs: Any) -> None:
        if not raw:
            handler(**kwargs)

    return handle


def _below(page: Page) -> Iterable[int]:
    return Page.objects.descendant_of(page, inclusive=True).values_list("pk", flat=True)


@receiver(post_save)
@unless_raw
def note_saved_page(instance: Model, created: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    """A page was published, changed, moved or unpublished; drafts that were never public change nothing."""
    if not isinstance(instance, Page) or (created and not instance.live):
        return
    changed = None if update_fields is None else {str(name).removesuffix("_id") for name in update_fields}
    if changed is not None and changed <= DRAFT_FIELDS:
        return
    if created:
        enqueue([instance.pk])
    elif type(instance) is Page or (isinstance(instance, BodyPage) and (changed is None or changed & BODY_FIELDS)):
        # A page that was moved is saved as a plain Page; everything of the branch may have another body or audience.
        enqueue(_below(instance))
    else:
        enqueue([instance.pk])


@receiver(post_delete)
def note_deleted_page(instance: Model, **kwargs: Any) -> None:
    if isinstance(instance, Page):
        enqueue([instance.pk])


@receiver(pre_save, sender=PageViewRestriction)
@unless_raw
def foresee_restricted_pages(instance: PageViewRestriction, **kwargs: Any) -> None:
    """Wagtail saves a restriction outside any transaction, so a process killed right after it would not note it.

    So the pages are noted before as well, for when the restriction is stored or the process gone.
    """
    page = Page.objects.filter(pk=instance.page_id).first()
    if page:
        OutboxEntry.objects.enqueue(_below(page), wait=LEASE)


@receiver([post_save, post_delete], sender=PageViewRestriction)
@unless_raw
def note_restricted_pages(instance: PageViewRestriction, **kwargs: Any) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page:
        enqueue(_below(page))


@receiver([post_save, post_delete], sender=Artefact)
@unless_raw
def note_project_of_artefact(instance: Artefact, **kwargs: Any) -> None:
    enqueue([instance.project_id])


@receiver([post_save, post_delete], sender=Reuse)
@unless_raw
def note_used_project(instance: Reuse, update_fields: Any = None, **kwargs: Any) -> None:
    """Declared, confirmed, changed, refused, lapsed or removed; that somebody was asked changes nothing."""
    if update_fields is None or set(update_fields) - {"asked_at"}:
        enqueue([instance.project_id])


@receiver(post_save, sender=Freshness)
@unless_raw
def note_age(instance: Freshness, created: bool, update_fields: Any = None, **kwargs: Any) -> None:
    """Confirmed, due or orphaned; that somebody was reminded changes nothing."""
    if not created and (update_fields is None or "state" in update_fields):
        enqueue([instance.page_id])


@receiver(post_delete, sender=TaggedProject)
def note_untagged_project(instance: TaggedProject, **kwargs: Any) -> None:
    enqueue([instance.content_object_id])


@receiver(post_save, sender=Former)
@unless_raw
def note_merged_thing(instance: Former, created: bool, **kwargs: Any) -> None:
    """Merging changes references without a signal of their own; what is left of the thing says which."""
    if created and (heir := instance.successor):
        enqueue(_pages_with(heir))


@receiver(post_delete, sender=Former)
def note_separated_thing(instance: Former, **kwargs: Any) -> None:
    """A merge was undone, or a deletion."""
    thing = instance.kept_model._default_manager.filter(pk=instance.former_id).first()
    if thing is not None:
        enqueue(_pages_with(thing))


def _projects_where(condition: Q) -> list[int]:
    return list(ProjectPage.objects.filter(condition).values_list("pk", flat=True).distinct())


def _pages_of_unit(*lookups: str) -> Callable[[Model], list[int]]:
    """Finds bodies that stand for a unit of the register, with everything below them, and projects it takes part in.

    A lookup leads from a reference to the register to the unit, such as "municipality__district".
    """

    def find(unit: Model) -> list[int]:
        found: list[int] = []
        for lookup in lookups:
            for body in BodyPage.objects.filter(**{lookup: unit}).only("path"):
                found.extend(_below(body))
            if lookup != "seat_state":
                found.extend(_projects_where(Q(**{f"participations__{lookup}": unit})))
        return found

    return find


def _pages_with_field(term: FieldOfAction) -> list[int]:
    articles = ArticlePage.objects.filter(topics=term).values_list("pk", flat=True)
    return [*_projects_where(Q(fields_of_action=term)), *articles]


def _pages_of_ozg_field(term: OzgField) -> list[int]:
    return _projects_where(Q(ozg_services__field=term) | Q(service_keys__service__field=term))


def _pages_of_service(term: OzgService) -> list[int]:
    return _projects_where(Q(ozg_services=term) | Q(service_keys__service=term))


# For each kind of thing with a name: the pages whose documents carry it.
AFFECTED: dict[type[Model], Callable[[Any], Iterable[int]]] = {
    ProjectTag: lambda tag: _projects_where(Q(tagged_items__tag=tag)),
    FieldOfAction: _pages_with_field,
    OzgField: _pages_of_ozg_field,
    OzgService: _pages_of_service,
    ServiceKey: lambda key: _projects_where(Q(service_keys=key)),
    ArtefactKind: lambda kind: _projects_where(Q(artefacts__kind=kind)),
    Licence: lambda licence: _projects_where(Q(artefacts__licence=licence)),
    Municipality: _pages_of_unit("municipality"),
    Association: _pages_of_unit("association"),
    District: _pages_of_unit("district", "municipality__district", "association__district"),
    State: _pages_of_unit(
        "state", "seat_state", "municipality__district__state", "district__state", "association__district__state"
    ),
}


def _pages_with(thing: Model) -> Iterable[int]:
    affected = AFFECTED.get(type(thing))
    return affected(thing) if affected else ()


@receiver(post_save)
@unless_raw
def note_pages_of_renamed_thing(instance: Model, created: bool = False, **kwargs: Any) -> None:
    if not created:
        enqueue(_pages_with(instance))


@receiver(pre_delete)
def note_pages_of_deleted_thing(instance: Model, **kwargs: Any) -> None:
    """Before the deletion, while it is still known who referred to it."""
    enqueue(_pages_with(instance))
