"""What people find after logging in: the entries of their body with state and age, and what waits for whom."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageLogEntry, WorkflowState

from pages.access import mark_members_only
from people.models import TakeoverRequest, User
from projects.editor.completeness import Completeness, completeness
from projects.models import Artefact, BodyPage, Freshness, FreshnessState, ProjectPage

# What fits on a screen; the rest is in the list of pages.
PROJECTS_SHOWN = 10
QUESTIONS_SHOWN = 5
EVENTS_SHOWN = 6
# Autosave notes the same change again and again: this many rows hold enough different ones.
EVENTS_READ = 80
EVENTS_SINCE = timedelta(days=60)
# Changes in passing that say nothing to colleagues.
EVENTS_LEFT_OUT = ("wagtail.workflow.start", "wagtail.schedule.cancel", "wagtail.comments.create", "wagtail.rename")


class State(StrEnum):
    """Where an entry stands; the value is the end of a CSS class."""

    SENT_BACK = "back"
    IN_CHECK = "check"
    DRAFT = "draft"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    MEMBERS = "members"
    PUBLISHED = "published"

    @property
    def label(self) -> Any:
        return {
            State.SENT_BACK: _("Sent back"),
            State.IN_CHECK: _("Being checked"),
            State.DRAFT: _("Draft"),
            State.CHANGED: _("Published, changes not yet"),
            State.WITHDRAWN: _("No longer public"),
            State.MEMBERS: _("For members only"),
            State.PUBLISHED: _("Published"),
        }[self]


@dataclass(frozen=True)
class Line:
    """An entry with its state and, where it waits for somebody, since when."""

    project: ProjectPage
    state: State
    since: datetime | None = None
    comment: str = ""
    # Until when it is checked at the latest.
    due_on: date | None = None

    @property
    def freshness(self) -> Freshness | None:
        """None for what was never published."""
        return getattr(self.project, "freshness", None)

    @cached_property
    def completeness(self) -> Completeness:
        """Of the newest version, which is what its people go on with."""
        is_ahead = self.project.has_unpublished_changes
        return completeness(self.project.get_latest_revision_as_object() if is_ahead else self.project)


def line_of(project: ProjectPage) -> Line:
    """Needs the workflow states fetched along."""
    waiting = project.current_workflow_state
    if waiting is not None:
        task = waiting.current_task_state
        if waiting.status == WorkflowState.STATUS_NEEDS_CHANGES:
            return Line(project, State.SENT_BACK, task.finished_at if task else None, task.comment if task else "")
        review = getattr(task, "reviewstate", None)
        since = task.started_at if task else waiting.created_at
        return Line(project, State.IN_CHECK, since, due_on=review.due_on if review else None)
    if project.live and project.is_members_only:
        return Line(project, State.MEMBERS)
    if project.live:
        return Line(project, State.CHANGED if project.has_unpublished_changes else State.PUBLISHED)
    return Line(project, State.WITHDRAWN if project.first_published_at else State.DRAFT)


class Room:
    """One body, as its people see it."""

    def __init__(self, body: BodyPage, user: User) -> None:
        self.body, self._user = body, user

    @property
    def _projects(self) -> QuerySet[ProjectPage]:
        found: QuerySet[ProjectPage] = ProjectPage.objects.child_of(self.body)
        return found

    @cached_property
    def numbers(self) -> dict[str, int]:
        """How many entries are public, how many not yet, how many artefacts they offer, how many are in time."""
        is_public = Q(pk__in=ProjectPage.objects.child_of(self.body).readable().values("pk"))
        counted: dict[str, int] = self._projects.aggregate(
            total=Count("pk"),
            published=Count("pk", filter=is_public),
            confirmed=Count("pk", filter=is_public & Q(freshness__state=FreshnessState.CURRENT)),
        )
        artefacts = Artefact.objects.filter(project__in=self._projects.filter(is_public)).count()
        return {**counted, "unpublished": counted["total"] - counted["published"], "artefacts": artefacts}

    @cached_property
    def lines(self) -> list[Line]:
        """The entries somebody worked on last."""
        newest = _with_states(self._projects.select_related("freshness", "plan"))
        shown = list(newest.order_by("-latest_revision_created_at", "-pk")[:PROJECTS_SHOWN])
        mark_members_only(shown)
        return [line_of(project) for project in shown]

    @property
    def further(self) -> int:
        return max(self.numbers["total"] - PROJECTS_SHOWN, 0)

    @cached_property
    def events(self) -> list[PageLogEntry]:
        """What colleagues did lately, newest first, repeated saving counted once."""
        rows = (
            PageLogEntry.objects.filter(
                page__path__startswith=self.body.path, timestamp__gt=timezone.now() - EVENTS_SINCE
            )
            .exclude(user=self._user)
            .exclude(action__in=EVENTS_LEFT_OUT)
            .select_related("user", "page")
            .order_by("-timestamp", "-pk")
        )
        return list(_different(rows[:EVENTS_READ]))[:EVENTS_SHOWN]


def _different(rows: Iterable[PageLogEntry]) -> Iterator[PageLogEntry]:
    """Leaves out a row that says the same of the same page, by the same person, as a newer one."""
    seen = set()
    for row in rows:
        key = (row.page_id, row.user_id, row.action)
        if key not in seen:
            seen.add(key)
            yield row


@dataclass(frozen=True)
class Waiting:
    """What waits in a person's bodies: sent back and to be confirmed for the person, the rest for others."""

    sent_back: list[Line]
    in_check: list[Line]
    questions: list[Freshness]
    further_questions: int
    offers: list[TakeoverRequest]


def waiting_in(bodies: Sequence[BodyPage], user: User) -> Waiting:
    """Across all bodies of the person, longest waiting first."""
    lines = sorted(_lines_in_workflow(bodies), key=lambda line: line.since or timezone.now())
    asked = Freshness.objects.public().of_projects().exclude(state=FreshnessState.CURRENT)
    asked = asked.filter(_below(bodies, "page__")).select_related("page").order_by("review_due", "pk")
    questions = list(asked[:QUESTIONS_SHOWN])
    offers = TakeoverRequest.objects.undecided().filter(asked_by=user).select_related("project", "body")
    return Waiting(
        [line for line in lines if line.state == State.SENT_BACK],
        [line for line in lines if line.state == State.IN_CHECK],
        questions,
        max(asked.count() - len(questions), 0),
        list(offers),
    )


def _lines_in_workflow(bodies: Sequence[BodyPage]) -> list[Line]:
    content_type = ContentType.objects.get_for_model(ProjectPage)
    active = WorkflowState.objects.active().filter(content_type=content_type).values_list("object_id", flat=True)
    found = ProjectPage.objects.filter(_below(bodies), pk__in=[int(number) for number in active])
    return [line_of(project) for project in _with_states(found)]


def _with_states(projects: QuerySet[ProjectPage]) -> QuerySet[ProjectPage]:
    """Wagtail's own `prefetch_workflow_states` finds none for pages that are read as their type at once."""
    states = WorkflowState.objects.active().select_related("current_task_state__reviewstate")
    return projects.prefetch_related(
        Prefetch("_specific_workflow_states", queryset=states, to_attr="_current_workflow_states")
    )


def _below(bodies: Sequence[BodyPage], prefix: str = "") -> Q:
    condition = Q(pk__in=[])
    for body in bodies:
        condition |= Q(**{f"{prefix}path__startswith": body.path, f"{prefix}depth": body.depth + 1})
    return condition
