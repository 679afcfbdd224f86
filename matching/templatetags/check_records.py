"""Whether the person who reads a project may issue check records for it, for its page."""

from typing import Any

from django import template

from pages.access import has_session
from people.models import User
from people.rights import is_staff
from projects.models import ProjectPage

register = template.Library()


@register.simple_tag(takes_context=True)
def may_issue_records(context: dict[str, Any], page: ProjectPage) -> bool:
    """True for those the project belongs to and the centre. Asks nothing for visitors."""
    request = context.get("request")
    if request is None or getattr(request, "is_preview", False) or not has_session(request):
        return False
    user = request.user
    return isinstance(user, User) and (is_staff(user) or page.permissions_for_user(user).can_edit())
