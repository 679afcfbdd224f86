"""What the project editor asks the server while somebody writes: what is still missing, and to keep a file."""

from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.documents.forms import get_document_form
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from projects.editor.completeness import completeness
from projects.models import ArtefactKind, BodyDocument, BodyPage, ProjectPage

TITLE_LENGTH = 200
# Shorter words of a kind's name, such as “und”, say nothing about a file.
TELLING_WORD = 4
# What town halls call such files; the value is a kind's slug.
OTHER_NAMES = {
    "ausschreibung": "leistungsverzeichnis",
    "vergabe": "leistungsverzeichnis",
    "beschluss": "beschluss",
    "vorlage": "beschluss",
}


@require_GET
def project_completeness(request: HttpRequest, pk: int) -> HttpResponse:
    """What the latest version of a project lacks, for those who may edit it."""
    page = get_object_or_404(ProjectPage, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    latest = page.get_latest_revision_as_object()
    return render(request, "projects/admin/completeness.html", {"completeness": completeness(latest)})


def title_of(name: str) -> str:
    """“Leistungsverzeichnis Mängelmelder” for the file Leistungsverzeichnis_Mängelmelder.pdf."""
    words = PurePath(name).stem.replace("_", " ").replace("-", " ").split()
    return " ".join(words)[:TITLE_LENGTH]


def kind_of(title: str) -> ArtefactKind | None:
    """The kind of artefact whose name, or another name for it, the title contains; None if it names none."""
    text = title.casefold()
    for kind in ArtefactKind.objects.all():
        words = [word.strip("()").casefold() for word in kind.name.replace("/", " ").split()]
        if any(word in text for word in words if len(word) >= TELLING_WORD):
            return kind
    slugs = [slug for name, slug in OTHER_NAMES.items() if name in text]
    return ArtefactKind.objects.filter(slug__in=slugs).first()


def collection_of(body: BodyPage) -> Collection:
    """Where the body's files are kept; those of a body without a team are kept by the staff."""
    team = getattr(body, "team", None)
    return team.collection if team else Collection.get_first_root_node()


def kept_or_refused(user: Any, upload: UploadedFile, collection: Collection) -> Any:
    """The form of one file, checked like any other document; valid, it keeps the file with the body's others."""
    data = {"title": title_of(upload.name or ""), "collection": collection.pk}
    form = get_document_form(BodyDocument)(data, {"file": upload}, user=user)
    form.instance.uploaded_by_user, form.instance.collection = user, collection
    return form


def may_keep(user: Any, body: BodyPage) -> bool:
    """True if the person may describe projects of the body and keep files with them."""
    allowed = policy_registry.get_by_type(BodyDocument).collections_user_has_permission_for(user, "add")
    return bool(body.permissions_for_user(user).can_add_subpage()) and collection_of(body) in allowed


@require_POST
def project_files(request: HttpRequest, body_pk: int) -> JsonResponse:
    """Keep one file with the body's others and say what its row is to contain; 400 with the reason if it is refused."""
    body = get_object_or_404(BodyPage, pk=body_pk)
    if not may_keep(request.user, body):
        raise PermissionDenied
    upload = request.FILES.get("file")
    if upload is None:
        return JsonResponse({"error": _("No file arrived.")}, status=400)
    form = kept_or_refused(request.user, upload, collection_of(body))
    if not form.is_valid():
        reasons = [reason for of_field in form.errors.values() for reason in of_field]
        return JsonResponse({"error": " ".join(reasons)}, status=400)
    document = form.save()
    kind = kind_of(document.title)
    return JsonResponse(
        {
            "document": {
                "id": document.pk,
                "title": document.title,
                "edit_url": reverse("wagtaildocs:edit", args=[document.pk]),
            },
            "title": document.title,
            "kind": kind.pk if kind else None,
        }
    )
