"""Orphaned entries find new people: a body offers, staff or the owner's coordinator decide, the entry moves."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.actions.move_page import MovePageAction
from wagtail.log_actions import LogActionRegistry, log
from wagtail.models import Page, PageLogEntry, ReferenceIndex

from pages.addresses import kept_or_free
from people.cooperation import partners
from people.freshness.entries import change_in_passing
from people.mail.letters import write
from people.models import TakeoverRequest, Team, User
from people.reuse import uses as reuse
from people.rights import is_staff
from people.teams.membership import absolute, staff_addresses
from people.teams.teams import coordinators_of, is_coordinator, people_of
from projects.models import BodyDocument, BodyPage, Freshness, FreshnessState, Picture, ProjectPage

OFFERED, TAKEN, REFUSED = "dsr.offer_takeover", "dsr.take_over", "dsr.refuse_takeover"


class DecidedError(Exception):
    """Somebody else has decided in the meantime."""


def name_actions(actions: LogActionRegistry) -> None:
    """Receiver of Wagtail's hook `register_log_actions`."""
    actions.register_action(OFFERED, _("Offer to take over"), _("Offered to take the entry over"))
    actions.register_action(TAKEN, _("Take over"), _("Handed over to another body"))
    actions.register_action(REFUSED, _("Refuse"), _("Declined an offer to take the entry over"))


def undecided_for(user: User) -> QuerySet[TakeoverRequest]:
    """The offers this person may decide about, oldest first."""
    waiting = TakeoverRequest.objects.undecided().select_related("project", "body", "asked_by")
    if is_staff(user):
        return waiting
    owned = Q(pk__in=[])
    for team in Team.objects.filter(coordinators=user, group__user=user).select_related("body"):
        owned |= Q(project__path__startswith=team.body.path)
    return waiting.filter(owned)


def may_decide(user: User, project: ProjectPage) -> bool:
    return is_staff(user) or is_coordinator(user, project.public_body)


def might_decide(user: User, found: TakeoverRequest) -> bool:
    """Whoever may decide, or could until the entry was handed over: they may read what came of it."""
    if may_decide(user, found.project):
        return True
    own = set(user.coordinated_teams.values_list("body__title", flat=True))
    moves = PageLogEntry.objects.filter(page=found.project_id, action=TAKEN)
    return any(move.data.get("from") in own for move in moves)


@transaction.atomic
def offer(project: ProjectPage, body: BodyPage, user: User, message: str) -> TakeoverRequest:
    """Note a body's offer and tell those who decide; a second offer of the same body changes the first."""
    found, is_new = TakeoverRequest.objects.undecided().update_or_create(
        project=project,
        body=body,
        decided_at=None,
        defaults={"asked_by": user, "message": message, "asked_at": timezone.now()},
    )
    if is_new:
        log(instance=project, action=OFFERED, user=user, data={"body": body.title})
        owner, url = project.public_body, absolute(reverse("takeover_decision", args=[found.pk]))
        deciding = {*staff_addresses(), *(person.email for person in coordinators_of(owner))}
        write("takeover_asked", deciding, {"offer": found, "owner": owner, "url": url})
    return found


@transaction.atomic
def grant(found: TakeoverRequest, user: User) -> list[str]:
    """Hand the entry over to the body that offered, with its person as contact; returns the files that stay behind.

    Raises DecidedError for the second of two.
    """
    _undecided(found)
    person = found.asked_by
    left = hand_over(found.project, found.body, user)
    contact = {"contact_name": person.get_full_name()[:120], "contact_role": "", "contact_email": person.email}
    gone = {"contact_phone": "", "deputy_name": "", "deputy_email": ""}
    change_in_passing(ProjectPage.objects.get(pk=found.project_id), {**contact, **gone})
    found.decide(is_granted=True)
    write("takeover_granted", [person.email], {"offer": found, "url": _edit_url(found.project)})
    for other in TakeoverRequest.objects.undecided().filter(project=found.project):
        refuse(other, user, "")
    return left


@transaction.atomic
def refuse(found: TakeoverRequest, user: User, reason: str) -> None:
    """Decline an offer; the reason goes to who made it. Raises DecidedError for the second of two."""
    _undecided(found)
    found.decide(is_granted=False)
    log(instance=found.project, action=REFUSED, user=user, data={"body": found.body.title})
    write("takeover_refused", [found.asked_by.email], {"offer": found, "reason": reason})


def _undecided(found: TakeoverRequest) -> None:
    """Lock the offer: of two who decide at once, one does."""
    if not TakeoverRequest.objects.select_for_update().filter(pk=found.pk, decided_at=None).exists():
        raise DecidedError


@transaction.atomic
def hand_over(project: ProjectPage, body: BodyPage, user: User) -> list[str]:
    """Move the entry with its files to a body, and tell the people who had it; returns what `bring_files` does."""
    owner = project.public_body
    if (slug := kept_or_free(project, body)) != project.slug:
        change_in_passing(project, {"slug": slug})
    # Who decides needs no rights in the body that takes over: its own people have offered.
    MovePageAction(project, body, pos="last-child", user=user).execute(skip_permission_checks=True)
    moved = ProjectPage.objects.get(pk=project.pk)
    left = bring_files(moved, owner, body)
    _begin_anew(moved)
    reuse.forget_own(moved)
    partners.forget_own(moved)
    log(instance=moved, action=TAKEN, user=user, data={"from": owner.title, "to": body.title})
    former = [person.email for person in people_of(owner)]
    write("takeover_lost", former, {"project": moved, "owner": owner, "body": body, "url": moved.full_url})
    return left


def hand_over_offers(body: BodyPage, heir: BodyPage) -> None:
    """After a municipal reform the heir offers what the body did, once, and nothing that is its own by now."""
    waiting = TakeoverRequest.objects.undecided()
    waiting.filter(body__in=(body, heir), project__path__startswith=heir.path).delete()
    waiting.filter(body=body, project__in=waiting.filter(body=heir).order_by().values("project")).delete()
    waiting.filter(body=body).order_by().update(body=heir)


def bring_files(project: Page, owner: BodyPage, body: BodyPage) -> list[str]:
    """Let the files of the owner's collection that only this page uses change their collection, as the page did.

    Files that other pages use stay with them; their titles are returned. Readers get them while a public page of the
    owner shows them too.
    """
    references = ReferenceIndex.get_references_for_object(project)
    left: list[str] = []
    models: tuple[type[BodyDocument] | type[Picture], ...] = (BodyDocument, Picture)
    for model in models:
        numbers = [
            reference.to_object_id for reference in references if reference.to_content_type.model_class() is model
        ]
        for file in model.objects.filter(pk__in=numbers, collection=owner.team.collection).order_by("pk"):
            others = ReferenceIndex.get_references_to(file).exclude(object_id=str(project.pk))
            if others.exists():
                left.append(file.title)
            else:
                file.collection = body.team.collection
                file.save(update_fields=["collection"])
    return left


def _begin_anew(project: ProjectPage) -> None:
    """It has people again, but nobody has confirmed it yet: they are asked in two weeks."""
    now = timezone.now()
    entry = Freshness.objects.filter(page_id=project.pk).first()
    if entry is None or not entry.is_overdue:
        return
    entry.state, entry.orphaned_at, entry.reminders = FreshnessState.DUE, None, 0
    entry.review_due, entry.reminded_at, entry.before = timezone.localdate(now), now, {}
    # Links in letters to the people before are worth nothing any more.
    entry.round += 1
    entry.save()


def _edit_url(project: ProjectPage) -> str:
    return absolute(reverse("wagtailadmin_pages:edit", args=[project.pk]))
