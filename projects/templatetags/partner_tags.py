"""Who works together: the partners of a project, and the alliances of a project or a body."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import Q

from pages.access import is_in
from projects.models import AlliancePage, BodyPage, Partnership, PartnerState, ProjectPage

register = template.Library()


@register.simple_tag(takes_context=True, name="partners_of")
def shown_partners(context: dict[str, Any], project: ProjectPage) -> list[Partnership]:
    """Those whoever reads the page may know of."""
    request = context.get("request")
    return partners_of(project, for_members=request is not None and is_in(request))


def partners_of(project: ProjectPage, *, for_members: bool = False) -> list[Partnership]:
    """Assured partners first, then those interested, oldest first; none for a page that was never saved."""
    found = Partnership.objects.current().filter(project=project.pk, body__in=BodyPage.objects.readable().values("pk"))
    found = found.readable_by_members() if for_members else found.readable()
    return sorted(
        found.select_related("body").order_by("asked_at", "pk"), key=lambda one: one.state != PartnerState.ASSURED
    )


@register.simple_tag
def alliances_of(project: ProjectPage) -> Iterable[AlliancePage]:
    """The public alliances a project belongs to, to members those for members; none for a page that was never saved."""
    if project.pk is None:
        return ()
    found = AlliancePage.objects.all()
    found = found.readable_by_members() if project.is_members_only else found.readable()
    return found.filter(projects=project.pk).order_by("title", "pk")


@register.simple_tag
def alliances_with(body: BodyPage) -> Iterable[AlliancePage]:
    """The public alliances a body leads or belongs to."""
    is_in = Q(path__startswith=body.path) | Q(members__body=body.pk)
    return AlliancePage.objects.readable().filter(is_in).distinct().order_by("title", "pk")


@register.simple_tag
def partnerships_of(body: BodyPage) -> Iterable[Partnership]:
    """What a body takes part in elsewhere, as far as everybody may read it, newest first."""
    found = Partnership.objects.readable().filter(body=body.pk, state=PartnerState.ASSURED)
    public = ProjectPage.objects.readable().values("pk")
    return found.filter(project__in=public).select_related("project").order_by("-decided_at", "pk")
