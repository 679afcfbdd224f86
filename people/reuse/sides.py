"""Who stands on which side of a use: the unit that uses a project, and the people whose project it is."""

from typing import Any

from django.db.models import Q

from people.models import User
from people.rights import is_staff
from people.teams.teams import bodies_of
from projects.models import Association, BodyPage, District, Municipality, ProjectPage, Reuse, State
from projects.models.body import REGISTER_FIELDS
from projects.models.register import RegisterUnit
from projects.models.reuse import ReuseQuerySet

REFERENCES: dict[type[RegisterUnit], str] = {
    Municipality: "municipality",
    District: "district",
    Association: "association",
    State: "state",
}


def of_unit(project: ProjectPage, unit: Any) -> Reuse | None:
    """What is known about the unit's use of the project, refused claims included."""
    found: Reuse | None = Reuse.objects.filter(project=project, **{REFERENCES[type(unit)]: unit}).first()
    return found


def speaks_for(user: User, unit: Any) -> bool:
    """True for the unit's people, those of a body that acts for it included."""
    return bodies_of(user).filter(**{REFERENCES[type(unit)]: unit}).exists()


def may_claim(user: User, project: ProjectPage) -> bool:
    """True for the people of the body whose project it is, and for the staff."""
    return is_staff(user) or bodies_of(user).filter(pk=project.public_body.pk).exists()


def may_remove(user: User, reuse: Reuse) -> bool:
    """The adopter and the staff at any time, the provider as long as the adopter has said nothing."""
    if is_staff(user) or speaks_for(user, reuse.unit):
        return True
    return reuse.confirmed_at is None and reuse.refused_at is None and may_claim(user, reuse.project)


def adopting_bodies(user: User, project: ProjectPage) -> list[BodyPage]:
    """The person's bodies that could use the project: those of the register, without the one whose project it is."""
    mine = bodies_of(user).exclude(pk=project.public_body.pk)
    return [body for body in mine if body.unit is not None and not is_own(project, body.unit)]


def is_own(project: ProjectPage, unit: Any) -> bool:
    """Whether it is the project of the unit itself, which does not reuse it."""
    return bool(project.public_body.unit == unit)


def waiting_for(user: User) -> ReuseQuerySet:
    """Claims this person's bodies have not answered yet, oldest first."""
    units = Q(pk__in=())
    for body in bodies_of(user):
        for field in REGISTER_FIELDS:
            if number := getattr(body, f"{field}_id"):
                units |= Q(**{field: number})
    open_claims = Reuse.objects.unanswered().readable_by_members().filter(units)
    return open_claims.select_related("project").with_units().order_by("declared_at", "pk")
