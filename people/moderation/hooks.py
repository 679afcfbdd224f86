"""What checking adds to the admin and to the worker; imported by `wagtail_hooks`."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    PublishMenuItem,
    RestartWorkflowMenuItem,
    SubmitForModerationMenuItem,
)
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from pages.choosers import NoChooserViewSet
from pages.gates import Gate
from people.admin_site.staff_menu import StaffMenuItem
from people.admin_site.to_do import HOOK as TASKS_HOOK
from people.models import CheckItem
from people.moderation import decisions as moderation
from people.moderation import digest as moderation_digest
from people.moderation import views as moderation_views
from people.operations.jobs import HOOK as JOBS_HOOK
from people.operations.jobs import Job
from people.rights import is_staff
from projects.models import BodyPage
from projects.removal import entries as removal

hooks.register("register_log_actions", moderation.name_actions)
hooks.register(TASKS_HOOK, moderation.tasks)


class CheckItemViewSet(SnippetViewSet):
    """The questions of the check-list, kept by the staff."""

    model = CheckItem
    chooser_viewset_class = NoChooserViewSet
    icon = "list-ul"
    menu_label = gettext_lazy("Check-list")
    menu_order = 320
    add_to_settings_menu = True
    list_display = ("question", "is_required", "is_active", "sort_order")
    copy_view_enabled = False


register_snippet(CheckItemViewSet)
removal.KEPT.add(CheckItem)


@hooks.register("register_admin_urls")
def add_moderation_pages() -> list[URLPattern]:
    return [
        path("pruefung/", moderation_views.queue, name="moderation_queue"),
        path("pruefung/stellen/", moderation_views.bodies, name="moderation_bodies"),
        path("pruefung/stellen/<int:pk>/", moderation_views.switch, name="moderation_switch"),
        path("pruefung/direkt/<int:pk>/", moderation_views.look_at, name="moderation_look_at"),
        path("pruefung/<int:pk>/", moderation_views.review, name="moderation_review"),
    ]


@hooks.register("register_admin_menu_item")
def lead_to_queue() -> MenuItem:
    return StaffMenuItem(gettext_lazy("Checks"), reverse("moderation_queue"), icon_name="clipboard-list", order=110)


@hooks.register("register_page_header_buttons")
def lead_to_switch(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From a body to whether it publishes directly."""
    if isinstance(page, BodyPage) and is_staff(user):
        url = moderation_views.bodies_url(page)
        yield Button(_("Direct publishing"), url=url, icon_name="upload", priority=60)


@hooks.register(JOBS_HOOK)
def offer_digest() -> list[Job]:
    return [Job("digest", gettext_lazy("Weekly letter about checks"), timedelta(weeks=1), moderation_digest.send)]


class CheckMenuItem(ActionMenuItem):
    """In the place of Publish, while the page waits for a check: staff publish with the list."""

    name = "action-check"
    label = gettext_lazy("Check and decide")
    icon_name = "clipboard-list"

    def __init__(self, url: str, order: int) -> None:
        super().__init__(order=order)
        self._url = url

    def get_url(self, parent_context: Any) -> str:
        return self._url


class SubmitMenuItem(SubmitForModerationMenuItem):
    """Wagtail's, in words that need no explanation."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        page = context.get("page")
        state = page.current_workflow_state if page else None
        is_again = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
        return {**context, "label": _("Submit again") if is_again else _("Submit for checking")}


class WithdrawMenuItem(CancelWorkflowMenuItem):
    """Wagtail's, in words that need no explanation."""

    label = gettext_lazy("Withdraw")


@hooks.register("construct_page_action_menu")
def offer_what_can_be_done(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """Plain words for what editors do; staff are led to the list. Starting anew would lose the history."""
    page = context.get("page")
    state = moderation.current_review(page) if page else None
    is_checking = state is not None and state.is_waiting and is_staff(request.user)
    kept: list[ActionMenuItem] = []
    for item in items:
        if isinstance(item, PublishMenuItem) and is_checking and state is not None:
            kept.append(CheckMenuItem(reverse("moderation_review", args=[state.pk]), order=item.order))
        elif isinstance(item, SubmitForModerationMenuItem):
            kept.append(SubmitMenuItem(order=item.order))
        elif isinstance(item, CancelWorkflowMenuItem):
            kept.append(WithdrawMenuItem(order=item.order))
        elif not isinstance(item, RestartWorkflowMenuItem):
            kept.append(item)
    if context.get("view") == "edit" and not any(isinstance(item, PublishMenuItem) for item in kept):
        # Who may not publish finds the next step without opening a menu; drafts are saved by themselves.
        kept.sort(key=lambda item: not isinstance(item, SubmitMenuItem))
    items[:] = kept


class PublishedWithTheList(Gate):
    """What waits for a check is published there, and not in the editor or several at once."""

    def before_publishing(self, request: HttpRequest, page: Page) -> HttpResponse | None:
        state = moderation.current_review(page)
        if state is None or not state.is_waiting or not is_staff(request.user):
            return None
        messages.info(request, _("Your changes are saved. The page waits for a check: publish it here with the list."))
        return redirect("moderation_review", state.pk)

    def before_publishing_many(self, request: HttpRequest, pages: Sequence[Page], action: Any) -> HttpResponse | None:
        waiting = [page.title for page in pages if page.workflow_in_progress]
        if not waiting:
            return None
        text = _("These wait for a check and are published there: %(titles)s")
        messages.error(request, text % {"titles": ", ".join(waiting)})
        return redirect("moderation_queue" if is_staff(request.user) else "wagtailadmin_home")


@hooks.register("before_edit_page")
def show_remarks(request: HttpRequest, page: Page) -> None:
    """Whoever opens a page that was sent back reads first why."""
    state = moderation.current_review(page)
    if request.method != "GET" or state is None or state.status != TaskState.STATUS_REJECTED:
        return
    text = state.comment or _("There are remarks at the fields.")
    lead = messages.button(reverse("moderation_review", args=[state.pk]), _("All remarks"))
    messages.warning(request, _("Sent back: %(text)s") % {"text": text}, buttons=[lead])
