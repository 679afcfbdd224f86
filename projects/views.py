"""The page of one artefact: found on its own, read together with its project."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from wagtail.models import PageViewRestriction

from projects.models import Artefact


def artefact(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Show an artefact of a live project; behind a view restriction it does not exist for visitors."""
    found = get_object_or_404(
        Artefact.objects.select_related("kind", "licence", "file", "project"), uuid=number, project__live=True
    )
    project = found.project
    if any(
        not restriction.accept_request(request)
        for restriction in project.get_view_restrictions()
        if restriction.restriction_type != PageViewRestriction.NONE
    ):
        raise Http404
    siblings = project.artefacts.exclude(pk=found.pk).select_related("kind", "licence", "file")
    return render(
        request,
        "projects/artefact.html",
        {"artefact": found, "page": project, "public_body": project.public_body, "siblings": siblings},
    )
