"""What keeping entries fresh adds to the admin and to the worker; imported by `wagtail_hooks`."""

from datetime import timedelta

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from people.admin_site.staff_menu import StaffMenuItem
from people.freshness import answers as freshness_answers
from people.freshness import entries as freshness
from people.freshness import reminders as freshness_reminders
from people.freshness import takeover, takeover_views
from people.freshness.report import freshness_report, freshness_report_results
from people.operations.jobs import HOOK as JOBS_HOOK
from people.operations.jobs import Job
from projects.models import ReviewInterval


class ReviewIntervalViewSet(SnippetViewSet):
    """How often is asked; there is one row for everything that can be asked about."""

    model = ReviewInterval
    icon = "history"
    menu_label = _("Review intervals")
    menu_order = 330
    add_to_settings_menu = True
    list_display = ("__str__", "months")
    copy_view_enabled = False


register_snippet(ReviewIntervalViewSet)
hooks.register("register_log_actions", freshness.name_actions)
hooks.register("register_log_actions", takeover.name_actions)


@hooks.register("register_admin_urls")
def add_freshness_pages() -> list[URLPattern]:
    return [
        path("aktualitaet/", freshness_report, name="freshness_report"),
        path("aktualitaet/results/", freshness_report_results, name="freshness_report_results"),
        path("aktualitaet/<int:pk>/zurueck/", freshness_answers.undo, name="freshness_own_undo"),
        path("aktualitaet/<int:pk>/vergeben/", takeover_views.assign, name="takeover_assign"),
        path("aktualitaet/<int:pk>/<slug:said>/", freshness_answers.give_answer, name="freshness_own_answer"),
        path("uebernahme/<int:pk>/", takeover_views.decide, name="takeover_decision"),
    ]


@hooks.register("register_reports_menu_item")
def lead_to_freshness_report() -> MenuItem:
    return StaffMenuItem(_("Freshness of entries"), reverse("freshness_report"), icon_name="history", order=100)


@hooks.register(JOBS_HOOK)
def offer_reminders() -> list[Job]:
    return [Job("remind", _("Reminders to confirm entries"), timedelta(days=1), freshness_reminders.run)]
