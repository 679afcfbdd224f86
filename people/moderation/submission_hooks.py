"""Where handing in meets Wagtail's editor; imported by `wagtail_hooks`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from wagtail import hooks
from wagtail.models import Page

from pages import gates
from people.moderation import decisions as moderation
from people.moderation import submission


@never_cache
def submit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still asked for, each with the way to its field; by POST it is submitted all the same."""
    page = get_object_or_404(Page, pk=pk).specific
    if not submission.may_submit(page, request.user):
        raise PermissionDenied
    if request.method == "POST":
        # Without an answer somebody else has submitted it meanwhile.
        answer = gates.after_saving(request, gates.SUBMIT, page, is_confirmed=True)
        return answer or redirect("wagtailadmin_pages:edit", page.pk)
    latest = page.get_latest_revision_as_object()
    context: dict[str, Any] = {
        "page": latest,
        "reasons": moderation.reasons_against(latest),
        "asked_for": submission.asked_for(latest),
        "edit_url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
    }
    return render(request, "people/admin/submit_page.html", context)


@hooks.register("register_admin_urls")
def add_submission_page() -> list[URLPattern]:
    return [path("projekte/<int:pk>/einreichen/", submit_page, name="submit_page")]
