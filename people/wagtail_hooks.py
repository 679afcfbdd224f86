"""What people find in the admin beside their pages: the second factor, their account, the rooms of the staff."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from people.accounts import second_factor
from people.admin_site import (
    members_only,  # noqa: F401  (some register their hooks)
    upload_hooks,  # noqa: F401  (some register their hooks)
    visibility,  # noqa: F401  (some register their hooks)
    wording_hooks,  # noqa: F401  (some register their hooks)
)
from people.admin_site.staff_menu import StaffMenuItem
from people.cooperation import contact_hooks  # noqa: F401  (some register their hooks)
from people.dashboard import hooks as dashboard_hooks  # noqa: F401  (some register their hooks)
from people.freshness import hooks as freshness_hooks  # noqa: F401  (some register their hooks)
from people.joining import hooks as joining_hooks  # noqa: F401  (some register their hooks)
from people.mail.queue_views import QueuedMailViewSet
from people.models import Team
from people.moderation import hooks as moderation_hooks  # noqa: F401  (some register their hooks)
from people.moderation import submission_hooks  # noqa: F401  (some register their hooks)
from people.operations import (
    barrier_reports,  # noqa: F401  (some register their hooks)
    system_facts,
)
from people.operations.jobs import HOOK as JOBS_HOOK
from people.operations.jobs import Job
from people.operations.system import HOOK as SYSTEM_HOOK
from people.operations.system import system
from people.privacy import retention
from people.reform.views import reform, register_reform
from people.reuse import hooks as reuse_hooks  # noqa: F401  (some register their hooks)
from people.rights import is_staff
from projects.models import Municipality
from projects.removal.page_rows import Rows


class SecondFactorPanel(Component):
    """Where a second factor is only offered, those who must have one in use are told so."""

    name = "second_factor"
    template_name = "people/admin/second_factor.html"
    order = 40


@hooks.register("construct_homepage_panels")
def offer_second_factor(request: HttpRequest, panels: list[Component]) -> None:
    is_offered = not settings.SECOND_FACTOR_REQUIRED and second_factor.must_have(request.user)
    if is_offered and not second_factor.has(request.user):
        panels.append(SecondFactorPanel())


@hooks.register("register_admin_menu_item")
def lead_to_account() -> MenuItem:
    """Password, second factor and sessions have pages of their own, outside Wagtail."""
    return MenuItem(_("My account"), reverse("people_account"), icon_name="lock", order=10_000)


@hooks.register("register_admin_urls")
def add_staff_pages() -> list[URLPattern]:
    return [
        path("system/", system, name="system"),
        path("gebietsreform/<int:pk>/", reform, name="municipal_reform"),
    ]


@hooks.register("register_reports_menu_item")
def lead_to_system_page() -> MenuItem:
    return StaffMenuItem(_("System"), reverse("system"), icon_name="cogs", order=900)


@hooks.register("register_snippet_listing_buttons")
def offer_reform(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Beside each municipality that exists."""
    if isinstance(snippet, Municipality) and snippet.valid_to is None and is_staff(user):
        url = reverse("municipal_reform", args=[snippet.pk])
        yield Button(_("Municipal reform"), url=url, icon_name="resubmit", priority=60)


@hooks.register(JOBS_HOOK)
def offer_jobs() -> list[Job]:
    label = _("Removal of what has been kept long enough")
    return [*system_facts.JOBS, Job("retention", label, timedelta(days=1), retention.apply)]


hooks.register("register_log_actions", register_reform)
register_snippet(QueuedMailViewSet)

hooks.register(SYSTEM_HOOK, system_facts.worker, order=10)
hooks.register(SYSTEM_HOOK, system_facts.mail, order=20)
hooks.register(SYSTEM_HOOK, system_facts.storage, order=80)
hooks.register(SYSTEM_HOOK, system_facts.versions, order=90)


@hooks.register("goes_with_pages")
def take_groups_of_teams_along(rows: Rows) -> list[QuerySet[Group]]:
    """A team's group goes with the team, and with it who is in it and what it may do."""
    return [Group.objects.filter(team__in=[team.pk for team in rows.get(Team, ())])]
