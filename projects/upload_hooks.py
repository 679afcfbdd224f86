"""Where the check of uploaded files meets Wagtail: before publishing, in the menu, on pages of its own."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from pages.naming import HOOK as NAMING_HOOK
from pages.publication import HOOK as PUBLICATION_HOOK
from pages.publication import PAGE_HOOK, reasons_against_page
from projects import file_rights, upload_views
from projects.file_api import show_own_files
from projects.models import ProjectPage
from projects.uploads import scanning

hooks.register("construct_admin_api", show_own_files, order=100)
hooks.register(PUBLICATION_HOOK, scanning.reasons_against_references)
hooks.register(NAMING_HOOK, file_rights.reasons_against_naming_files)
hooks.register(PAGE_HOOK, file_rights.reasons_against_showing_files)


@hooks.register(PAGE_HOOK)
def name_unfinished_artefacts(page: Model) -> list[str]:
    """Of a project: drafts may hold artefacts that are not finished, readers get none."""
    return [text for one in page.artefacts.all() if (text := one.lacks)] if isinstance(page, ProjectPage) else []


@hooks.register("before_publish_page")
def keep_unchecked_page_back(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The form has asked already; this is for what happened since, and for versions published without a form."""
    reasons = reasons_against_page(page)
    if not reasons:
        return None
    for reason in reasons:
        messages.error(request, reason)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def keep_unchecked_pages_back(
    request: HttpRequest, action_type: str, pages: list[Any], action: Any
) -> HttpResponse | None:
    """Nothing of a selection is published while one of its pages must not be."""
    if action_type != "publish" or not all(isinstance(page, Page) for page in pages):
        return None
    chosen = list(pages)
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        for page in pages:
            chosen += page.get_descendants().not_live().specific()
    reasons = [reason for page in chosen for reason in reasons_against_page(page.get_latest_revision_as_object())]
    if not reasons:
        return None
    for reason in dict.fromkeys(reasons):
        messages.error(request, reason)
    return redirect(action.next_url)


@hooks.register("register_admin_urls")
def add_upload_pages() -> list[URLPattern]:
    return [
        path("dateien/pruefung/", upload_views.unchecked_files, name="unchecked_files"),
        path("dateien/pruefung/<str:kind>/<int:pk>/", upload_views.check_file, name="check_file"),
    ]


class FilesMenuItem(MenuItem):
    """For those who may change files."""

    def is_shown(self, request: HttpRequest) -> bool:
        return upload_views.may_change_files(request.user)


@hooks.register("register_reports_menu_item")
def lead_to_unchecked_files() -> MenuItem:
    return FilesMenuItem(_("Virus check"), reverse("unchecked_files"), icon_name="warning", order=800)
