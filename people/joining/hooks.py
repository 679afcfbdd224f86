"""What joining and teams add to the admin: addresses, a menu item, entries in histories, a daily reminder."""

from datetime import timedelta

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people.joining import decision_views, invitations, representation, team_views
from people.joining import requests as joining
from people.operations.jobs import HOOK as JOBS_HOOK
from people.operations.jobs import Job
from people.rights import is_staff
from people.teams import membership
from people.teams.teams import coordinates_something

JOBS = [Job("joining_reminders", _("Remind of requests that wait"), timedelta(days=1), joining.remind)]


@hooks.register("register_admin_urls")
def add_team_pages() -> list[URLPattern]:
    return [
        path("teams/", team_views.teams, name="teams"),
        path("teams/<int:pk>/", team_views.team, name="team"),
        path("teams/<int:pk>/person/<int:number>/", team_views.member, name="team_member"),
        path("teams/<int:pk>/einladung/<int:number>/", team_views.invitation, name="team_invitation"),
        path("teams/<int:pk>/vertretung/", team_views.ask_to_represent, name="ask_to_represent"),
        path("teams/<int:pk>/vertretung/<int:number>/", team_views.end_representation, name="end_representation"),
        path("anfragen/zugang/<int:pk>/", decision_views.access_request, name="access_request"),
        path("anfragen/vertretung/<int:pk>/", decision_views.representation_request, name="representation_request"),
    ]


class TeamsMenuItem(MenuItem):
    """For those who decide who belongs to a body."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_staff(request.user) or coordinates_something(request.user)


@hooks.register("register_admin_menu_item")
def lead_to_teams() -> MenuItem:
    return TeamsMenuItem(_("Teams"), reverse("teams"), icon_name="group", order=250)


@hooks.register(JOBS_HOOK)
def offer_jobs() -> list[Job]:
    return JOBS


for names in (membership.name_actions, invitations.name_actions, joining.name_actions, representation.name_actions):
    hooks.register("register_log_actions", names)
