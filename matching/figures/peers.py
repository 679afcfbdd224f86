"""Kommunen wie wir: what comparable municipalities use or run that one body does not.

Only what everybody may read counts. Few queries, however many municipalities there are; must not know how it is shown.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from pages.tree import parent_path_in_query
from projects.models import (
    Artefact,
    Association,
    BodyKind,
    BodyPage,
    District,
    FieldOfAction,
    Municipality,
    OzgField,
    Phase,
    ProjectPage,
    Reuse,
    State,
)
from projects.models.project import attach_bodies
from projects.models.register import CITY_KINDS

# From the pilot on, others can look at it.
RUNNING = (Phase.PILOT, Phase.OPERATION, Phase.TRANSFER)
# The most widespread ones; nobody reads further, and fields and artefacts are looked up for these.
OFFERS_MAX = 300
OFFERS_IN_A_GAP = 3


@dataclass(frozen=True)
class Group:
    """The units of the register a body is compared with: of its level, size class and kind."""

    register_field: str
    unit_id: int
    units: QuerySet[Municipality] | QuerySet[District] | QuerySet[Association] | QuerySet[State]
    # A city that is its own Kreis has other duties than a municipality that belongs to one.
    is_city_of_its_own: bool = False


@dataclass(frozen=True)
class Offer:
    """A project that comparable ones use or run, with who does."""

    project: ProjectPage
    using: int
    confirmed: int
    is_run_by_peer: bool
    artefacts: int


@dataclass(frozen=True)
class Gap:
    """A field in which comparable ones use or run something, and this one nothing."""

    name: str
    slug: str
    units: int
    offers: list[Offer]


@dataclass
class Spread:
    """Which units use or run one project."""

    using: set[int] = field(default_factory=set)
    confirmed: set[int] = field(default_factory=set)
    running: set[int] = field(default_factory=set)

    @property
    def units(self) -> set[int]:
        return self.using | self.running


def group_of(body: BodyPage, *, same_state: bool = False) -> Group | None:
    """Whom the body is compared with, in its Land only if asked; None for bodies without comparable ones."""
    if (municipality := body.municipality) is not None and municipality.size_class:
        of_size = Municipality.objects.current().filter(size_class=municipality.size_class, is_unincorporated=False)
        is_city = municipality.district.kind in CITY_KINDS
        cities = of_size.filter(district__kind__in=CITY_KINDS)
        units = cities if is_city else of_size.exclude(district__kind__in=CITY_KINDS)
        narrowed = units.filter(state=municipality.state_id) if same_state else units
        return Group("municipality", municipality.pk, narrowed, is_city_of_its_own=is_city)
    if body.kind == BodyKind.DISTRICT and body.district is not None:
        units = District.objects.current().exclude(kind__in=CITY_KINDS)
        return Group("district", body.district.pk, units.filter(state=body.district.state) if same_state else units)
    if body.kind == BodyKind.ASSOCIATION and body.association is not None:
        units = Association.objects.current()
        narrowed = units.filter(district__state=body.association.state) if same_state else units
        return Group("association", body.association.pk, narrowed)
    if body.is_land and body.state is not None and not same_state:
        return Group("state", body.state.pk, State.objects.current())
    return None


class Comparison:
    """What a group uses and runs, seen from one of its units."""

    def __init__(self, body: BodyPage, group: Group) -> None:
        self.body = body
        self.group = group
        spreads = _spreads(group)
        own = {pk for pk, spread in spreads.items() if group.unit_id in spread.units}
        own_pages = ProjectPage.objects.child_of(body).readable().exclude(phase=Phase.DISCONTINUED)
        self.own = own | set(own_pages.values_list("pk", flat=True))
        self.active_units = set().union(*(spread.units for spread in spreads.values())) - {group.unit_id}
        others = {pk: spread for pk, spread in spreads.items() if pk not in self.own}
        widest = sorted(others, key=lambda pk: (-len(others[pk].units), -pk))[:OFFERS_MAX]
        self._spreads = {pk: others[pk] for pk in widest}
        self._artefacts = _artefact_counts(widest)
        self._projects: dict[int, ProjectPage] = {}

    def ranked(self) -> list[int]:
        """The projects worth a look: what can be taken along first, then what most use; the newest of equals."""
        return sorted(
            self._spreads,
            key=lambda pk: (not self._artefacts.get(pk), -len(self._spreads[pk].units), -pk),
        )

    def gaps(self, *, beside: Iterable[int] = ()) -> tuple[list[Gap], list[Gap]]:
        """Themenfelder and Handlungsfelder without anything of this body's, those of most others first.

        `beside` are projects that are asked for as well, so that all are read at once.
        """
        known = [*self._spreads, *self.own]
        themes = self._gaps(_ozg_fields(known), OzgField.objects.in_bulk())
        actions = self._gaps(_fields_of_action(known), FieldOfAction.objects.in_bulk())
        self._load([*beside, *(pk for gap in (*themes, *actions) for pk in gap[2])])
        return self._shown(themes), self._shown(actions)

    def _gaps(
        self, projects_of: dict[int, set[int]], terms: dict[int, OzgField] | dict[int, FieldOfAction]
    ) -> list[tuple[OzgField | FieldOfAction, int, list[int]]]:
        """Term, number of units and the best offers of each field that is a gap."""
        ranked = self.ranked()
        found: list[tuple[OzgField | FieldOfAction, int, list[int]]] = []
        for term_id, members in projects_of.items():
            offered = [pk for pk in ranked if pk in members]
            if offered and not members & self.own:
                units = set().union(*(self._spreads[pk].units for pk in offered))
                found.append((terms[term_id], len(units), offered[:OFFERS_IN_A_GAP]))
        return sorted(found, key=lambda gap: (-gap[1], gap[0].name))

    def _shown(self, gaps: list[tuple[OzgField | FieldOfAction, int, list[int]]]) -> list[Gap]:
        return [Gap(term.name, term.slug, units, self.offers(numbers)) for term, units, numbers in gaps]

    def offers(self, numbers: Iterable[int]) -> list[Offer]:
        """Those projects as offers, in the same order."""
        wanted = list(numbers)
        self._load(wanted)
        return [self._offer(self._projects[pk]) for pk in wanted if pk in self._projects]

    def _load(self, numbers: Iterable[int]) -> None:
        missing = set(numbers) - set(self._projects)
        if missing:
            pages = list(ProjectPage.objects.filter(pk__in=missing).for_cards())
            attach_bodies(pages)
            self._projects |= {page.pk: page for page in pages}

    def _offer(self, project: ProjectPage) -> Offer:
        spread = self._spreads[project.pk]
        return Offer(
            project=project,
            using=len(spread.using),
            confirmed=len(spread.confirmed),
            is_run_by_peer=bool(spread.running),
            artefacts=self._artefacts.get(project.pk, 0),
        )


def _spreads(group: Group) -> dict[int, Spread]:
    """Which units of the group use or run which readable project, by the project's number."""
    readable = ProjectPage.objects.readable().order_by()
    unit = f"{group.register_field}_id"
    of_group = {f"{group.register_field}__in": group.units.order_by().values("pk")}
    found: dict[int, Spread] = defaultdict(Spread)
    offered = readable.exclude(phase=Phase.DISCONTINUED).values("pk")
    reuses = Reuse.objects.in_use().filter(project__in=offered, **of_group)
    for project, unit_id in reuses.values_list("project_id", unit):
        found[project].using.add(unit_id)
    for project, unit_id in reuses.confirmed().values_list("project_id", unit):
        found[project].confirmed.add(unit_id)
    bodies = BodyPage.objects.readable().filter(**of_group).order_by()
    unit_of = dict(bodies.values_list("path", unit))
    running = readable.filter(phase__in=RUNNING).annotate(parent_path=parent_path_in_query())
    for project, parent in running.filter(parent_path__in=bodies.values("path")).values_list("pk", "parent_path"):
        found[project].running.add(unit_of[parent])
    return found


def _artefact_counts(projects: Iterable[int]) -> dict[int, int]:
    counted = Artefact.objects.filter(project__in=list(projects)).order_by().values_list("project_id")
    return dict(counted.annotate(count=Count("pk")))


def _fields_of_action(projects: Iterable[int]) -> dict[int, set[int]]:
    """The numbers of the projects in each Handlungsfeld."""
    through = ProjectPage.fields_of_action.through.objects.filter(projectpage__in=list(projects))
    return _grouped(through.values_list("fieldofaction_id", "projectpage_id"))


def _ozg_fields(projects: Iterable[int]) -> dict[int, set[int]]:
    """The numbers of the projects in each Themenfeld, by their services and service keys."""
    wanted = list(projects)
    services = ProjectPage.ozg_services.through.objects.filter(projectpage__in=wanted)
    keys = ProjectPage.service_keys.through.objects.filter(projectpage__in=wanted, servicekey__service__isnull=False)
    by_service = services.values_list("ozgservice__field_id", "projectpage_id")
    return _grouped(by_service, keys.values_list("servicekey__service__field_id", "projectpage_id"))


def _grouped(*sources: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for source in sources:
        for term, project in source:
            found[term].add(project)
    return found
