"""Where the project editor meets Wagtail: its addresses and its scripts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from projects.editor import identity_views
from projects.editor import views as editor_views
from projects.models import BodyPage

SCRIPTS = ("editor_counter", "editor_completeness", "editor_upload")


@hooks.register("register_admin_urls")
def add_editor_addresses() -> list[URLPattern]:
    return [
        path("projekte/<int:pk>/vollstaendigkeit/", editor_views.project_completeness, name="project_completeness"),
        path("stellen/<int:pk>/register/", identity_views.body_identity, name="body_identity"),
        path("projekte/dateien/<int:body_pk>/", editor_views.project_files, name="project_files"),
    ]


@hooks.register("before_copy_page")
def keep_bodies_single(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A second page of a body would have people and files of its own, and speak for it too."""
    if not issubclass(page.specific_class, BodyPage):
        return None
    messages.error(request, _("The page of a body cannot be copied: every body has one."))
    return redirect("wagtailadmin_pages:edit", page.pk)


hooks.register("register_log_actions", identity_views.register_identity)


@hooks.register("insert_editor_js")
def add_editor_scripts() -> str:
    return format_html_join("\n", '<script src="{}"></script>', ((static(f"js/{name}.js"),) for name in SCRIPTS))


@hooks.register("insert_global_admin_js")
def name_tag_fields() -> str:
    """Tag fields stand in the editor and in forms of lists."""
    return format_html('<script src="{}"></script>', static("js/tag_field.js"))
