"""Where the project editor meets Wagtail: its addresses and its scripts."""

from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from wagtail import hooks

from projects import editor_views

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
