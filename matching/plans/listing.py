"""What is planned, for members: public plans, and those only members can read."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import QueryDict

from pages.access import mark_members_only
from pages.tree import parent_path_in_query
from projects.models import BodyPage, FieldOfAction, Former, ProjectPage, State, attach_bodies
from projects.models.phase import PLANNED

PLANS_ON_A_PAGE = 24
VALUE_MAX_LENGTH = 150
ONLY_MEMBERS = "mitglieder"


@dataclass(frozen=True)
class PlanFilter:
    """What was chosen: slug of a field of action, key of a Land, and whether public plans are left out."""

    field: str = ""
    land: str = ""
    is_for_members: bool = False

    @classmethod
    def of(cls, data: QueryDict) -> "PlanFilter":
        field, land = (data.get(name, "").replace("\x00", "")[:VALUE_MAX_LENGTH] for name in ("handlungsfeld", "land"))
        field = Former.objects.lead_on(FieldOfAction, field)
        return cls(field, land, data.get("nur") == ONLY_MEMBERS)

    @property
    def query(self) -> str:
        """The beginning of the address of another page of the same list."""
        pairs = [("handlungsfeld", self.field), ("land", self.land), ("nur", ONLY_MEMBERS * self.is_for_members)]
        given = urlencode([(name, value) for name, value in pairs if value])
        return f"{given}&" if given else ""


def listed(chosen: PlanFilter, number: str | None) -> dict[str, Any]:
    """The page of the list with that number, with bodies and badges, and what can be chosen."""
    found = ProjectPage.objects.readable_by_members().filter(phase__in=PLANNED)
    if chosen.field:
        found = found.filter(fields_of_action__slug=chosen.field)
    if chosen.is_for_members:
        found = found.exclude(pk__in=ProjectPage.objects.readable().order_by().values("pk"))
    if chosen.land:
        # A project's place is the page above it.
        bodies = BodyPage.objects.in_state(chosen.land).values("path")
        found = found.annotate(above=parent_path_in_query()).filter(above__in=bodies)
    page = Paginator(found.order_by("-first_published_at", "-pk"), PLANS_ON_A_PAGE).get_page(number)
    projects = list(page.object_list)
    attach_bodies(projects)
    mark_members_only(projects)
    return {
        "page_obj": page,
        "projects": projects,
        "fields": FieldOfAction.objects.all(),
        "states": State.objects.current(),
    }
