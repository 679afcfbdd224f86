"""The page of one artefact: found on its own, read together with its project."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers

from pages.access import has_session, mark_members_only, may_read
from projects.models import Artefact


def artefact(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Show an artefact of a live project; for those who may not read the project it does not exist."""
    found = get_object_or_404(
        Artefact.objects.select_related("kind", "licence", "file", "project"), uuid=number, project__live=True
    )
    project = found.project
    if not may_read(project, request):
        raise Http404
    if has_session(request):
        mark_members_only([project])
    siblings = project.artefacts.exclude(pk=found.pk).select_related("kind", "licence", "file")
    context = {"artefact": found, "page": project, "public_body": project.public_body, "siblings": siblings}
    response = render(request, "projects/artefact.html", context)
    if project.is_members_only:
        add_never_cache_headers(response)
    return response
