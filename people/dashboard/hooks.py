"""The first page of the admin: what belongs to a body's people, and what waits for the staff."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import RecentEditsPanel, UserObjectsInWorkflowModerationPanel

from knowledge.models import BarrierReport
from pages.keys import key_in
from people.admin_site.to_do import HOOK as TASKS_HOOK
from people.admin_site.to_do import Task, tasks_for
from people.dashboard import content as dashboard
from people.freshness import takeover
from people.freshness.entries import last_answer
from people.joining import representation
from people.joining import requests as joining
from people.models import User
from people.operations import system
from people.operations.system import Health
from people.rights import is_staff
from people.teams.teams import bodies_of
from projects.models import BodyPage, Freshness, FreshnessState
from projects.models.freshness import ARTICLE

REPORTS = "wagtailsnippets_knowledge_barrierreport:list"
# What these show is part of ours, sorted by what is to be done.
REPLACED = (RecentEditsPanel, UserObjectsInWorkflowModerationPanel)


class OwnBodiesPanel(Component):
    """My municipality: what waits for whom, the entries, and what colleagues did; one body at a time."""

    name = "own_bodies"
    template_name = "people/admin/own_bodies.html"
    order = 50

    def __init__(self, bodies: list[BodyPage]) -> None:
        self._bodies = bodies

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        request = parent_context["request"]
        chosen = next((body for body in self._bodies if str(body.pk) == request.GET.get("stelle")), self._bodies[0])
        return {
            "request": request,
            "csrf_token": parent_context["csrf_token"],
            "bodies": self._bodies,
            "body": chosen,
            "room": dashboard.Room(chosen, request.user),
            "waiting": dashboard.waiting_in(self._bodies, request.user),
            "tasks": [] if is_staff(request.user) else tasks_for(request.user),
            "answered": just_answered(request),
        }


def just_answered(request: HttpRequest) -> Freshness | None:
    """The entry whose answer the person may want to take back."""
    number = key_in(request.GET.get("zuletzt", ""))
    found = Freshness.objects.public().filter(page__id=number).first() if number else None
    if found is None or last_answer(found) is None or not found.page.permissions_for_user(request.user).can_edit():
        return None
    return found


class StaffPanel(Component):
    """What waits for the staff, oldest kind of work first."""

    name = "staff_tasks"
    template_name = "people/admin/staff_tasks.html"
    order = 45

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        request = parent_context["request"]
        return {
            "csrf_token": parent_context["csrf_token"],
            "tasks": tasks_for(request.user),
            # Whoever also belongs to a body finds it there.
            "answered": None if bodies_of(request.user) else just_answered(request),
        }


@hooks.register("construct_homepage_panels")
def show_what_waits(request: HttpRequest, panels: list[Component]) -> None:
    if is_staff(request.user):
        panels.append(StaffPanel())
    if bodies := list(bodies_of(request.user).with_project_counts()):
        panels[:] = [panel for panel in panels if not isinstance(panel, REPLACED)]
        panels.append(OwnBodiesPanel(bodies))


# After all who add numbers.
@hooks.register("construct_homepage_summary_items", order=1_000)
def leave_numbers_to_staff(request: HttpRequest, items: list[SummaryItem]) -> None:
    """How many pages and images there are helps nobody who looks after one body; its numbers stand in its panel."""
    if not is_staff(request.user):
        items.clear()


@hooks.register(TASKS_HOOK, order=20)
def requests_to_decide(user: User) -> list[Task]:
    """Who wants to join, and who wants to act for whom; one line each, because each is about people."""
    access = [
        Task(
            _("%(person)s asks for access to %(body)s") % {"person": asked.person_name, "body": asked.body_label},
            reverse("access_request", args=[asked.pk]),
            since=asked.waiting_since,
        )
        for asked in joining.waiting_for(user)
    ]
    to_represent = [
        Task(
            _("%(body)s asks to act for %(municipality)s")
            % {"body": asked.team.body, "municipality": asked.municipality},
            reverse("representation_request", args=[asked.pk]),
            since=asked.waiting_since,
        )
        for asked in representation.waiting_for(user)
    ]
    return access + to_represent


@hooks.register(TASKS_HOOK, order=30)
def offers_to_take_over(user: User) -> list[Task]:
    """One line each: every offer has a page of its own."""
    return [
        Task(
            _("%(body)s offers to take over “%(title)s”") % {"body": offer.body, "title": offer.project.title},
            reverse("takeover_decision", args=[offer.pk]),
            since=offer.asked_at,
        )
        for offer in takeover.undecided_for(user)
    ]


@hooks.register(TASKS_HOOK, order=60)
def work_of_the_staff(user: User) -> list[Task]:
    """What nobody but the staff sees to."""
    if not is_staff(user):
        return []
    known = Freshness.objects.public()
    orphaned = known.filter(state=FreshnessState.ORPHANED)
    articles = known.filter(state=FreshnessState.DUE, subject=ARTICLE)
    reports = BarrierReport.objects.filter(answered_at__isnull=True)
    troubles = [fact for section in system.sections() for fact in section.facts if fact.health == Health.BAD]
    return [
        Task(_("Barrier reports without an answer"), f"{reverse(REPORTS)}?waiting=true", reports.count()),
        Task(_("Articles to look through again"), _freshness_url(state="faellig", subject=ARTICLE), articles.count()),
        Task(_("Orphaned entries"), _freshness_url(state="verwaist"), orphaned.count()),
        Task(_("Technical matters that need attention"), reverse("system"), len(troubles)),
    ]


def _freshness_url(**chosen: str) -> str:
    return f"{reverse('freshness_report')}?{urlencode(chosen)}"
