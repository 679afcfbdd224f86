"""Where the pages meet Wagtail's admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks

from pages.editor_views import EditorViewSet


@hooks.register("insert_global_admin_js")
def leave_typed_dates_alone() -> str:
    return format_html('<script src="{}"></script>', static("js/admin_dates.js"))


@hooks.register("register_admin_viewset")
def add_editor() -> EditorViewSet:
    return EditorViewSet()


@hooks.register("insert_editor_js")
def add_editor_script() -> str:
    return format_html('<script src="{}"></script>', static("js/editor_faults.js"))
