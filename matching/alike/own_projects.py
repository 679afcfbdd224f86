"""Whose project it is decides who issues records and papers about it."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from people.rights import is_staff
from projects.models import ProjectPage


def own_project(request: HttpRequest, pk: int) -> ProjectPage:
    """The project, for those it belongs to and the centre; nobody else learns whether it exists. Raises Http404."""
    project = get_object_or_404(ProjectPage, id=pk)
    if not is_staff(request.user) and not project.permissions_for_user(request.user).can_edit():
        raise Http404
    # A plan that is not live yet has its texts in its draft.
    return project if project.live else project.get_latest_revision_as_object()
