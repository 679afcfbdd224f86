"""Projects like another one, for its page and for whoever checks it."""

from typing import Any

from django import template

from matching.alike.beside import Beside, beside
from matching.alike.panel import Panel, look
from projects.models import ProjectPage
from search.similar.finding import Draft

register = template.Library()


@register.simple_tag(takes_context=True)
def projects_beside(context: dict[str, Any], page: ProjectPage) -> Beside | None:
    """What stands on the public page; None in previews, and for plans that only members read."""
    request = context.get("request")
    if request is None or getattr(request, "is_preview", False) or page.is_members_only:
        return None
    return beside(page)


@register.simple_tag
def alike_for_check(page: ProjectPage) -> Panel:
    """What its people are shown while they write, for the centre."""
    return look(Draft.of_page(page), project=page)
