"""What every page of the admin carries, the switch of a page's protection, and where gates meet Wagtail's editor."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from pages import gates
from pages.editor_views import EditorViewSet
from pages.protection import PageProtection
from pages.protection_views import register_protection, switch

hooks.register("register_log_actions", register_protection)


@hooks.register("insert_global_admin_js")
def leave_typed_dates_alone() -> str:
    return format_html('<script src="{}"></script>', static("js/admin_dates.js"))


@hooks.register("register_admin_viewset")
def add_editor() -> EditorViewSet:
    return EditorViewSet()


@hooks.register("insert_editor_js")
def add_editor_script() -> str:
    return format_html('<script src="{}"></script>', static("js/editor_faults.js"))


@hooks.register("register_admin_urls")
def add_protection() -> list[URLPattern]:
    return [path("seitenschutz/<int:pk>/", switch, name="page_protection")]


@hooks.register("register_page_header_buttons")
def lead_to_protection(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """For administrators, on pages that can be protected."""
    if isinstance(page, PageProtection) and user.is_superuser:
        label = _("Lift the protection") if page.is_protected else _("Protect")
        yield Button(label, url=reverse("page_protection", args=[page.pk]), icon_name="lock", priority=65)


# Wagtail asks others first: who refuses the form at all holds nothing back.
@hooks.register("before_create_page", order=1_000)
def hold_back_new_page(request: HttpRequest, parent: Page, kind: type[Page]) -> None:
    gates.hold_back(request, kind, parent=parent)


@hooks.register("before_edit_page", order=1_000)
def hold_back_page(request: HttpRequest, page: Page) -> None:
    gates.hold_back(request, type(page), page)


hooks.register("after_create_page", gates.go_on, order=1_000)
hooks.register("after_edit_page", gates.go_on, order=1_000)
hooks.register("before_publish_page", gates.before_publishing)


@hooks.register("before_bulk_action")
def ask_before_publishing_many(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Lists of other things, such as snippets, have bulk actions as well."""
    if action_type != "publish" or not all(isinstance(one, Page) for one in objects):
        return None
    return gates.before_publishing_many(request, objects, action)
