"""Where handing in meets Wagtail's editor; imported by `wagtail_hooks`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache
from wagtail import hooks
from wagtail.models import Page

from pages.models import TO_BE_SUBMITTED
from people import moderation, submission


# After all who let it be saved only: they submit nothing.
@hooks.register("before_create_page", order=1_000)
def save_new_page_first(request: HttpRequest, parent: Page, page_class: type[Page]) -> None:
    submission.save_first(request)


@hooks.register("before_edit_page", order=1_000)
def save_page_first(request: HttpRequest, page: Page) -> None:
    submission.save_first(request)


# After all who have something to say about a saved page.
@hooks.register("after_create_page", order=1_000)
@hooks.register("after_edit_page", order=1_000)
def go_on_to_submit(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Only if that was asked for, and the person still may: somebody else can have submitted it meanwhile."""
    wants_to = TO_BE_SUBMITTED in request.POST and submission.may_submit(page, request.user)
    return submission.submit_or_ask(request, page) if wants_to else None


@never_cache
def submit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still asked for, each with the way to its field; by POST it is submitted all the same."""
    page = get_object_or_404(Page, pk=pk).specific
    if not submission.may_submit(page, request.user):
        raise PermissionDenied
    if request.method == "POST":
        return submission.submit_or_ask(request, page, is_confirmed=True)
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
