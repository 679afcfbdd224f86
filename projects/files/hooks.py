"""Where the check of uploaded files meets Wagtail: what it says before publishing, in the menu, on pages of its own."""

from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from pages.naming import HOOK as NAMING_HOOK
from pages.publication import HOOK as PUBLICATION_HOOK
from pages.publication import PAGE_HOOK
from projects.files import rights as file_rights
from projects.files import views as upload_views
from projects.files.api import show_own_files
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
