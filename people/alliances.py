"""From a partnership that was assured to an alliance page: begun with what is known, finished by the lead's people."""

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import Page

from people.models import User
from projects.models import AllianceMember, AlliancePage, Partnership, PartnerState, ProjectPage

TITLE_MAX_LENGTH = 255
SLUG = "allianz"


def of_project(project: ProjectPage) -> QuerySet[AlliancePage]:
    """The alliances a project belongs to, drafts included, oldest first."""
    return AlliancePage.objects.filter(projects=project).order_by("pk")


@transaction.atomic
def begin(partnership: Partnership, by: User) -> tuple[AlliancePage, bool]:
    """The draft of an alliance with everybody who takes part so far; the one there is already, if there is one.

    Raises ValueError for a partnership nobody has assured.
    """
    if partnership.state != PartnerState.ASSURED:
        raise ValueError("Only an assured partnership becomes an alliance.")
    project = ProjectPage.objects.select_for_update(of=("self",)).get(pk=partnership.project_id)
    if existing := of_project(project).first():
        return existing, False
    assured = Partnership.objects.filter(project=project, state=PartnerState.ASSURED).order_by("decided_at", "pk")
    lead = project.public_body
    page = AlliancePage(
        title=f"Allianz: {project.title}"[:TITLE_MAX_LENGTH],
        slug=_free_slug(lead),
        summary=project.summary,
        live=False,
        owner=by,
        members=[AllianceMember(sort_order=number, body=one.body) for number, one in enumerate(assured)],
    )
    lead.add_child(instance=page)
    page.projects = [project]
    page.artefacts = list(project.artefacts.all())
    page.save(clean=False)
    page.save_revision(user=by, log_action=True)
    return page, True


def _free_slug(lead: Page) -> str:
    taken = set(Page.objects.child_of(lead).filter(slug__startswith=SLUG).values_list("slug", flat=True))
    slug, number = SLUG, 2
    while slug in taken:
        slug, number = f"{SLUG}-{number}", number + 1
    return slug
