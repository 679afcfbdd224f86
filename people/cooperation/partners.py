"""Bodies that take part in another body's project: one asks, the owner's people decide, either side may end it.

Must not know about pages of the site or of the admin.
"""

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, log

from people.cooperation.following import audience_of, newly_told, those_who_may_know
from people.day_limits import TooOftenError, happened_today
from people.mail.letters import write
from people.models import User
from people.rights import is_staff
from people.teams.membership import absolute, staff_addresses
from people.teams.teams import bodies_of, owners_of
from projects.models import BodyPage, Partnership, PartnerState, ProjectPage, ToldTo
from projects.models.partner import CURRENT, PartnershipQuerySet

# What the history of the project calls each step.
ACTIONS = {
    PartnerState.INTERESTED: "dsr.partner_interested",
    PartnerState.ASSURED: "dsr.partner_assured",
    PartnerState.DECLINED: "dsr.partner_declined",
    PartnerState.WITHDRAWN: "dsr.partner_withdrawn",
}

# Asking and withdrawing writes to the project's people each time. Who withdrew by mistake may ask again, and again.
ASKED_A_DAY = 3
ASKED_OFTEN = _("This was asked several times today, and each time somebody got a letter. Ask again tomorrow.")

# How much a state binds; those that end a partnership do not.
WEIGHTS = {PartnerState.ASSURED: 2, PartnerState.INTERESTED: 1}


class OwnProjectError(ValueError):
    """A body does not take part in its own project."""


class DecidedError(Exception):
    """Somebody else has decided in the meantime, or the body has withdrawn."""


@transaction.atomic
def express_interest(
    project: ProjectPage, body: BodyPage, by: User, message: str = "", *, plan: ProjectPage | None = None
) -> Partnership:
    """Note that the body wants to take part, and tell the project's people, once.

    What follows from a `plan` is read by those who may read the plan; said for itself, it is read by everybody, also if
    a plan said it before. Who asked before and was declined, or has withdrawn, asks again this way; an assured
    partnership stays as it is. Raises OwnProjectError for the body whose project it
    is, and TooOftenError.
    """
    if project.public_body.pk == body.pk:
        raise OwnProjectError
    if has_asked_often(project, body, plan):
        raise TooOftenError
    asked = {"asked_by": by, "message": message, "is_own_word": plan is None}
    found, is_new = Partnership.objects.select_for_update().get_or_create(project=project, body=body, defaults=asked)
    if not is_new and found.state in CURRENT:
        _say_more(found, by, message, plan)
        return found
    if not is_new:
        found.asked_by, found.message, found.asked_at = by, message, timezone.now()
        found.decided_by = found.decided_at = None
        found.state, found.is_own_word, found.told_to = PartnerState.INTERESTED, plan is None, ToldTo.NOBODY
        found.save()
        found.plans.clear()
    if plan is not None:
        found.plans.add(plan)
    tell_owner(found)
    if plan is not None and found.told_to != ToldTo.EVERYBODY:
        log(instance=plan, action=ACTIONS[PartnerState.INTERESTED], user=by, data={"project": project.pk})
    return found


def has_asked_often(project: ProjectPage, body: BodyPage, plan: ProjectPage | None = None) -> bool:
    """Whether the body may not ask any more today; who takes part already, or has asked, need not.

    What a plan asked that not everybody may read stands in the history of the plan.
    """
    if Partnership.objects.current().filter(project=project, body=body).exists():
        return False
    asked = happened_today(project, ACTIONS[PartnerState.INTERESTED], body=body.title)
    if plan is not None:
        asked += happened_today(plan, ACTIONS[PartnerState.INTERESTED], project=project.pk)
    return asked >= ASKED_A_DAY


def _say_more(found: Partnership, by: User, message: str, plan: ProjectPage | None) -> None:
    """What a plan said is said by another one as well, or for itself."""
    if found.is_own_word:
        return
    if plan is not None:
        found.plans.add(plan)
    else:
        found.is_own_word, found.asked_by, found.message = True, by, message or found.message
        found.save(update_fields=["is_own_word", "asked_by", "message"])
    tell_owner(found)


def tell_owner(found: Partnership) -> None:
    """Write to the project's people who wants to take part, as soon as they may know of it; once everybody may, it
    stands in the project's history too."""
    was_public = found.told_to == ToldTo.EVERYBODY
    to, person = newly_told(found, owner_addresses(found.project)), found.asked_by
    if found.told_to == ToldTo.EVERYBODY and not was_public:
        _note(found, person)
    if to and found.state == PartnerState.INTERESTED:
        url = absolute(reverse("partner_decision", args=[found.pk]))
        headers = {"Reply-To": person.email} if person else None
        write("partner_asked", to, {"partnership": found, "person": person or found.body, "url": url}, headers)


def tell_what_follows(plan: ProjectPage) -> None:
    """The plan has appeared to somebody: so has what it said."""
    said = Partnership.objects.current().filter(plans=plan.pk, is_own_word=False).exclude(told_to=ToldTo.EVERYBODY)
    for found in said.select_related("project", "body", "asked_by").order_by("pk"):
        tell_owner(found)


def take_back(project: ProjectPage, plan: ProjectPage, by: User) -> None:
    """The plan's people think otherwise: what nobody has built upon ends, unless somebody else of the body said it."""
    for found in Partnership.objects.filter(project=project, plans=plan.pk, state=PartnerState.INTERESTED):
        if Partnership.objects.only_because_of(plan).filter(pk=found.pk).exists():
            withdraw(found, by)
        else:
            found.plans.remove(plan)


def assure(partnership: Partnership, by: User) -> Partnership:
    """Take the body in as a partner and tell its people. Raises DecidedError."""
    return _decide(partnership, PartnerState.ASSURED, by)


def decline(partnership: Partnership, by: User, reason: str = "") -> Partnership:
    """Decline; the reason goes to those who asked and is kept nowhere. Raises DecidedError."""
    return _decide(partnership, PartnerState.DECLINED, by, reason)


@transaction.atomic
def _decide(partnership: Partnership, state: PartnerState, by: User, reason: str = "") -> Partnership:
    found = _locked(partnership)
    if found.state != PartnerState.INTERESTED or audience_of(found) == ToldTo.NOBODY:
        raise DecidedError
    _set(found, state, by)
    name = "partner_assured" if state == PartnerState.ASSURED else "partner_declined"
    write(name, partner_addresses(found), {"partnership": found, "reason": reason, "url": found.project.full_url})
    return found


@transaction.atomic
def withdraw(partnership: Partnership, by: User) -> Partnership:
    """End interest or partnership, from either side; the other side is told. Raises DecidedError."""
    found = _locked(partnership)
    if found.state not in CURRENT:
        raise DecidedError
    is_by_owner = may_decide(by, found.project) and not speaks_for(by, found.body)
    _set(found, PartnerState.WITHDRAWN, by)
    to = partner_addresses(found) if is_by_owner else _told_owners(found)
    context = {"partnership": found, "is_by_owner": is_by_owner, "url": found.project.full_url}
    write("partner_withdrawn", to, context)
    return found


def _told_owners(found: Partnership) -> list[str]:
    """The project's people, if they know of it and still may."""
    is_known = found.is_own_word or found.told_to != ToldTo.NOBODY
    return those_who_may_know(found, owner_addresses(found.project)) if is_known else []


def hand_over(body: BodyPage, heir: BodyPage) -> None:
    """After a municipal reform the heir takes part where the body did; what binds more stays, of equals its own."""
    for found in Partnership.objects.filter(body=body):
        own = Partnership.objects.filter(project=found.project_id, body=heir).first()
        if own and _weight(own) >= _weight(found):
            own.take_in(found)
            found.delete()
            continue
        if own:
            found.take_in(own)
            own.delete()
        found.body = heir
        found.save(update_fields=["body"])
    Partnership.objects.filter(body=heir, project__path__startswith=heir.path).delete()


def forget_own(project: ProjectPage) -> None:
    """Whoever takes a project over is no partner of it any more."""
    Partnership.objects.filter(project=project, body=project.public_body).delete()


def _weight(partnership: Partnership) -> int:
    return WEIGHTS.get(PartnerState(partnership.state), 0)


def _locked(partnership: Partnership) -> Partnership:
    return Partnership.objects.select_for_update(of=("self",)).select_related("project", "body").get(pk=partnership.pk)


def _set(found: Partnership, state: PartnerState, by: User) -> None:
    found.state, found.decided_by, found.decided_at = state, by, timezone.now()
    found.save(update_fields=["state", "decided_by", "decided_at"])
    _note(found, by)


def _note(found: Partnership, by: User | None) -> None:
    """In the history of the project, which stays when a plan is withdrawn: so not of what follows from one for some."""
    if audience_of(found) != ToldTo.EVERYBODY:
        return
    log(instance=found.project, action=ACTIONS[PartnerState(found.state)], user=by, data={"body": found.body.title})


def may_decide(user: User, project: ProjectPage) -> bool:
    """True for the people who edit the project, those of a body that acts for its owner included, and for staff."""
    return is_staff(user) or speaks_for(user, project.public_body)


def speaks_for(user: User, body: BodyPage) -> bool:
    return bodies_of(user).filter(pk=body.pk).exists()


def owner_addresses(project: ProjectPage) -> list[str]:
    """Whom questions about taking part go to: the body's people, else the contact it names, else the staff."""
    team = [person.email for person in owners_of(project.public_body)]
    return team or contact_addresses(project) or staff_addresses()


def has_people(project: ProjectPage) -> bool:
    """False if what is asked about the project goes to the staff."""
    return bool(owners_of(project.public_body)) or bool(contact_addresses(project))


def contact_addresses(project: ProjectPage) -> list[str]:
    """The contact the project names, and the deputy."""
    return [address for address in (project.contact_email, project.deputy_email) if address]


def partner_addresses(partnership: Partnership) -> list[str]:
    """Who asked, and the people of their body."""
    asked_by = partnership.asked_by
    asker = {asked_by.email} if asked_by and asked_by.is_active else set()
    return sorted(asker | {person.email for person in owners_of(partnership.body)})


def waiting_for(user: User) -> PartnershipQuerySet:
    """The questions this person's bodies have not answered yet, oldest first. Staff decide when they are asked to."""
    owned = Q(pk__in=())
    for path in bodies_of(user).values_list("path", flat=True):
        owned |= Q(project__path__startswith=path)
    waiting = Partnership.objects.readable_by_members().filter(owned, state=PartnerState.INTERESTED)
    return waiting.select_related("project", "body").order_by("asked_at", "pk")


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    for state, label, text in (
        (PartnerState.INTERESTED, _("Ask to take part"), _("A body asked to take part")),
        (PartnerState.ASSURED, _("Assure participation"), _("Took a body in as a partner")),
        (PartnerState.DECLINED, _("Decline a partner"), _("Declined a body that asked to take part")),
        (PartnerState.WITHDRAWN, _("End participation"), _("A body takes part no longer")),
    ):
        actions.register_action(ACTIONS[state], label, text)
