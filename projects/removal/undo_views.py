"""What was deleted or merged in the last 30 days, and the ways back: for whoever might have deleted it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages as admin_messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page
from wagtail.permissions import page_permission_policy, policy_registry

from pages.keys import key_in
from projects.models import Former, RemovedPage
from projects.removal import entries as removal
from projects.removal import page_removal
from projects.removal.entries import RemovalError
from projects.removal.page_removal import parent_of


class UndoMenuItem(MenuItem):
    """For whoever may delete something of it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(_undoable_kinds(request.user) or _pages_for(request.user))


def removed(request: HttpRequest) -> HttpResponse:
    """The list; an entry is brought back by one click, a page as well if the page above it is there."""
    kinds = _undoable_kinds(request.user)
    pages = _pages_for(request.user)
    if not kinds and not pages:
        raise PermissionDenied
    found = removal.undoable(kinds)
    if request.method == "POST":
        key = key_in(request.POST.get("former", ""))
        former = found.filter(pk=key).first() if key is not None else None
        if former is None:
            messages.warning(request, _too_late())
        else:
            _undo(request, former)
        return redirect("removed_entries")
    rows = [(page, may_forget(request.user, page)) for page in pages]
    return render(request, "projects/admin/removed.html", {"found": found, "pages": rows})


def _too_late() -> str:
    return _("Nothing was changed: somebody has undone this, or it was too long ago.")


# --- entries of lists -------------------------------------------------------------------------------------------------


def _undoable_kinds(user: Any) -> list[type[Model]]:
    return [model for model in removal.KEPT if policy_registry.get_by_type(model).user_has_permission(user, "delete")]


def _undo(request: HttpRequest, former: Former) -> None:
    try:
        done = removal.undo(former, request.user)
    except RemovalError as error:
        messages.error(request, str(error))
        return
    text = ngettext(
        "“%(name)s” is back; %(count)d entry uses it.", "“%(name)s” is back; %(count)d entries use it.", done.uses
    ) % {"name": former.name, "count": done.uses}
    if done.left:
        left = ngettext(
            "%(count)d reference was changed since and stays as it is.",
            "%(count)d references were changed since and stay as they are.",
            done.left,
        ) % {"count": done.left}
        text = f"{text} {left}"
    messages.success(request, text)


# --- pages ------------------------------------------------------------------------------------------------------------


class ParentForm(forms.Form):
    """Below which page, if the one it was below is gone."""

    parent = forms.ModelChoiceField(Page.objects.none(), label=gettext_lazy("Restore below"))

    def __init__(self, page: RemovedPage, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.user = page, user
        kinds = page.page_model.allowed_parent_page_models()
        field: Any = self.fields["parent"]
        field.queryset = Page.objects.type(*kinds)
        field.widget = AdminPageChooser(target_models=kinds, user_perms=None)

    def clean_parent(self) -> Page:
        parent: Page = self.cleaned_data["parent"].specific
        if not _may_have_deleted_below(self.user, parent, self.page):
            raise forms.ValidationError(_("You may not put it there. Choose another page."))
        return parent


def _pages_for(user: Any) -> list[RemovedPage]:
    found = RemovedPage.objects.undoable().select_related("removed_by")
    changeable = page_permission_policy.instances_user_has_permission_for(user, "change")
    if not changeable.filter(depth=1).exists():  # of the root, and so of all
        found = found.filter(parent_id__in=changeable.order_by().values("pk"))
    return [page for page in found if may_restore(user, page)]


def may_restore(user: Any, page: RemovedPage) -> bool:
    """Whether the person might delete it today, if it were there: one of the body, or of the staff."""
    parent = parent_of(page) or Page.get_first_root_node()
    return _may_have_deleted_below(user, parent.specific, page)


def may_forget(user: Any, page: RemovedPage) -> bool:
    """Whether the person may end the way back: staff and administrators."""
    tester = Page.get_first_root_node().permissions_for_user(user)
    return user.is_active and (user.is_superuser or "bulk_delete" in tester.permissions) and may_restore(user, page)


def _may_have_deleted_below(user: Any, parent: Page, page: RemovedPage) -> bool:
    """By what Wagtail asks before it deletes a page, of the page above."""
    if not user.is_active or user.is_superuser:
        return bool(user.is_active)
    given = parent.permissions_for_user(user).permissions
    is_allowed = "change" in given and ("publish" in given or not page.was_public)
    return is_allowed and ("bulk_delete" in given or page.pages == 1)


def _page_or_404(user: Any, pk: int, rule: Any) -> RemovedPage | None:
    """None if it is no longer kept. Raises Http404 for what is none of the person's business."""
    page = RemovedPage.objects.undoable().filter(pk=pk).first()
    if page is not None and not rule(user, page):
        raise Http404
    return page


def restore_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring the page back, asking for the page above only if that is gone."""
    page = _page_or_404(request.user, pk, may_restore)
    if page is None:
        messages.warning(request, _too_late())
        return redirect("wagtailadmin_home")
    parent = parent_of(page)
    form = ParentForm(page, request.user, request.POST or None) if parent is None else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            back = page_removal.restore(page, request.user, parent or (form and form.cleaned_data["parent"]))
        except RemovalError as error:
            messages.error(request, str(error))
            return redirect("removed_entries")
        messages.success(request, _restored(page, back))
        return redirect("wagtailadmin_explore", back.get_parent().pk)
    return render(request, "projects/admin/restore_page.html", {"page": page, "parent": parent, "form": form})


def forget_page(request: HttpRequest, pk: int) -> HttpResponse:
    """End the way back after a question, for instance because of what stands in the page."""
    page = _page_or_404(request.user, pk, may_forget)
    if page is None:
        messages.warning(request, _too_late())
        return redirect("wagtailadmin_home")
    if request.method == "POST":
        page_removal.forget(page, request.user)
        messages.success(request, _("“%(title)s” is deleted for good.") % {"title": page.title})
        return redirect("removed_entries")
    return render(request, "projects/admin/forget_page.html", {"page": page})


def _restored(page: RemovedPage, back: Page) -> str:
    text = ngettext(
        "“%(title)s” is back at its place.", "“%(title)s” is back at its place, with all %(count)d pages.", page.pages
    ) % {"title": page.title, "count": page.pages}
    return text + " " + _("It is public again.") if back.live else text


def tell_way_back(request: HttpRequest, page: Page) -> None:
    """Receiver of Wagtail's hook `after_delete_page`."""
    _tell(request, [page])


def tell_way_back_of_many(request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any) -> None:
    """Receiver of Wagtail's hook `after_bulk_action`, which lists of other things call as well."""
    if action_type == "delete" and all(isinstance(one, Page) for one in objects):
        _tell(request, objects)


def _tell(request: HttpRequest, pages: Sequence[Page]) -> None:
    kept = RemovedPage.objects.filter(page_id__in=[page.pk for page in pages]).first()
    if kept is not None:
        day = date_format(localtime(kept.kept_until), "DATE_FORMAT")
        button = admin_messages.button(reverse("removed_entries"), _("Deleted and merged"))
        admin_messages.info(request, _("This can be undone until %(day)s.") % {"day": day}, buttons=[button])
