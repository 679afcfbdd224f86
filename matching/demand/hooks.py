"""What demands add to the admin and to the worker; imported by `wagtail_hooks`."""

from datetime import timedelta

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from matching.demand import admin as demand_admin
from matching.demand import demands as demand
from matching.demand import misses as demand_misses
from people.admin_site.staff_menu import StaffMenuItem
from people.operations.jobs import HOOK as JOBS_HOOK
from people.operations.jobs import Job
from people.privacy.personal_data import HOOK as PERSONAL_DATA_HOOK
from people.reform.succession import HOOK as REFORM_HOOK

hooks.register(REFORM_HOOK, demand.hand_over)
hooks.register(PERSONAL_DATA_HOOK, demand.personal_data)


@hooks.register("register_admin_urls")
def add_demand_pages() -> list[URLPattern]:
    return [
        path("bedarf/", demand_admin.overview, name="demand_admin"),
        path("bedarf/neu/", demand_admin.open_demand, name="demand_open"),
        path("bedarf/<int:pk>/", demand_admin.edit, name="demand_edit"),
        path("bedarf/<int:pk>/schliessen/", demand_admin.close, name="demand_close"),
        path("bedarf/suche/<int:pk>/ausblenden/", demand_admin.hide, name="demand_hide"),
    ]


@hooks.register("register_reports_menu_item")
def lead_to_demands() -> MenuItem:
    return StaffMenuItem(_("Demand"), reverse("demand_admin"), icon_name="search", order=200)


@hooks.register(JOBS_HOOK)
def offer_forgetting() -> list[Job]:
    return [Job("forget_misses", _("Forgetting old searches"), timedelta(days=1), demand_misses.forget)]
