"""Who uses a project: the adopter says so itself, or the provider claims it and the adopter answers.

Only the adopter confirms, changes and ends; both sides are told what the other has done. Must not know about pages of
the site or of the admin.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log

from people import reuse_links
from people.day_limits import TooOftenError, happened_today
from people.letters import write
from people.membership import absolute
from people.models import User
from people.partners import owner_addresses
from people.rights import is_staff
from people.teams import bodies_of, owners_of
from people.units import page_of, today
from projects.models import Association, BodyPage, District, Municipality, ProjectPage, Reuse, ReuseState, State
from projects.models.body import REGISTER_FIELDS
from projects.models.register import RegisterUnit
from projects.models.reuse import ReuseQuerySet

REFERENCES: dict[type[RegisterUnit], str] = {
    Municipality: "municipality",
    District: "district",
    Association: "association",
    State: "state",
}
DECLARED, CLAIMED, CONFIRMED = "dsr.reuse_declared", "dsr.reuse_claimed", "dsr.reuse_confirmed"
CHANGED, REFUSED, REMOVED = "dsr.reuse_changed", "dsr.reuse_refused", "dsr.reuse_removed"
# Claiming and taking back writes to the adopter's people each time.
CLAIMED_A_DAY = 3
# Of what the adopter changes again and again, the project's people get so many letters; the page says how it is.
TOLD_A_DAY = 3


class NoAdopterError(ValueError):
    """A body that stands in no register, or the one whose project it is."""


class RefusedError(ValueError):
    """The adopter has said that it does not use the project; only the adopter can say otherwise."""


class AnsweredError(Exception):
    """The adopter has answered in the meantime."""


@dataclass(frozen=True)
class Told:
    """What an adopter tells about its use; effort in person-days, cost in euro."""

    stage: str = ReuseState.EXAMINING
    since: datetime.date | None = None
    person_days: int | None = None
    cost: int | None = None
    changes: str = ""


@transaction.atomic
def declare(
    project: ProjectPage,
    unit: RegisterUnit | None,
    by: User,
    stage: str = ReuseState.EXAMINING,
    *,
    told: Told | None = None,
) -> Reuse:
    """Note that the unit uses the project; `told` says more than the stage alone.

    Said by somebody who speaks for the unit, it is confirmed at once and the project's people are told. Said by the
    project's people, it is a claim, and the unit's people are asked. What the unit itself has said before stays.
    Raises NoAdopterError, RefusedError, TooOftenError, and PermissionDenied for people of neither side.
    """
    if unit is None or _is_own(project, unit := today(unit)):
        raise NoAdopterError
    told = told or Told(stage=stage)
    is_adopter = speaks_for(by, unit)
    if not is_adopter and not may_claim(by, project):
        raise PermissionDenied
    # Locked, so that two people who declare the same at once do not both find nothing.
    ProjectPage.objects.select_for_update(of=("self",)).get(pk=project.pk)
    found = of_unit(project, unit)
    if is_adopter:
        return found if found and found.is_confirmed and found.is_current else _declared(project, unit, by, told, found)
    if found and found.refused_at:
        raise RefusedError
    return found or _claimed(project, unit, by, told)


def _declared(project: ProjectPage, unit: RegisterUnit, by: User, told: Told, found: Reuse | None) -> Reuse:
    reuse = found or Reuse(project=project, **{REFERENCES[type(unit)]: unit})
    # A claim stays declared when it was; one that was refused or has ended begins anew.
    if found is None or not found.is_current:
        reuse.declared_by, reuse.declared_at = by, timezone.now()
    _take(reuse, told)
    _say_yes(reuse, by, DECLARED)
    _tell_owner(reuse, by, "declared")
    return reuse


def _claimed(project: ProjectPage, unit: RegisterUnit, by: User, told: Told) -> Reuse:
    """What it took is the adopter's to tell. Raises TooOftenError."""
    if happened_today(project, CLAIMED, unit=str(unit.titled_name)) >= CLAIMED_A_DAY:
        raise TooOftenError
    reuse = Reuse(project=project, declared_by=by, stage=told.stage, since=told.since)
    setattr(reuse, REFERENCES[type(unit)], unit)
    reuse.save()
    _note(reuse, CLAIMED, by)
    ask(reuse)
    return reuse


def confirm(reuse: Reuse, by: User) -> Reuse:
    """The adopter says: it is as it stands here. Holds for a year. Raises AnsweredError for what was refused."""
    with transaction.atomic():
        found = _locked(reuse)
        if found.refused_at:
            raise AnsweredError
        was_open = found.confirmed_at is None
        _say_yes(found, by, CONFIRMED)
        if was_open:
            _tell_owner(found, by, "confirmed")
        return found


def change(reuse: Reuse, by: User, told: Told) -> Reuse:
    """The adopter says how it is now; the project's people are told of another stage."""
    with transaction.atomic():
        found = _locked(reuse)
        is_news = found.stage != told.stage or found.confirmed_at is None
        _take(found, told)
        _say_yes(found, by, CHANGED)
        if is_news:
            _tell_owner(found, by, "changed")
        return found


def end(reuse: Reuse, by: User) -> Reuse:
    """The adopter uses it no longer; what was said about it stays."""
    kept = Told(ReuseState.REPLACED, reuse.since, reuse.person_days, reuse.cost, reuse.changes)
    return change(reuse, by, kept)


def refuse(reuse: Reuse, by: User, reason: str = "") -> Reuse:
    """The adopter does not use it and never did: it is shown nowhere any more, and the claim cannot be repeated.

    The reason goes to the project's people and is kept nowhere. Raises AnsweredError for what was confirmed before.
    """
    with transaction.atomic():
        found = _locked(reuse)
        if found.confirmed_at or found.refused_at:
            raise AnsweredError
        found.refused_at = timezone.now()
        found.save(update_fields=["refused_at"])
        _note(found, REFUSED, by)
        _tell_owner(found, by, "refused", reason)
        return found


def remove(reuse: Reuse, by: User) -> None:
    """Take back what was declared by mistake: either side's own word, as `may_remove` says."""
    with transaction.atomic():
        found = _locked(reuse)
        _note(found, REMOVED, by)
        found.delete()


def hand_over(former: Municipality, successor: Municipality) -> None:
    """After a municipal reform the successor uses what the former did; what it had said itself stays."""
    for found in Reuse.objects.filter(municipality=former).select_related("project"):
        if _is_own(found.project, successor) or of_unit(found.project, successor):
            found.delete()
        else:
            found.municipality = successor
            found.save()


def forget_own(project: ProjectPage) -> None:
    """Who takes a project over uses its own from then on, which is no reuse."""
    if (unit := project.public_body.unit) and (found := of_unit(project, unit)):
        found.delete()


def _locked(reuse: Reuse) -> Reuse:
    return Reuse.objects.select_for_update(of=("self",)).with_units().select_related("project").get(pk=reuse.pk)


def _take(reuse: Reuse, told: Told) -> None:
    reuse.stage, reuse.since = told.stage, told.since
    reuse.person_days, reuse.cost, reuse.changes = told.person_days, told.cost, told.changes


def _say_yes(reuse: Reuse, by: User, action: str) -> None:
    reuse.confirmed_by, reuse.confirmed_at = by, timezone.now()
    reuse.refused_at = reuse.asked_at = reuse.lapsed_at = None
    reuse.save()
    _note(reuse, action, by)


def _note(reuse: Reuse, action: str, by: User) -> None:
    log(instance=reuse.project, action=action, user=by, data={"unit": reuse.name})


# --- who is who -------------------------------------------------------------------------------------------------------


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
    return [body for body in mine if body.unit is not None and not _is_own(project, body.unit)]


def people_of_unit(unit: Any) -> list[User]:
    """Whom to ask: the unit's own people, or those who act for it while it has none."""
    body = page_of(unit)
    return owners_of(body) if body else []


def _is_own(project: ProjectPage, unit: Any) -> bool:
    return bool(project.public_body.unit == unit)


def waiting_for(user: User) -> ReuseQuerySet:
    """Claims this person's bodies have not answered yet, oldest first."""
    units = Q(pk__in=())
    for body in bodies_of(user):
        for field in REGISTER_FIELDS:
            if number := getattr(body, f"{field}_id"):
                units |= Q(**{field: number})
    return Reuse.objects.unanswered().filter(units).select_related("project").with_units().order_by("declared_at", "pk")


# --- letters ----------------------------------------------------------------------------------------------------------


def ask(reuse: Reuse) -> int:
    """Ask the adopter's people whether it is true; returns how many letters were written, none without people."""
    people = people_of_unit(reuse.unit)
    for person in people:
        context = {**_context(reuse), "url": reuse_links.address(reuse, person), "owner": reuse.project.public_body}
        write("reuse_claimed", [person.email], context)
    if people:
        Reuse.objects.filter(pk=reuse.pk).update(asked_at=timezone.now())
    return len(people)


def _tell_owner(reuse: Reuse, by: User, what: str, reason: str = "") -> None:
    is_news_again = happened_today(reuse.project, DECLARED, CONFIRMED, CHANGED, unit=reuse.name) > TOLD_A_DAY
    if is_news_again and what != "refused":
        return
    to = [address for address in owner_addresses(reuse.project) if address.lower() != by.email.lower()]
    url = absolute(reverse("reuses", args=[reuse.project_id]))
    write(f"reuse_{what}", to, {**_context(reuse), "reason": reason, "url": url})


def _context(reuse: Reuse) -> dict[str, Any]:
    return {"reuse": reuse, "name": reuse.name, "project": reuse.project}


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    for action, label, text in (
        (DECLARED, _("Declare reuse"), _("A municipality told that it uses the project")),
        (CLAIMED, _("Claim reuse"), _("Told who else uses the project")),
        (CONFIRMED, _("Confirm reuse"), _("A municipality confirmed that it uses the project")),
        (CHANGED, _("Change reuse"), _("A municipality changed what it says about its use")),
        (REFUSED, _("Refuse reuse"), _("A municipality said that it does not use the project")),
        (REMOVED, _("Remove reuse"), _("Took back that a municipality uses the project")),
    ):
        actions.register_action(action, label, text)
