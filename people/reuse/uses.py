"""Who uses a project: the adopter says so itself, or the provider claims it and the adopter answers.

Only the adopter confirms, changes and ends; both sides are told what the other has done. Must not know about pages of
the site or of the admin.
"""

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from people.cooperation.following import audience_of
from people.day_limits import TooOftenError, happened_today
from people.models import User
from people.reuse.notify import (
    CHANGED,
    CLAIMED,
    CONFIRMED,
    DECLARED,
    REFUSED,
    REMOVED,
    TOLD_A_DAY,
    ask,
    note,
    tell_of_examination,
    tell_owner,
)
from people.reuse.sides import REFERENCES, is_own, may_claim, of_unit, speaks_for
from people.teams.units import today
from projects.models import (
    Municipality,
    ProjectPage,
    Reuse,
    ReuseState,
    ToldTo,
)
from projects.models.register import RegisterUnit

# Claiming and taking back writes to the adopter's people each time.
CLAIMED_A_DAY = 3


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
    if unit is None or is_own(project, unit := today(unit)):
        raise NoAdopterError
    told = told or Told(stage=stage)
    is_adopter = speaks_for(by, unit)
    if not is_adopter and not may_claim(by, project):
        raise PermissionDenied
    # Locked, so that two people who declare the same at once do not both find nothing.
    ProjectPage.objects.select_for_update(of=("self",)).get(pk=project.pk)
    found = of_unit(project, unit)
    if is_adopter:
        is_said = found and found.is_confirmed and found.is_current and found.is_own_word
        return found if found and is_said else _declared(project, unit, by, told, found)
    if found and found.refused_at:
        raise RefusedError
    if found and audience_of(found) == ToldTo.NOBODY:
        found.delete()  # what a plan said that nobody may read any more gives way to what is said openly
        found = None
    return found or _claimed(project, unit, by, told)


@transaction.atomic
def examine(project: ProjectPage, unit: RegisterUnit | None, by: User, plan: ProjectPage) -> None:
    """Note that the unit examines the project because of its plan, for those who may read the plan.

    What is known of the unit's use otherwise stays as it is, claims included. Raises NoAdopterError.
    """
    if unit is None or is_own(project, unit := today(unit)):
        raise NoAdopterError
    ProjectPage.objects.select_for_update(of=("self",)).get(pk=project.pk)
    found = of_unit(project, unit)
    if found and found.is_own_word:
        return
    if found is None:
        found = Reuse(project=project, is_own_word=False, declared_by=by, **{REFERENCES[type(unit)]: unit})
        if speaks_for(by, unit):  # to the centre, which decides for others, the unit's own word is still to come
            found.confirmed_by, found.confirmed_at = by, timezone.now()
        found.save()
    found.plans.add(plan)
    if happened_today(plan, DECLARED, project=project.pk) < TOLD_A_DAY:
        tell_of_examination(found)
        log(instance=plan, action=DECLARED, user=by, data={"project": project.pk})


def take_back(project: ProjectPage, plan: ProjectPage, by: User) -> None:
    """The plan's people think otherwise: it goes, unless it was said otherwise as well."""
    alone = Reuse.objects.only_because_of(plan).filter(project=project)
    for found in list(alone):
        remove(found, by)
    for found in Reuse.objects.filter(project=project, plans=plan.pk):
        found.plans.remove(plan)


def _declared(project: ProjectPage, unit: RegisterUnit, by: User, told: Told, found: Reuse | None) -> Reuse:
    reuse = found or Reuse(project=project, **{REFERENCES[type(unit)]: unit})
    # A claim stays declared when it was; one that was refused or has ended begins anew.
    if found is None or not found.is_current:
        reuse.declared_by, reuse.declared_at = by, timezone.now()
    _take(reuse, told)
    reuse.is_own_word = True
    _say_yes(reuse, by, DECLARED)
    tell_owner(reuse, by, "declared")
    return reuse


def _claimed(project: ProjectPage, unit: RegisterUnit, by: User, told: Told) -> Reuse:
    """What it took is the adopter's to tell. Raises TooOftenError."""
    if happened_today(project, CLAIMED, unit=str(unit.titled_name)) >= CLAIMED_A_DAY:
        raise TooOftenError
    reuse = Reuse(project=project, declared_by=by, stage=told.stage, since=told.since)
    setattr(reuse, REFERENCES[type(unit)], unit)
    reuse.save()
    note(reuse, CLAIMED, by)
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
            tell_owner(found, by, "confirmed")
        return found


def change(reuse: Reuse, by: User, told: Told) -> Reuse:
    """The adopter says how it is now, for itself; the project's people are told of another stage."""
    with transaction.atomic():
        found = _locked(reuse)
        is_news = found.stage != told.stage or found.confirmed_at is None
        _take(found, told)
        found.is_own_word = True
        _say_yes(found, by, CHANGED)
        if is_news:
            tell_owner(found, by, "changed")
        return found


def end(reuse: Reuse, by: User) -> Reuse:
    """The adopter uses it no longer; what was said about it stays, unless only a plan said it."""
    if not reuse.is_own_word:
        remove(reuse, by)
        return reuse
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
        note(found, REFUSED, by)
        tell_owner(found, by, "refused", reason)
        return found


def remove(reuse: Reuse, by: User) -> None:
    """Take back what was declared by mistake: either side's own word, as `may_remove` says."""
    with transaction.atomic():
        found = _locked(reuse)
        note(found, REMOVED, by)
        found.delete()


def hand_over(former: Municipality, successor: Municipality) -> None:
    """After a municipal reform the successor uses what the former did; what it had said itself stays."""
    for found in Reuse.objects.filter(municipality=former).select_related("project"):
        own = of_unit(found.project, successor)
        if is_own(found.project, successor) or (own and (own.is_own_word or not found.is_own_word)):
            if own:
                own.take_in(found)
            found.delete()
        else:
            if own:
                found.take_in(own)
                own.delete()
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
    note(reuse, action, by)
