"""Which event changes which documents: the receivers that note changed pages in the outbox.

Connected without a sender and tested by type, because moving a page saves the base Page. Wagtail's own page signals
are not used: they fire after the transaction, and a process killed in between would lose the change.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction

from projects.models import Former, Freshness
from search.indexing.outbox import enqueue
from search.kinds import vocabularies
from search.kinds.registry import kinds
from search.models import LEASE, OutboxEntry

# What saving a draft writes to the page; none of it can be found.
DRAFT_FIELDS = frozenset(
    {"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at", "locked", "locked_at",
     "locked_by", "owner", "alias_of", "numchild"}
)  # fmt: skip


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
    kind = kinds.of_model(type(instance))
    named_below = kind.named_below if kind else frozenset()
    if created:
        enqueue([instance.pk])
    elif type(instance) is Page or (named_below if changed is None else changed & named_below):
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


@receiver(post_save)
@unless_raw
def note_page_of_saved_row(instance: Model, update_fields: Any = None, **kwargs: Any) -> None:
    """An artefact of a project was changed, a reuse of it declared, confirmed, refused …"""
    for row in kinds.rows.get(type(instance), ()):
        if not row.is_saved_with_page and (update_fields is None or set(update_fields) - row.ignored):
            enqueue([getattr(instance, row.page_field)])


@receiver(post_delete)
def note_page_of_deleted_row(instance: Model, **kwargs: Any) -> None:
    for row in kinds.rows.get(type(instance), ()):
        enqueue([getattr(instance, row.page_field)])


@receiver(post_save, sender=Freshness)
@unless_raw
def note_age(instance: Freshness, created: bool, update_fields: Any = None, **kwargs: Any) -> None:
    """Confirmed, due or orphaned; that somebody was reminded changes nothing."""
    if not created and (update_fields is None or "state" in update_fields):
        enqueue([instance.page_id])


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


def _pages_with(thing: Model) -> Iterator[int]:
    """Pages whose documents carry the name of the thing: those that refer to it, and those below that name them."""
    for kind, relation in kinds.references.get(type(thing), ()):
        pages = kind.model._default_manager.filter(**{relation.lookup: thing}).order_by()
        if kind.named_below:
            for page in pages.only("path", "depth"):
                yield from _below(page)
        else:
            yield from pages.values_list("pk", flat=True)


@receiver(post_save)
@unless_raw
def note_pages_of_renamed_thing(instance: Model, created: bool = False, **kwargs: Any) -> None:
    if not created:
        enqueue(_pages_with(instance))


@receiver(pre_delete)
def note_pages_of_deleted_thing(instance: Model, **kwargs: Any) -> None:
    """Before the deletion, while it is still known who referred to it."""
    enqueue(_pages_with(instance))


@receiver([post_save, post_delete])
def forget_names(sender: type[Model], **kwargs: Any) -> None:
    if sender in kinds.vocabularies:
        vocabularies.forget()
