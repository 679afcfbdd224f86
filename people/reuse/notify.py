"""Notifies people of a reuse: letters to both sides, and the history of the project.

What follows from a plan is told to those who may read the plan, when it appears to them.
"""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log

from people.cooperation.following import audience_of, newly_told, those_who_may_know
from people.cooperation.partners import owner_addresses
from people.day_limits import happened_today
from people.mail.letters import write
from people.models import User
from people.reuse.links import LINKS, link_to
from people.teams.membership import absolute
from people.teams.teams import owners_of
from people.teams.units import page_of
from projects.models import ProjectPage, Reuse, ToldTo

DECLARED, CLAIMED, CONFIRMED = "dsr.reuse_declared", "dsr.reuse_claimed", "dsr.reuse_confirmed"
CHANGED, REFUSED, REMOVED = "dsr.reuse_changed", "dsr.reuse_refused", "dsr.reuse_removed"
# Of what the adopter changes again and again, the project's people get so many letters; the page says how it is.
TOLD_A_DAY = 3


def people_of_unit(unit: Any) -> list[User]:
    """Whom to ask: the unit's own people, or those who act for it while it has none."""
    body = page_of(unit)
    return owners_of(body) if body else []


def ask(reuse: Reuse) -> int:
    """Ask the adopter's people whether it is true; returns how many letters were written, none without people."""
    people = people_of_unit(reuse.unit)
    for person in people:
        context = {**_context(reuse), "url": LINKS.url(link_to(reuse, person)), "owner": reuse.project.public_body}
        write("reuse_claimed", [person.email], context)
    if people:
        Reuse.objects.filter(pk=reuse.pk).update(asked_at=timezone.now())
    return len(people)


def tell_owner(reuse: Reuse, by: User, what: str, reason: str = "") -> None:
    is_news_again = happened_today(reuse.project, DECLARED, CONFIRMED, CHANGED, unit=reuse.name) > TOLD_A_DAY
    if is_news_again and what != "refused":
        return
    to = those_who_may_know(reuse, _owner_addresses(reuse, by))
    write(f"reuse_{what}", to, {**_context(reuse), "reason": reason, "url": _users_url(reuse)})


def _owner_addresses(reuse: Reuse, by: User | None) -> list[str]:
    """Without whoever says it."""
    own = by.email.lower() if by else ""
    return [address for address in owner_addresses(reuse.project) if address.lower() != own]


def _users_url(reuse: Reuse) -> str:
    return absolute(reverse("reuses", args=[reuse.project_id]))


def _context(reuse: Reuse) -> dict[str, Any]:
    return {"reuse": reuse, "name": reuse.name, "project": reuse.project}


def tell_of_examination(found: Reuse) -> None:
    """Write to the project's people who examines it because of a plan, as soon as they may know of it; once everybody
    may, it stands in the project's history too."""
    was_public, person = found.told_to == ToldTo.EVERYBODY, found.declared_by
    if to := newly_told(found, _owner_addresses(found, person)):
        write("reuse_declared", to, _context(found) | {"url": _users_url(found)})
    if found.told_to == ToldTo.EVERYBODY and not was_public:
        note(found, DECLARED, person)


def tell_what_follows(plan: ProjectPage) -> None:
    """The plan has appeared to somebody: so has what it said."""
    said = Reuse.objects.filter(plans=plan.pk, is_own_word=False).exclude(told_to=ToldTo.EVERYBODY)
    for found in said.with_units().select_related("project", "declared_by").order_by("pk"):
        tell_of_examination(found)


def note(reuse: Reuse, action: str, by: User | None) -> None:
    """In the history of the project, which stays when a plan is withdrawn: so not of what follows from one for some."""
    if audience_of(reuse) == ToldTo.EVERYBODY:
        log(instance=reuse.project, action=action, user=by, data={"unit": reuse.name})


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
