"""The list of alliances: each with who takes part, which services it is about and how far its timetable is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import QueryDict

from pages.access import mark_members_only
from pages.tree import parent_path, parent_path_in_query
from projects.models import AllianceMember, AlliancePage, AllianceStep, BodyPage, OzgField, ProjectPage, State
from projects.models.alliance import StepState

ALLIANCES_ON_A_PAGE = 20
# A key of the register of municipalities has two digits; more of an address is not looked at.
STATE_KEY_LENGTH = 2


@dataclass(frozen=True)
class Line:
    """One alliance as the list shows it. `lead` and `members` have their places."""

    page: AlliancePage
    lead: BodyPage
    members: Sequence[BodyPage]
    steps: Sequence[AllianceStep]
    fields: Sequence[OzgField]
    services: Sequence[str]

    @property
    def steps_done(self) -> int:
        return sum(step.state == StepState.DONE for step in self.steps)

    @property
    def next_step(self) -> AllianceStep | None:
        """What is under way, else what comes first of what lies ahead."""
        for state in (StepState.RUNNING, StepState.AHEAD):
            if found := next((step for step in self.steps if step.state == state), None):
                return found
        return None


def listed(data: QueryDict, *, for_members: bool) -> dict[str, Any]:
    """The page of the list that `data` asks for, newest first, and what can be chosen.

    Visitors get public alliances; what only members may read is neither shown to them nor counted.
    """
    found = AlliancePage.objects.all()
    found = found.readable_by_members() if for_members else found.readable()
    state = data.get("land", "").replace("\x00", "")[:STATE_KEY_LENGTH]
    if state:
        found = _in_state(found, state)
    page = Paginator(found.order_by("-first_published_at", "-pk"), ALLIANCES_ON_A_PAGE).get_page(data.get("seite"))
    return {
        "page_obj": page,
        "lines": lines_of(list(page.object_list)),
        "states": State.objects.current(),
        "chosen_state": state,
        "page_query": f"{urlencode({'land': state})}&" if state else "",
    }


def _in_state(found: Any, key: str) -> Any:
    """Alliances that a body of this Land leads or belongs to."""
    bodies = BodyPage.objects.in_state(key).order_by()
    members = AllianceMember.objects.filter(body__in=bodies.readable().values("pk")).order_by()
    above = found.annotate(above=parent_path_in_query())
    return above.filter(Q(above__in=bodies.values("path")) | Q(pk__in=members.values("alliance")))


def lines_of(pages: list[AlliancePage]) -> list[Line]:
    """One line for each page, in a fixed number of queries; sets `is_members_only` of the pages."""
    mark_members_only(pages)
    leads = _leads(pages)
    members, projects = _members(pages), _projects(pages)
    steps: dict[int, list[AllianceStep]] = defaultdict(list)
    for step in AllianceStep.objects.filter(alliance__in=pages).order_by("sort_order", "pk"):
        steps[step.alliance_id].append(step)
    lines = []
    for page in pages:
        lead = leads[parent_path(page.path)]
        others = [body for body in dict.fromkeys(members[page.pk]) if body != lead]
        lines.append(Line(page, lead, others, steps[page.pk], _fields(projects[page.pk]), _services(projects[page.pk])))
    return lines


def _leads(pages: Iterable[AlliancePage]) -> dict[str, BodyPage]:
    paths = {parent_path(page.path) for page in pages}
    return {body.path: body for body in BodyPage.objects.with_places().filter(path__in=paths).order_by()}


def _members(pages: Iterable[AlliancePage]) -> dict[int, list[BodyPage]]:
    """Readable bodies of each alliance, in the editor's order."""
    rows = list(AllianceMember.objects.filter(alliance__in=pages).order_by("sort_order", "pk"))
    bodies = BodyPage.objects.readable().with_places().order_by().in_bulk({row.body_id for row in rows})
    found: dict[int, list[BodyPage]] = defaultdict(list)
    for row in rows:
        if row.body_id in bodies:
            found[row.alliance_id].append(bodies[row.body_id])
    return found


def _projects(pages: Iterable[AlliancePage]) -> dict[int, list[ProjectPage]]:
    """Of each alliance what its own page shows: public projects, on a page for members also theirs."""
    closed = {page.pk: page.is_members_only for page in pages}
    pairs = AlliancePage.projects.through.objects.filter(alliancepage__in=closed).order_by("pk")
    numbers = list(pairs.values_list("alliancepage", "projectpage"))
    readable = ProjectPage.objects.readable_by_members().filter(pk__in={project for _page, project in numbers})
    shown = {
        page.pk: page
        for page in readable.order_by().prefetch_related("ozg_services__field", "service_keys__service__field")
    }
    mark_members_only(shown.values())
    found: dict[int, list[ProjectPage]] = defaultdict(list)
    for alliance, number in numbers:
        project = shown.get(number)
        if project and (closed[alliance] or not project.is_members_only):
            found[alliance].append(project)
    return found


def _fields(projects: Iterable[ProjectPage]) -> list[OzgField]:
    fields = {field for project in projects for field in project.ozg_fields}
    return sorted(fields, key=lambda field: (field.sort_order, field.name))


def _services(projects: Iterable[ProjectPage]) -> list[str]:
    """Names of the OZG services, without repetition, by the alphabet."""
    return sorted({service.name for project in projects for service in project.ozg_services.all()})
