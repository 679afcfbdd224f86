"""Deleting pages, and the way back within UNDO_FOR: what goes with a page is kept as rows and nowhere else.

delete ─── every row that goes with the pages is written down in RemovedPage ── the pages are deleted
restore ── the rows are back under their numbers, the pages below their parent ── RemovedPage goes

Between the two the page is gone for everybody, by whatever address, list or count. What is about a person is erased
from what is kept, too: `brought_back` puts the rows where everything else looks for them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.actions.delete_page import DeletePageAction
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import Page

from projects.models import RemovedPage
from projects.removal.entries import RemovalError
from projects.removal.page_rows import locked, pages_named_in, put_back, write_down

RESTORE, FORGET = "projects.restore_page", "projects.forget_page"


def keep_what_is_deleted() -> None:
    """Whoever deletes pages, by a list, the API or a command, does so by one method of Wagtail."""
    delete = DeletePageAction._delete_page

    def _delete_page(action: DeletePageAction, page: Page, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            found = locked(page)
            if found is None:  # somebody else has deleted it
                return 0, {}
            write_down(RemovedPage(page_id=page.pk, title=found.title, removed_by=action.user), found)
            return delete(action, found, *args, **kwargs)

    DeletePageAction._delete_page = _delete_page


@transaction.atomic
def restore(removed: RemovedPage, user: Any = None, parent: Page | None = None) -> Page:
    """Bring the pages back, as public as they were, below the page where they were or below `parent`.

    Raises RemovalError after UNDO_FOR, if there is no page to put them below, or if something took their place.
    """
    found = RemovedPage.objects.undoable().select_for_update().filter(pk=removed.pk).first()
    if found is None:
        raise RemovalError(_("Nothing was changed: somebody has undone this, or it was too long ago."))
    parent = parent or parent_of(found)
    if parent is None:
        raise RemovalError(_("The page above is gone as well. Restore that first, or choose another one."))
    try:
        with transaction.atomic():
            put_back(found, parent)
    except IntegrityError as error:
        raise RemovalError(
            _("Another page stands for the same by now, or what the page belongs to is gone. Change that first.")
        ) from error
    found.delete()
    for one in Page.objects.filter(pk__in=pages_named_in(found)).order_by("path").specific():
        # With signals, for what is derived from pages; and of one column, because nothing was published just now.
        one.save(clean=False, update_fields=["title"])
    page: Page = Page.objects.get(pk=found.page_id).specific
    log(instance=page, action=RESTORE, user=user)
    return page


@transaction.atomic
def forget(removed: RemovedPage, user: Any = None) -> None:
    """End the way back. The page's title stays, in its history and in that of the page it was below."""
    removed.delete()
    above = parent_of(removed) or Page.get_first_root_node()
    log(instance=above.specific, action=FORGET, user=user, data={"title": removed.title})


def parent_of(removed: RemovedPage) -> Page | None:
    """The page they were below, if it is still there."""
    return Page.objects.filter(pk=removed.parent_id).first()


@contextmanager
def brought_back(kept: Iterable[RemovedPage], *, to_read: bool = False) -> Iterator[None]:
    """Within it, deleted pages are where they were, for what has to change or only read them; then they are gone.

    The way back of a page that cannot be put back, and so cannot be changed, ends.
    """
    with transaction.atomic():
        there = [one for one in sorted(kept, key=lambda one: one.removed_at, reverse=True) if _is_put_back(one)]
        yield
        if to_read:
            transaction.set_rollback(True)
            return
        for removed in reversed(there):
            page: Any = Page.objects.get(pk=removed.page_id).specific
            write_down(removed, page)
            Page.objects.filter(pk=page.pk).delete()  # noted in the history already


def _is_put_back(removed: RemovedPage) -> bool:
    parent = parent_of(removed)
    try:
        with transaction.atomic():
            if parent is not None:
                put_back(removed, parent)
                return True
    except IntegrityError:
        pass
    removed.delete()
    return False


def name_page_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(RESTORE, gettext_lazy("Restore"), gettext_lazy("Deletion undone"))

    @actions.register_action(FORGET)
    class Forgotten(LogFormatter):
        label = gettext_lazy("Delete for good")

        def format_message(self, log_entry: Any) -> str:
            return _("Deleted for good: “%(title)s”") % {"title": log_entry.data.get("title", "")}
