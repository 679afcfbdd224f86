"""What the panel and the decisions add to projects, to their editor and to the way of a plan.

Imported by `wagtail_hooks`.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.models import Page

from matching import decisions
from matching.decision_editor import ask_before_submit, hold_back, hold_back_in_bulk, lead_to_questions
from pages.slots import fill
from people.personal_data import HOOK as PERSONAL_DATA
from people.submission import HOOK as BEFORE_SUBMIT
from projects.models import BodyPage, ProjectPage

hooks.register("register_log_actions", decisions.name_actions)
hooks.register(PERSONAL_DATA, decisions.personal_data)
hooks.register(BEFORE_SUBMIT, ask_before_submit)
fill("project_story", "matching/weighed.html")
fill("project_aside", "matching/lead_banner.html", order=20)
fill("project_editor", "matching/editor_panel.html")
fill("moderation", "matching/admin/decisions.html")


@hooks.register("insert_editor_js")
def show_similar() -> str:
    return format_html('<script src="{}"></script>', static("js/similar.js"))


@hooks.register("before_edit_page")
def hold_back_page(request: HttpRequest, page: Page) -> None:
    if isinstance(page, ProjectPage):
        hold_back(request, page.public_body, page)


@hooks.register("before_create_page")
def hold_back_new_page(request: HttpRequest, parent_page: Page, page_class: type[Page]) -> None:
    if page_class is ProjectPage:
        hold_back(request, BodyPage.objects.get(pk=parent_page.pk), None)


@hooks.register("before_bulk_action")
def hold_back_pages(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: object
) -> HttpResponse | None:
    return hold_back_in_bulk(request, objects) if action_type == "publish" else None


@hooks.register("after_edit_page")
def ask_after_saving(request: HttpRequest, page: Page) -> HttpResponse | None:
    return lead_to_questions(request, page)


@hooks.register("after_create_page")
def ask_after_creating(request: HttpRequest, page: Page) -> HttpResponse | None:
    return lead_to_questions(request, page)
