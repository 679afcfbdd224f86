"""What people see first in the admin: their bodies, and one button to describe a project."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component

from people.models import User
from projects.models import BodyPage


class OwnBodiesPanel(Component):
    """The bodies a person acts for, each with its number of projects."""

    name = "own_bodies"
    template_name = "people/admin/own_bodies.html"
    order = 50

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        return {"bodies": bodies_of(user)}


def bodies_of(user: User | AnonymousUser) -> list[BodyPage]:
    """The bodies whose team the person belongs to, by name, with `project_count`."""
    bodies = BodyPage.objects.filter(team__group__user=user.pk).with_project_counts().with_places()
    return list(bodies.order_by("title"))


@hooks.register("construct_homepage_panels")
def show_own_bodies(request: HttpRequest, panels: list[Component]) -> None:
    if bodies_of(request.user):
        panels.insert(0, OwnBodiesPanel())
