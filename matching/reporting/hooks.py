"""What the panel and the decisions add to projects, to their editor and to the way of a plan.

Imported by `wagtail_hooks`.
"""

from django.templatetags.static import static
from django.utils.html import format_html_join
from wagtail import hooks

from matching.alike import decisions
from pages.slots import fill
from people.privacy.personal_data import HOOK as PERSONAL_DATA

hooks.register("register_log_actions", decisions.name_actions)
hooks.register(PERSONAL_DATA, decisions.personal_data)
fill("project_story", "matching/weighed.html")
fill("project_aside", "matching/lead_banner.html", order=20)
fill("project_editor", "matching/editor_panel.html")
fill("project_more", "matching/beside.html", order=-10)
fill("project_terms", "matching/recognised.html")
fill("moderation", "matching/admin/decisions.html")
fill("moderation_similar", "matching/admin/similar.html")


@hooks.register("insert_editor_js")
def show_similar() -> str:
    names = ("js/recognised.js", "js/similar.js")
    return format_html_join("", '<script src="{}"></script>', ((static(name),) for name in names))
