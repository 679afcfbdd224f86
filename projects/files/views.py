"""The virus check in the admin: which files have not passed it, and the button to check one again.

Whoever may change a file may have it checked: that changes nothing of it.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.permissions import policy_registry

from pages.routes import routed
from projects.models import BodyDocument, Picture
from projects.models.scanned import ScanState
from projects.uploads import scanner, scanning
from projects.uploads.scanner import ScannerError

# By the name that stands in the address.
MODELS: dict[str, type[Any]] = {"document": BodyDocument, "image": Picture}
EDIT_NAMES = {"document": "wagtaildocs:edit", "image": "wagtailimages:edit"}
FILES_ON_A_PAGE = 50


def _changeable(user: Any, model: type[Any]) -> QuerySet[Any]:
    """The files of that model which the person may change."""
    return policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, ["change"])


def may_change_files(user: Any) -> bool:
    """True if there is any collection in which the person may change files."""
    return any(policy_registry.get_by_type(m).user_has_any_permission(user, ["change"]) for m in MODELS.values())


@never_cache
def unchecked_files(request: HttpRequest) -> HttpResponse:
    """The files of one's own collections that are harmful or wait to be checked."""
    if not may_change_files(request.user):
        raise PermissionDenied
    troubled: list[Any] = []
    for kind, model in MODELS.items():
        mine = _changeable(request.user, model).select_related("collection")
        harmful = mine.filter(pk__in=scanning.infected(model).values("pk"))
        waiting = mine.filter(pk__in=scanning.without_verdict(model).order_by().values("pk"))
        found = [*harmful, *(waiting if scanner.is_configured() else [])]
        troubled += [{"file": file, "url": reverse("check_file", args=[kind, file.pk])} for file in found]
    context = {
        "page_obj": Paginator(troubled, FILES_ON_A_PAGE).get_page(request.GET.get("p")),
        "has_scanner": scanner.is_configured(),
    }
    return render(request, "projects/admin/unchecked_files.html", context)


@never_cache
def check_file(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What is known about one file; by POST it is checked now. A file of others does not exist."""
    if kind not in MODELS:
        raise Http404
    file = get_object_or_404(_changeable(request.user, MODELS[kind]), pk=pk)
    if request.method == "POST" and scanner.is_configured():
        _check_now(request, file)
        return redirect(routed(request))
    context = {
        "file": file,
        "has_scanner": scanner.is_configured(),
        "is_harmful": file.scan_state == ScanState.INFECTED,
        "reason": scanning.reason_against(file),
        "edit_url": reverse(EDIT_NAMES[kind], args=[file.pk]),
    }
    return render(request, "projects/admin/check_file.html", context)


def _check_now(request: HttpRequest, file: Any) -> None:
    try:
        verdict = scanning.scan_stored(file)
    except ScannerError:
        messages.warning(request, _("The virus scanner does not answer. The file is checked as soon as it does."))
    except FileNotFoundError:
        messages.error(request, _("The file itself is missing. Upload it again."))
    else:
        if verdict.is_clean:
            messages.success(request, _("Checked: nothing harmful was found."))
        else:
            messages.error(request, _("Something harmful was found: %(finding)s.") % {"finding": verdict.finding})
