"""Whether the person who reads a project watches it, for its page."""

from dataclasses import dataclass
from typing import Any

from django import template

from matching.models import Watch
from pages.access import has_session
from people.models import User
from people.teams.teams import is_member
from projects.models import ProjectPage

register = template.Library()


@dataclass(frozen=True)
class Watching:
    """Only members are offered it."""

    is_offered: bool = False
    is_watched: bool = False


@register.simple_tag(takes_context=True)
def watching(context: dict[str, Any], page: ProjectPage) -> Watching:
    """Asks nothing for visitors."""
    request = context.get("request")
    if request is None or getattr(request, "is_preview", False) or not has_session(request):
        return Watching()
    user = request.user
    if not isinstance(user, User) or not is_member(user):
        return Watching()
    return Watching(True, Watch.objects.readable_by_members().filter(user=user, project_id=page.pk).exists())
