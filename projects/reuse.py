"""Who uses a project, and what a unit uses of others: as lists for pages, in a fixed number of queries.

What was refused is never shown. Must not know who may declare or confirm.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.utils.translation import ngettext

from projects.models import BodyPage, ProjectPage, Reuse, ReuseClass, ReuseState, attach_bodies
from projects.models.body import REGISTER_FIELDS, RegisterReference
from projects.models.reuse import IN_USE, ReuseQuerySet, is_confirmed

# As many as a section of the project page holds; the rest has a page of its own.
SHOWN_WITH_PROJECT = 6
USERS_ON_A_PAGE = 50
USED_ON_A_PAGE = 24
MOST_ON_MAP = 600
# What helps others most comes first; what has been replaced is history.
ORDER = (ReuseState.PRODUCTIVE, ReuseState.PILOT, ReuseState.EXAMINING, ReuseState.REPLACED)


@dataclass(frozen=True)
class Summary:
    """How many units stand at each stage, and how many have said so themselves."""

    by_stage: dict[str, int]
    confirmed: int  # of those that try it out or use it

    @property
    def total(self) -> int:
        return sum(self.by_stage.values())

    @property
    def in_use(self) -> int:
        return self.by_stage[ReuseState.PRODUCTIVE] + self.by_stage[ReuseState.PILOT]

    @property
    def sentences(self) -> list[str]:
        """Each stage in words, without those nobody stands at."""
        counted = self.by_stage
        words = {
            ReuseState.PRODUCTIVE: ngettext("%d productive", "%d productive", counted[ReuseState.PRODUCTIVE]),
            ReuseState.PILOT: ngettext("%d as a pilot", "%d as a pilot", counted[ReuseState.PILOT]),
            ReuseState.EXAMINING: ngettext("%d examining", "%d examining", counted[ReuseState.EXAMINING]),
            ReuseState.REPLACED: ngettext("%d no longer", "%d no longer", counted[ReuseState.REPLACED]),
        }
        return [words[stage] % counted[stage] for stage in ORDER if counted[stage]]


def told_of(project: ProjectPage, *, for_members: bool) -> ReuseQuerySet:
    """What everybody may know of its reuse, or members; everything but what adopters have denied."""
    told: ReuseQuerySet = project.reuses.told()
    return told.readable_by_members() if for_members else told.readable()


def summary_of(project: ProjectPage, *, for_members: bool = False) -> Summary:
    """One count, however many there are."""
    valid = Q(stage__in=IN_USE) & is_confirmed()
    stages: dict[str, Any] = {stage.name.lower(): Count("pk", filter=Q(stage=stage)) for stage in ReuseState}
    counted = told_of(project, for_members=for_members).aggregate(confirmed=Count("pk", filter=valid), **stages)
    return Summary({stage: counted[stage.name.lower()] for stage in ReuseState}, counted["confirmed"])


def users_of(project: ProjectPage, *, for_members: bool = False) -> ReuseQuerySet:
    """Who uses it, those furthest first, confirmed before unconfirmed, then who has used it longest."""
    unconfirmed_last = Case(When(is_confirmed(), then=Value(0)), default=Value(1), output_field=IntegerField())
    told = told_of(project, for_members=for_members).with_units()
    return told.order_by(_rank(), unconfirmed_last, F("since").asc(nulls_last=True), "pk")


def _rank() -> Case:
    whens = [When(stage=stage, then=Value(rank)) for rank, stage in enumerate(ORDER)]
    return Case(*whens, default=Value(len(ORDER)), output_field=IntegerField())


def attach_pages(reuses: Iterable[Reuse]) -> None:
    """Give each its `body`: the public page of the adopter, or None; one query for all of them."""
    rows = list(reuses)
    wanted = Q(pk__in=())
    for row in rows:
        wanted |= _same_unit(row)
    pages = {unit_key(body): body for body in BodyPage.objects.readable().filter(wanted)} if rows else {}
    for row in rows:
        row.body = pages.get(unit_key(row))


def unit_key(row: RegisterReference) -> tuple[str, int] | None:
    """Which field refers to the unit, and its number."""
    for field in REGISTER_FIELDS:
        if (number := getattr(row, f"{field}_id")) is not None:
            return field, number
    return None


def _same_unit(row: RegisterReference) -> Q:
    found = unit_key(row)
    return Q(**{f"{found[0]}_id": found[1]}) if found else Q(pk__in=())


def used_by(body: BodyPage) -> ReuseQuerySet:
    """What the body's unit uses of others, as far as everybody may read about it, the furthest first."""
    projects = ProjectPage.objects.readable().order_by().values("pk")
    rows = Reuse.objects.current().readable().filter(_same_unit(body), project__in=projects)
    return rows.select_related("project").order_by(_rank(), F("since").desc(nulls_last=True), "pk")


def page_of_users(project: ProjectPage, number: Any, *, for_members: bool = False) -> Any:
    """One page of the whole list, each with the page of its body."""
    found = Paginator(users_of(project, for_members=for_members), USERS_ON_A_PAGE).get_page(number)
    found.object_list = list(found.object_list)
    attach_pages(found.object_list)
    return found


def page_of_used(body: BodyPage, number: Any) -> Any:
    """One page of what the body uses, each with the body whose project it is."""
    found = Paginator(used_by(body), USED_ON_A_PAGE).get_page(number)
    found.object_list = list(found.object_list)
    attach_bodies([row.project for row in found.object_list])
    return found


def on_map(project: ProjectPage, *, for_members: bool = False) -> list[Reuse]:
    """The units to draw: those of today, the furthest first; more points than this would only cover each other."""
    return list(users_of(project, for_members=for_members).current()[:MOST_ON_MAP])


def reusing_units() -> int:
    """How many units of the register use at least one public project of somebody else, by their own word."""
    projects = ProjectPage.objects.readable().order_by().values("pk")
    confirmed = Reuse.objects.in_use().confirmed().filter(project__in=projects).order_by()
    counted = confirmed.aggregate(**{field: Count(field, distinct=True) for field in REGISTER_FIELDS})
    return sum(counted.values())


def classes_of(pks: Collection[int]) -> dict[int, ReuseClass]:
    """For the search: the class of each of these projects; those nobody uses are left out. One query."""
    in_use = Reuse.objects.in_use().filter(project__in=pks).order_by().values("project")
    counted = in_use.annotate(total=Count("pk"), confirmed=Count("pk", filter=is_confirmed()))
    found = {row["project"]: ReuseClass.of(row["total"], row["confirmed"]) for row in counted}
    return {pk: reuse_class for pk, reuse_class in found.items() if reuse_class}
