"""Where the project editor meets Wagtail: its addresses, its scripts, and what a new page starts with."""

from typing import Any

from django.dispatch import receiver
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.signals import init_new_page

from projects import editor_views
from projects.models import ProjectPage

SCRIPTS = ("editor_counter", "editor_completeness", "editor_upload")


@hooks.register("register_admin_urls")
def add_editor_addresses() -> list[URLPattern]:
    return [
        path("projekte/<int:pk>/vollstaendigkeit/", editor_views.project_completeness, name="project_completeness"),
        path("projekte/dateien/<int:body_pk>/", editor_views.project_files, name="project_files"),
    ]


@hooks.register("insert_editor_js")
def add_editor_scripts() -> str:
    return format_html_join("\n", '<script src="{}"></script>', ((static(f"js/{name}.js"),) for name in SCRIPTS))


@hooks.register("insert_global_admin_js")
def name_tag_fields() -> str:
    """Tag fields stand in the editor and in forms of lists."""
    return format_html('<script src="{}"></script>', static("js/tag_field.js"))


@receiver(init_new_page)
def fill_in_contact(sender: Any, page: Any, **kwargs: Any) -> None:
    """Whoever describes a project is most often the one to ask."""
    if isinstance(page, ProjectPage) and page.owner:
        limit = ProjectPage._meta.get_field("contact_name").max_length
        page.contact_name, page.contact_email = page.owner.get_full_name()[:limit], page.owner.email
