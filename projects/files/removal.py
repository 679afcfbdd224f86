"""Files that others use are not deleted: Wagtail's views stand behind these (`people.admin_site.admin_overrides`).

For files Wagtail has no hook as for snippets (`projects.removal.views`).
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pages.keys import keys_in
from projects.models import BodyDocument, Picture
from projects.models.scanned import ScanState
from projects.removal.used import Uses, used_by
from projects.removal.views import may_delete

View = Callable[..., HttpResponseBase]

FILES: dict[str, type[Picture] | type[BodyDocument]] = {
    "image_id": Picture,
    "document_id": BodyDocument,
    "doc_id": BodyDocument,
}


def unless_used(view: View) -> View:
    """A file that others use is not deleted, unless it is harmful: the uses are shown in place of the question."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        name, number = next((name, kwargs[name]) for name in FILES if name in kwargs)
        file: Any = get_object_or_404(FILES[name], pk=number)
        if not may_delete(request, file):
            return view(request, *args, **kwargs)
        refused = _refused([file], request)
        return refused or view(request, *args, **kwargs)

    return inner


def unless_used_in_bulk(view: View) -> View:
    """Like `unless_used`, for Wagtail's bulk action, which deletes several files at once."""

    @wraps(view)
    def inner(request: HttpRequest, app_label: str, model_name: str, action: str) -> HttpResponseBase:
        model = next((model for model in (Picture, BodyDocument) if _is(model, app_label, model_name)), None)
        if model is not None and action == "delete":
            ids = request.GET.getlist("id")
            is_all = "all" in ids
            chosen = model.objects.all() if is_all else model.objects.filter(pk__in=keys_in(ids))
            files = [file for file in chosen if may_delete(request, file)]
            if refused := _refused(files, request):
                return refused
        return view(request, app_label, model_name, action)

    return inner


def _is(model: type[Model], app_label: str, model_name: str) -> bool:
    return (model._meta.app_label, model._meta.model_name) == (app_label, model_name)


def _refused(files: Sequence[Picture | BodyDocument], request: HttpRequest) -> HttpResponse | None:
    safe = [file for file in files if file.scan_state != ScanState.INFECTED]
    used: list[tuple[Model, Uses, str]] = [
        (file, uses, _edit_url(file)) for file in safe if (uses := used_by(file, request.user)).count
    ]
    if not used:
        return None
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        return JsonResponse(
            {"success": False, "error_message": _("This file is used and was not deleted.")}, status=409
        )
    kept = sorted(file.title for file in files if file not in [one for one, *_rest in used])
    back = reverse("wagtailimages:index" if isinstance(files[0], Picture) else "wagtaildocs:index")
    return render(request, "projects/admin/file_used.html", {"used": used, "unused": kept, "cancel_url": back})


def _edit_url(file: Picture | BodyDocument) -> str:
    return reverse("wagtailimages:edit" if isinstance(file, Picture) else "wagtaildocs:edit", args=[file.pk])
