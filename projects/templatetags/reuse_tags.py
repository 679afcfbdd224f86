"""Who uses a project, for its page; what a body uses of others, for the body's."""

from typing import Any

from django import template

from pages.access import is_in
from projects import reuse
from projects.models import BodyPage, ProjectPage
from projects.reuse_map import map_of

register = template.Library()


@register.inclusion_tag("projects/project_reuse.html", takes_context=True)
def reuse_section(context: dict[str, Any], page: ProjectPage) -> dict[str, Any]:
    """One query for a project nobody uses; a preview may be of a page that is not stored yet."""
    request = context.get("request")
    for_members = request is not None and is_in(request)
    found = list(reuse.users_of(page, for_members=for_members)[: reuse.SHOWN_WITH_PROJECT + 1]) if page.pk else []
    users = found[: reuse.SHOWN_WITH_PROJECT]
    reuse.attach_pages(users)
    return {
        "page": page,
        "users": users,
        "has_more": len(found) > len(users),
        "summary": reuse.summary_of(page, for_members=for_members) if users else None,
        "map": map_of(reuse.on_map(page, for_members=for_members)) if users else None,
        "is_preview": getattr(request, "is_preview", False),
    }


@register.inclusion_tag("projects/body_reuse.html", takes_context=True)
def used_section(context: dict[str, Any], body: BodyPage) -> dict[str, Any]:
    """What the body uses of others; asks nothing for bodies that stand in no register."""
    request = context.get("request")
    asked = request.GET.get("genutzt") if request else None
    page_obj = reuse.page_of_used(body, asked) if body.unit else None
    return {"body": body, "page_obj": page_obj}
