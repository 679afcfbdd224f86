"""A Vorhaben and its way: told to the members, changed, looked at by the centre, made public or withdrawn.

report ── page live, restriction “logged in”, Plan unchecked ─┬─ change ── unchecked again
                                                              ├─ check ── in order; public if that was asked for
                                                              ├─ ask for publication ── public now, or after the check
                                                              └─ withdraw ── unpublished, can be brought back

Each step is one transaction and stands in the history of the page. Must not ask who may do it: the views do.
"""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import PageLogEntry, Revision

from pages.access import for_members, restrict_to_members
from pages.addresses import free_slug
from pages.models import SUMMARY_MAX_LENGTH
from people.cooperation import alliances
from people.mail.letters import write
from people.models import User
from people.rights import is_staff
from people.teams.teams import people_of
from projects.models import BodyPage, FieldOfAction, OzgService, Phase, Plan, ProjectPage, ServiceKey

REPORT, CHECK = "dsr.report_plan", "dsr.check_plan"
ASK, PUBLISH = "dsr.ask_to_publish_plan", "dsr.publish_plan"
WITHDRAW, RESTORE = "dsr.withdraw_plan", "dsr.restore_plan"
# A stop behind two letters at least, so that “z. B.” ends no sentence, and a capital or nothing after it.
SENTENCE_END = re.compile(r"(?<=\w{2}[.!?])\s+(?=[A-ZÄÖÜ„“\"])")
ABBREVIATIONS = re.compile(
    r"\b(?:bzw|ca|evtl|etc|ggf|inkl|max|min|Nr|Abs|Art|Str|Dr|Prof|St|usw|vgl)\.$", re.IGNORECASE
)


class CheckedError(Exception):
    """Somebody else has looked at the plan, or it is no longer there to be looked at."""


class NotMembersOnlyError(Exception):
    """The page is public already, or no longer there for members: this step is not for it."""


@dataclass(frozen=True)
class PlanValues:
    """What the short form asks for."""

    title: str
    problem: str
    openness: str
    decision_on: datetime.date | None = None
    fields_of_action: tuple[FieldOfAction, ...] = ()
    services: tuple[OzgService, ...] = ()
    service_keys: tuple[ServiceKey, ...] = ()
    # Fields of the page that the form does not ask for, but a paper says; for new plans alone.
    further: dict[str, Any] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, Any]:
        """Fields of the page that are no lists."""
        return {
            "title": self.title,
            "problem": self.problem,
            "openness": self.openness,
            "decision_on": self.decision_on,
        }

    @property
    def lists(self) -> dict[str, list[Any]]:
        return {
            "fields_of_action": list(self.fields_of_action),
            "ozg_services": list(self.services),
            "service_keys": list(self.service_keys),
        }


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(REPORT, _("Report a plan"), _("Reported the plan to the members"))
    actions.register_action(CHECK, _("Look at a plan"), _("Found the plan in order"))
    actions.register_action(ASK, _("Ask for publication"), _("Asked for the plan to be public"))
    actions.register_action(PUBLISH, _("Publish a plan"), _("Made the plan public"))
    actions.register_action(WITHDRAW, _("Withdraw a plan"), _("Withdrew the plan"))
    actions.register_action(RESTORE, _("Bring a plan back"), _("Brought the plan back"))


def first_sentence(text: str) -> str:
    """The first sentence of a text for its short version; empty if it is too long for one."""
    text, start = " ".join(text.split()), 0
    for end in SENTENCE_END.finditer(text):
        if not ABBREVIATIONS.search(text[start : end.start()]):
            text = text[: end.start()]
            break
    return text if len(text) <= SUMMARY_MAX_LENGTH else ""


# --- telling and changing ---------------------------------------------------------------------------------------------


@transaction.atomic
def report(body: BodyPage, values: PlanValues, by: User) -> ProjectPage:
    """Tell the members of a plan, with the person as its contact; returns the page."""
    project = ProjectPage(
        **values.plain,
        **values.further,
        summary=first_sentence(values.problem),
        phase=Phase.IDEA,
        contact_name=by.get_full_name()[:120],
        contact_email=by.email,
        owner=by,
    )
    _set_lists(project, values)
    tell(body, project, by)
    return ProjectPage.objects.get(pk=project.pk)


@transaction.atomic
def tell(body: BodyPage, project: ProjectPage, by: User | None) -> None:
    """Store a new page below the body, live at once and behind the restriction."""
    # Two plans of one body at the same moment must not get the same place in the tree.
    parent = BodyPage.objects.select_for_update().get(pk=body.pk)
    project.slug, project.live = free_slug(project.title, parent, project), False
    parent.add_child(instance=project)
    # Before it goes live, so that there is no moment at which everybody could read it.
    restrict_to_members(project, by)
    Plan.objects.create(project=project, reported_by=by)
    _show(project.save_revision(user=by), by)
    log(instance=project, action=REPORT, user=by)


def _show(revision: Revision, by: User | None) -> None:
    """Members see it at once, also from people whose pages are checked before everybody reads them."""
    revision.publish(user=by, skip_permission_checks=True)


def _set_lists(project: ProjectPage, values: PlanValues) -> None:
    for name, chosen in values.lists.items():
        setattr(project, name, chosen)


@transaction.atomic
def change(project: ProjectPage, values: PlanValues, by: User) -> None:
    """Replace what the short form asks for; the centre looks at it again unless it has changed it itself.

    Raises NotMembersOnlyError for what is public: that is changed in the editor, with a check.
    """
    _members_only_plan(project)
    project = ProjectPage.objects.get(pk=project.pk)
    if project.summary == first_sentence(project.problem):
        project.summary = first_sentence(values.problem)
    for name, value in values.plain.items():
        setattr(project, name, value)
    _set_lists(project, values)
    _show(project.save_revision(user=by, log_action=True), by)


# --- the way to everybody ---------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_publication(project: ProjectPage, by: User) -> bool:
    """Make the plan public if nothing has to be looked at before, and otherwise with the check; True if it is now.

    Raises NotMembersOnlyError.
    """
    plan = _members_only_plan(project)
    if is_public_at_once(plan, by):
        _make_public(plan, by)
        return True
    plan.is_public_wanted = True
    plan.save(update_fields=["is_public_wanted"])
    log(instance=project, action=ASK, user=by)
    return False


def is_public_at_once(plan: Plan, user: User) -> bool:
    """True if the centre has looked at it, or if the person's body publishes without a check."""
    return plan.checked_at is not None or bool(plan.project.permissions_for_user(user).can_publish())


@transaction.atomic
def check(plan: Plan, by: User) -> bool:
    """Note that the centre found the plan in order; True if it is public now, of which its people are told.

    Raises CheckedError for the second of two.
    """
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if not Plan.objects.unchecked().filter(pk=locked.pk).exists():
        raise CheckedError
    plan = locked
    project = ProjectPage.objects.get(pk=plan.project_id)
    plan.checked_by, plan.checked_at = by, timezone.now()
    plan.save(update_fields=["checked_by", "checked_at"])
    log(instance=project, action=CHECK, user=by)
    if not plan.is_public_wanted or not plan.is_members_only:
        return False
    _make_public(plan, by)
    write("plan_public", recipients(plan), {"page": project, "url": project.full_url})
    return True


def _make_public(plan: Plan, by: User) -> None:
    """Also the alliances that were begun while only members could read the plan."""
    opened = [plan.project_id, *alliances.of_project(plan.project).values_list("pk", flat=True)]
    for restriction in for_members().filter(page__in=opened):
        restriction.delete(user=by)
    plan.is_public_wanted = False
    plan.save(update_fields=["is_public_wanted"])
    log(instance=plan.project, action=PUBLISH, user=by)


# --- there and back ---------------------------------------------------------------------------------------------------


@transaction.atomic
def withdraw(project: ProjectPage, by: User, reason: str = "") -> None:
    """Take the plan and its alliances from the members; the centre gives its people a reason by mail.

    What the plan has said of other projects goes with it; see `projects.models.following`. Raises NotMembersOnlyError.
    """
    plan = _members_only_plan(project)
    project = ProjectPage.objects.get(pk=project.pk)
    is_by_centre = bool(reason) and is_staff(by)
    shown = project.live_revision_id
    together = list(alliances.shown_with(project).values_list("live_revision", flat=True))
    # Whoever could tell the members may take it back, whether or not they may publish.
    UnpublishPageAction(project, user=by).execute(skip_permission_checks=True)
    plan.is_public_wanted = False
    plan.save(update_fields=["is_public_wanted"])
    log(
        instance=project,
        action=WITHDRAW,
        user=by,
        data={"revision": shown, "alliances": together, "is_by_centre": is_by_centre, "reason": reason},
    )
    if is_by_centre:
        write("plan_withdrawn", recipients(plan), {"page": project, "reason": reason})


def withdrawal_of(project: ProjectPage) -> PageLogEntry | None:
    """The last withdrawal of a plan that is not shown to anybody now."""
    if project.live:
        return None
    return PageLogEntry.objects.filter(page=project.pk, action=WITHDRAW).order_by("-timestamp", "-pk").first()


def may_restore(project: ProjectPage, user: User) -> bool:
    """What the centre has withdrawn, only the centre brings back as it was."""
    last = withdrawal_of(project)
    return last is not None and (not last.data.get("is_by_centre") or is_staff(user))


@transaction.atomic
def restore(project: ProjectPage, by: User) -> None:
    """Show the members again what they saw before the withdrawal, whatever drafts there are since.

    Raises NotMembersOnlyError if it was not withdrawn.
    """
    Plan.objects.select_for_update().get(project=project.pk)
    last = withdrawal_of(ProjectPage.objects.get(pk=project.pk))
    if last is None:
        raise NotMembersOnlyError
    shown = Revision.objects.filter(pk=last.data.get("revision")).first() or project.get_latest_revision()
    _show(shown, by)
    for revision in Revision.objects.filter(pk__in=last.data.get("alliances", [])).order_by("pk"):
        _show(revision, by)
    log(instance=ProjectPage.objects.get(pk=project.pk), action=RESTORE, user=by)


# --- whom it concerns -------------------------------------------------------------------------------------------------


def _members_only_plan(project: ProjectPage) -> Plan:
    """The plan, locked: of two steps at once, one waits for the other."""
    plan = Plan.objects.select_for_update().get(project=project.pk)
    if not is_for_members_now(ProjectPage.objects.get(pk=project.pk)):
        raise NotMembersOnlyError
    return plan


def is_for_members_now(project: ProjectPage) -> bool:
    """True while members and nobody else can read the plan."""
    return project.live and project.plan.is_members_only


def recipients(plan: Plan) -> list[str]:
    """Whoever reported it; if that person is no longer there, the people of the body."""
    project, person = ProjectPage.objects.get(pk=plan.project_id), plan.reported_by
    if person and person.is_active and project.permissions_for_user(person).can_edit():
        return [person.email]
    return [colleague.email for colleague in people_of(project.public_body)]
