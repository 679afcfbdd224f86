"""What people see first in the admin: their bodies, and one button to describe a project."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from people import second_factor
from people.teams import bodies_of


class OwnBodiesPanel(Component):
    """The bodies a person acts for, each with its number of projects."""

    name = "own_bodies"
    template_name = "people/admin/own_bodies.html"
    order = 50

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        return {"bodies": bodies_of(user)}


@hooks.register("construct_homepage_panels")
def show_own_bodies(request: HttpRequest, panels: list[Component]) -> None:
    if bodies_of(request.user):
        panels.insert(0, OwnBodiesPanel())


class SecondFactorPanel(Component):
    """Where a second factor is only offered, those who must have one in use are told so."""

    name = "second_factor"
    template_name = "people/admin/second_factor.html"
    order = 40


@hooks.register("construct_homepage_panels")
def offer_second_factor(request: HttpRequest, panels: list[Component]) -> None:
    is_offered = not settings.SECOND_FACTOR_REQUIRED and second_factor.must_have(request.user)
    if is_offered and not second_factor.has(request.user):
        panels.append(SecondFactorPanel())


@hooks.register("register_admin_menu_item")
def lead_to_account() -> MenuItem:
    """Password, second factor and sessions have pages of their own, outside Wagtail."""
    return MenuItem(_("My account"), reverse("people_account"), icon_name="lock", order=10_000)
