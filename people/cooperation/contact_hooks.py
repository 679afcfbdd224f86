"""What questions and partners add to the admin and to the worker; imported by `wagtail_hooks`."""

from datetime import timedelta

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people.admin_site.staff_menu import StaffMenuItem
from people.admin_site.to_do import HOOK as TASKS_HOOK
from people.admin_site.to_do import Task
from people.cooperation import contact, contact_report, contact_views, partner_views, partners
from people.models import User
from people.operations.jobs import HOOK as JOBS_HOOK
from people.operations.jobs import Job

hooks.register("register_log_actions", partners.name_actions)


@hooks.register("register_admin_urls")
def add_pages() -> list[URLPattern]:
    return [
        path("fragen/", contact_report.report, name="reply_times"),
        path("fragen/<int:pk>/", contact_views.read, name="contact_request"),
        path("mitarbeit/<int:pk>/", partner_views.decide, name="partner_decision"),
    ]


@hooks.register("register_reports_menu_item")
def lead_to_reply_times() -> MenuItem:
    return StaffMenuItem(gettext_lazy("Reply times"), reverse("reply_times"), icon_name="mail", order=110)


@hooks.register(TASKS_HOOK, order=25)
def bodies_that_want_to_take_part(user: User) -> list[Task]:
    """One line each: every offer has a page of its own."""
    return [
        Task(
            _("%(body)s would like to take part in “%(title)s”") % {"body": one.body, "title": one.project.title},
            reverse("partner_decision", args=[one.pk]),
            since=one.asked_at,
        )
        for one in partners.waiting_for(user)
    ]


@hooks.register(TASKS_HOOK, order=26)
def questions_without_answer(user: User) -> list[Task]:
    """One line each, because each is answered on its own."""
    return [
        Task(
            _("%(name)s asks about “%(title)s”") % {"name": one.name, "title": one.project.title},
            reverse("contact_request", args=[one.pk]),
            since=one.sent_at,
        )
        for one in contact.unanswered_for(user)
    ]


@hooks.register(JOBS_HOOK)
def offer_contact_jobs() -> list[Job]:
    return [Job("remind_of_questions", gettext_lazy("Reminders of questions"), timedelta(days=1), contact.remind)]
