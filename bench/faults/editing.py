"""What an editor's click does, as views of the platform under its real server."""

from unittest import mock

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from projects.models import ProjectPage, ProjectTag
from search.indexing import receivers as events


@csrf_exempt
@require_POST
def publish(request: HttpRequest, pk: int) -> JsonResponse:
    """Publish a project under the title given; without one as it is, and as if there were no search at all."""
    title = request.POST.get("title", "")
    if title:
        _publish(pk, title)
    else:
        with mock.patch.object(events, "enqueue"):
            _publish(pk, "")
    return JsonResponse({"published": pk})


def _publish(pk: int, title: str) -> None:
    page = ProjectPage.objects.get(pk=pk)
    with transaction.atomic():
        page.title = title or page.title
        page.save_revision().publish()


@csrf_exempt
@require_POST
def renamed_tag(request: HttpRequest) -> JsonResponse:
    """Rename the tag most projects have: one click that changes hundreds of documents."""
    tags = ProjectTag.objects.order_by("-pk")
    tag = max(tags, key=lambda tag: tag.tagged_projects.count())
    with transaction.atomic():
        tag.name = request.POST["name"]
        tag.save()
    return JsonResponse({"projects": tag.tagged_projects.count()})
