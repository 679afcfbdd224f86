"""What plans add to the admin: the room of the staff, a task, names in the history, and the short form as a button."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from matching.plans import admin as plan_admin
from matching.plans import lifecycle as plans
from people.admin_site.staff_menu import StaffMenuItem
from people.admin_site.to_do import HOOK as TASKS_HOOK
from people.admin_site.to_do import Task
from people.models import User
from people.rights import is_staff
from projects.models import BodyPage, Plan, ProjectPage

hooks.register("register_log_actions", plans.name_actions)


@hooks.register("register_admin_urls")
def add_plan_pages() -> list[URLPattern]:
    return [
        path("vorhaben/", plan_admin.queue, name="plan_queue"),
        path("vorhaben/<int:pk>/in-ordnung/", plan_admin.check, name="plan_check"),
        path("vorhaben/<int:pk>/zurueckziehen/", plan_admin.send_back, name="plan_send_back"),
    ]


@hooks.register("register_admin_menu_item")
def lead_to_plans() -> MenuItem:
    # Beside the checks.
    return StaffMenuItem(_("Plans"), reverse("plan_queue"), icon_name="view", order=111)


@hooks.register(TASKS_HOOK, order=15)
def plans_to_look_at(user: User) -> list[Task]:
    """For the staff, after what waits before it can appear."""
    if not is_staff(user):
        return []
    unchecked = Plan.objects.unchecked()
    oldest = unchecked.order_by("reported_at").first()
    return [
        Task(_("Plans to look at"), reverse("plan_queue"), unchecked.count(), oldest.reported_at if oldest else None)
    ]


@hooks.register("register_page_header_buttons")
def lead_to_plan(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From the editor to the plan's own page, where it is published or withdrawn."""
    if isinstance(page, ProjectPage) and Plan.objects.filter(project=page.pk).exists():
        yield Button(_("Plan"), url=reverse("plan", args=[page.pk]), icon_name="view", priority=50)
    elif isinstance(page, BodyPage):
        yield Button(_("Report a plan"), url=reverse("plan_report"), icon_name="plus", priority=70)
