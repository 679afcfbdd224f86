"""From a partnership that was assured to an alliance page: begun with what is known, finished by the lead's people."""

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from wagtail.actions.unpublish_page import UnpublishPageAction

from pages.access import for_members, restrict_to_members
from pages.addresses import free_slug
from people.mail.letters import write
from people.models import User
from people.teams.teams import owners_of
from projects.models import AllianceMember, AlliancePage, BodyPage, Partnership, PartnerState, ProjectPage

TITLE_MAX_LENGTH = 255
NAME = "Allianz"
# Seconds in which a body that is taken out and named again is not told again.
TOLD_AGAIN_AFTER = 24 * 60 * 60


def of_project(project: ProjectPage) -> QuerySet[AlliancePage]:
    """The alliances a project belongs to, drafts included, oldest first."""
    return AlliancePage.objects.filter(projects=project).order_by("pk")


def may_begin(partnership: Partnership) -> bool:
    """The page of an alliance names it for everybody: so not because of a plan that only members may read."""
    return Partnership.objects.readable().filter(pk=partnership.pk, state=PartnerState.ASSURED).exists()


def shown_with(plan: ProjectPage) -> QuerySet[AlliancePage]:
    """The alliances that members alone read, because of the plan."""
    return of_project(plan).filter(live=True, pk__in=for_members().values("page"))


def hide_with(plan: ProjectPage, by: User | None = None) -> None:
    """The plan is no longer there for anybody: neither is what tells of it. The drafts stay with the lead's people."""
    for alliance in shown_with(plan):
        UnpublishPageAction(alliance, user=by).execute(skip_permission_checks=True)


@transaction.atomic
def begin(partnership: Partnership, by: User) -> tuple[AlliancePage, bool]:
    """The draft of an alliance with everybody who takes part so far; the one there is already, if there is one.

    Raises ValueError for a partnership that nobody has assured, or not everybody may know of.
    """
    if not may_begin(partnership):
        raise ValueError("Only an assured partnership becomes an alliance.")
    project = ProjectPage.objects.select_for_update(of=("self",)).get(pk=partnership.project_id)
    if existing := of_project(project).first():
        return existing, False
    assured = Partnership.objects.readable().filter(project=project, state=PartnerState.ASSURED)
    assured = assured.order_by("decided_at", "pk")
    lead = project.public_body
    page = AlliancePage(
        title=f"Allianz: {project.title}"[:TITLE_MAX_LENGTH],
        summary=project.summary,
        live=False,
        owner=by,
        members=[AllianceMember(sort_order=number, body=one.body) for number, one in enumerate(assured)],
    )
    page.slug = free_slug(NAME, lead, page)
    lead.add_child(instance=page)
    page.projects = [project]
    page.artefacts = list(project.artefacts.all())
    page.save(clean=False)
    page.save_revision(user=by, log_action=True)
    if for_members().filter(page=project).exists():
        # It says what the plan says, and must not be read by more people.
        restrict_to_members(page, by)
    return page, True


def tell_members(alliance: AlliancePage, bodies: Iterable[BodyPage], **kwargs: Any) -> None:
    """Receiver of `members_named`: write to the people of each body; their answers go to whoever wrote the page.

    Once a day, however often it is taken out and named again. Of example content nobody needs to know.
    """
    if alliance.is_example:
        return
    lead, revision = alliance.lead(), alliance.latest_revision
    author = revision.user if revision else None
    headers = {"Reply-To": author.email} if author and author.is_active else None
    for body in bodies:
        told = f"alliance-named:{alliance.pk}:{body.pk}"
        if cache.get(told):
            continue
        cache.set(told, True, TOLD_AGAIN_AFTER)
        context = {"alliance": alliance, "lead": lead, "body": body, "url": alliance.full_url}
        write("alliance_named", [person.email for person in owners_of(body)], context, headers)


def hand_over(body: BodyPage, heir: BodyPage) -> None:
    """After a municipal reform the heir is a member where the body was, in drafts as well; never beside itself."""
    is_named = Q(members__body=body) | Q(has_unpublished_changes=True)
    for page in AlliancePage.objects.filter(is_named).distinct():
        leads = page.get_parent().pk == heir.pk
        former = AllianceMember.objects.filter(alliance=page, body=body)
        if leads or AllianceMember.objects.filter(alliance=page, body=heir).exists():
            former.delete()
        else:
            former.update(body=heir)
        newest = page.get_latest_revision()
        if newest and any(member["body"] == body.pk for member in newest.content["members"]):
            newest.content = {**newest.content, "members": _succeeded(newest.content["members"], body, heir, leads)}
            newest.save(update_fields=["content"])


def _succeeded(members: list[dict[str, Any]], body: BodyPage, heir: BodyPage, leads: bool) -> list[dict[str, Any]]:
    """The members of a version with the heir in the body's place, or without the body."""
    if leads or any(member["body"] == heir.pk for member in members):
        return [member for member in members if member["body"] != body.pk]
    return [{**member, "body": heir.pk} if member["body"] == body.pk else member for member in members]
