"""What the people of a plan decide about what is like it, once for each pair, and what follows from it.

join ── interest in taking part, told to the other body    reuse ── the body examines whether it uses the project
watch ── letters when the project moves on                 anyway ── nothing but the reason, for readers of the plan

All of it is read by those who may read the plan; see `projects.models.following`. A second thought replaces the first:
what followed from that is taken back.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log

from matching.models import DecisionKind, OverlapDecision, Watch
from matching.models.decision import SUBJECTS
from pages.access import readable_for
from pages.keys import key_in
from people.admin_site.visibility import titles_for
from people.cooperation import partners
from people.day_limits import TooOftenError
from people.models import User
from people.reuse import uses as reuse
from projects.models import CentralSolution, OzgField, ProjectPage

DECIDE = "dsr.decide_about_similar"

# A project, what somebody builds for all, or a Themenfeld that somebody leads.
Subject = ProjectPage | CentralSolution | OzgField

# In names of fields of forms.
KINDS = {ProjectPage: "projekt", CentralSolution: "loesung", OzgField: "themenfeld"}
# The column of a decision.
COLUMNS = dict(zip((ProjectPage, CentralSolution, OzgField), SUBJECTS, strict=True))


@dataclass(frozen=True)
class Answer:
    """What somebody decided: the reason is for everybody, the remark for colleagues and the centre."""

    kind: DecisionKind
    reason: str = ""
    remark: str = ""


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(DECIDE, _("Decide about something similar"), _("Decided about something similar"))


def key_of(subject: Subject) -> str:
    """A name of the project, central solution or Themenfeld for fields of forms."""
    return f"{KINDS[type(subject)]}-{subject.pk}"


def subject_of(key: str) -> Subject | None:
    """What `key_of` named, as far as members may read it."""
    kind, _dash, number = key.partition("-")
    if (pk := key_in(number)) is None:
        return None
    if kind == KINDS[ProjectPage]:
        page: ProjectPage | None = ProjectPage.objects.readable_by_members().filter(pk=pk).first()
        return page
    if kind == KINDS[CentralSolution]:
        return CentralSolution.objects.filter(pk=pk).first()
    return OzgField.objects.filter(pk=pk).first() if kind == KINDS[OzgField] else None


def decisions_of(project: ProjectPage) -> dict[str, OverlapDecision]:
    """What was decided for the plan, by `key_of` what it is about."""
    rows = OverlapDecision.objects.filter(project=project.pk).select_related(*SUBJECTS)
    return {key_of(row.subject): row for row in rows}


@transaction.atomic
def decide(
    project: ProjectPage, subject: Subject, answer: Answer, by: User, evidence: Sequence[dict[str, str]] = ()
) -> OverlapDecision:
    """Keep the decision with the reasons that were shown, and do what follows from it.

    Raises ValidationError for a decision to build it anyway that says no reason.
    """
    # Locked, so that two colleagues who decide at once do not both act.
    ProjectPage.objects.select_for_update(of=("self",)).get(pk=project.pk)
    about: dict[str, Any] = {COLUMNS[type(subject)]: subject}
    row = OverlapDecision.objects.filter(project=project.pk, **about).first()
    former = DecisionKind(row.kind) if row else None
    row = row or OverlapDecision(project_id=project.pk, **about)
    row.kind, row.reason, row.remark = answer.kind, answer.reason, answer.remark
    row.evidence, row.decided_by, row.decided_at = list(evidence), by, timezone.now()
    row.clean()
    row.save()
    log(instance=project, action=DECIDE, user=by, data={"kind": str(answer.kind), "about": str(subject)})
    if isinstance(subject, ProjectPage) and former != answer.kind:
        _take_back(project, subject, former, by)
        _follow(project, subject, answer, by)
    return row


def _follow(project: ProjectPage, other: ProjectPage, answer: Answer, by: User) -> None:
    body = project.public_body
    if answer.kind == DecisionKind.JOIN:
        # The form has said so; of two colleagues who answer at once, one asks.
        with suppress(TooOftenError):
            partners.express_interest(other, body, by, answer.reason, plan=project)
    elif answer.kind == DecisionKind.REUSE:
        reuse.examine(other, body.unit, by, project)
    elif answer.kind == DecisionKind.WATCH:
        watch, _is_new = Watch.objects.get_or_create(user=by, project=other, defaults={"is_own_word": False})
        if not watch.is_own_word:
            watch.plans.add(project)


def _take_back(project: ProjectPage, other: ProjectPage, former: DecisionKind | None, by: User) -> None:
    """Only what nobody has built upon: a partnership that was assured and a use that went on stay."""
    if former == DecisionKind.JOIN:
        partners.take_back(other, project, by)
    elif former == DecisionKind.REUSE:
        reuse.take_back(other, project, by)
    elif former == DecisionKind.WATCH:
        Watch.objects.only_because_of(project).filter(user=by, project=other).delete()
        for watch in Watch.objects.filter(user=by, project=other, plans=project.pk):
            watch.plans.remove(project)


def kinds_for(subject: Subject, project_body: Any) -> list[DecisionKind]:
    """What can be decided: who runs something for all is used or not, who leads is asked or not; what has ended,
    or is developed alone, cannot be joined."""
    if isinstance(subject, CentralSolution):
        return [DecisionKind.REUSE, DecisionKind.ANYWAY]
    if isinstance(subject, OzgField):
        return [DecisionKind.JOIN, DecisionKind.ANYWAY]
    is_open = bool(subject.road_map) and not subject.is_built_alone
    can_join = is_open and subject.public_body != project_body
    can_reuse = project_body.unit is not None and project_body.unit != subject.public_body.unit
    kinds = [DecisionKind.JOIN] if can_join else []
    kinds += [DecisionKind.REUSE] if can_reuse else []
    return [*kinds, DecisionKind.WATCH, DecisionKind.ANYWAY]


def readable_decisions(project: ProjectPage, request: HttpRequest) -> list[OverlapDecision]:
    """Those whose subject whoever asks may read: a plan that is not public yet is not named to visitors."""
    rows = list(OverlapDecision.objects.filter(project=project.pk).select_related(*SUBJECTS))
    others = {row.other_id for row in rows if row.other_id}
    if others:
        others = set(readable_for(request, ProjectPage.objects.filter(pk__in=others)).values_list("pk", flat=True))
    return [row for row in rows if row.other_id is None or row.other_id in others]


def personal_data(user: User) -> dict[str, Any]:
    """Receiver of `people.privacy.personal_data.HOOK`: what the person has decided."""
    rows = OverlapDecision.objects.filter(decided_by=user).select_related("project", *SUBJECTS)
    titles = titles_for(user, [number for row in rows for number in (row.project_id, row.other_id) if number])
    return {
        "decisions_about_similar": [
            {
                "at": row.decided_at.isoformat(),
                "project": titles[row.project_id],
                "about": titles[row.other_id] if row.other_id else str(row.subject),
                "decision": row.kind,
                "reason": row.reason,
                "remark": row.remark,
            }
            for row in rows
        ]
    }
