"""What reuse adds to the first page of the admin, to the histories and to the worker; imported by `wagtail_hooks`."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from people.admin_site.to_do import HOOK as TASKS_HOOK
from people.admin_site.to_do import Task
from people.models import User
from people.operations.jobs import HOOK as JOBS_HOOK
from people.operations.jobs import Job
from people.reuse import notify as reuse_telling
from people.reuse import reminders as reuse_reminders
from people.reuse import sides as reuse_sides

hooks.register("register_log_actions", reuse_telling.name_actions)


@hooks.register(TASKS_HOOK, order=40)
def claims_to_answer(user: User) -> list[Task]:
    """One line each: every claim has a page of its own."""
    return [
        Task(
            _("Does %(name)s use “%(title)s”?") % {"name": claim.name, "title": claim.project.title},
            reverse("reuse", args=[claim.pk]),
            since=claim.declared_at,
        )
        for claim in reuse_sides.waiting_for(user)
    ]


@hooks.register(JOBS_HOOK)
def offer_questions() -> list[Job]:
    return [Job("ask_reuse", _("Questions about reuse"), timedelta(days=1), reuse_reminders.run)]
