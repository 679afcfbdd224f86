"""Checking what editors submit: one review for each submission, the list it is checked with, and what came without."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Task, TaskState, WorkflowState
from wagtail.signals import task_submitted

from people.models.account import User

FIRST_DAY_OF_WEEKEND = 5
SUMMARY_MAX_LENGTH = 2_000


def working_days_later(day: datetime.date, count: int) -> datetime.date:
    """The day so many days from Monday to Friday on; public holidays differ between the Länder and count as well."""
    while count > 0:
        day += datetime.timedelta(days=1)
        count -= day.weekday() < FIRST_DAY_OF_WEEKEND
    return day


def deadline_from_today() -> datetime.date:
    return working_days_later(timezone.localdate(), settings.REVIEW_WORKING_DAYS)


class ReviewQuerySet(models.QuerySet["ReviewState"]):
    def waiting(self) -> "ReviewQuerySet":
        """What staff have to check, oldest first."""
        return self.filter(status=TaskState.STATUS_IN_PROGRESS).order_by("started_at", "pk")

    def sent_back(self) -> "ReviewQuerySet":
        """What its authors have to mend, oldest first."""
        return self.filter(
            status=TaskState.STATUS_REJECTED,
            workflow_state__status=WorkflowState.STATUS_NEEDS_CHANGES,
            workflow_state__current_task_state=models.F("pk"),
        ).order_by("finished_at", "pk")

    def overdue(self) -> "ReviewQuerySet":
        return self.filter(due_on__lt=timezone.localdate())


class ReviewState(TaskState):
    """One submission: who takes care of it until when, what was found, what is asked for."""

    due_on = models.DateField(_("to be checked by"), default=deadline_from_today, db_index=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="submitted_reviews",
        verbose_name=_("submitted by"),
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="claimed_reviews",
        verbose_name=_("taken by"),
    )
    # [{"question": …, "is_fine": …}]: the list changes, what was answered does not.
    answers = models.JSONField(_("answers"), default=list)
    # [{"field": …, "label": …, "text": …}]: comments can be resolved and deleted, these stay.
    remarks = models.JSONField(_("remarks"), default=list)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")

    @property
    def is_waiting(self) -> bool:
        return bool(self.status == TaskState.STATUS_IN_PROGRESS)

    @property
    def is_overdue(self) -> bool:
        return self.is_waiting and self.due_on < timezone.localdate()


class Review(Task):
    """The step every submission passes: staff check it on a page of their own, and nowhere else."""

    task_state_class = ReviewState

    class Meta:
        verbose_name = _("check by the centre")
        verbose_name_plural = _("checks by the centre")

    @classmethod
    def get_description(cls) -> Any:
        return _("Staff of the centre check the page with the list and publish it, or send it back with remarks.")

    def start(self, workflow_state: WorkflowState, user: User | None = None) -> ReviewState:
        """Begin a check; what comes back after mending goes to whoever knows it already."""
        known = ReviewState.objects.filter(workflow_state=workflow_state).order_by("-pk").first()
        state = ReviewState(
            workflow_state=workflow_state,
            task=self,
            revision=workflow_state.content_object.get_latest_revision(),
            submitted_by=user,
            claimed_by=known.claimed_by if known else None,
        )
        state.save()
        task_submitted.send(sender=ReviewState, instance=state, user=user)
        return state

    def user_can_access_editor(self, obj: Any, user: User) -> bool:
        return user.is_of_centre

    def locked_for_user(self, obj: Any, user: User) -> bool:
        """What is being checked stays as it is; the author may withdraw it."""
        return not user.is_of_centre

    def user_can_lock(self, obj: Any, user: User) -> bool:
        return user.is_of_centre

    def user_can_unlock(self, obj: Any, user: User) -> bool:
        return user.is_of_centre


class Evidence(models.TextChoices):
    """What is looked up beside a question of the list."""

    NONE = "", _("Nothing")
    TITLE = "title", _("Title and pages of the same title")
    COMPLETENESS = "completeness", _("What is missing")
    LICENCE = "licence", _("Licences")
    CONTACT = "contact", _("Contact")
    PERSONAL_DATA = "personal_data", _("Addresses and numbers in the texts")
    SIMILAR = "similar", _("Similar projects")


class CheckItem(models.Model):
    """One question of the list staff check a submission with; staff keep the list."""

    question = models.CharField(_("question"), max_length=200, unique=True)
    explanation = models.TextField(
        _("explanation"), max_length=500, blank=True, help_text=_("What to look at, and when it is in order.")
    )
    evidence = models.CharField(_("shown beside it"), max_length=20, choices=Evidence, blank=True)
    is_required = models.BooleanField(_("required"), default=True, help_text=_("Without it nothing can be published."))
    only_projects = models.BooleanField(
        _("only for projects"), default=True, help_text=_("Not asked when a body's profile is checked.")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    panels: ClassVar[list[Any]] = [
        FieldPanel("question"),
        FieldPanel("explanation"),
        FieldPanel("evidence"),
        FieldRowPanel([FieldPanel("is_required"), FieldPanel("only_projects"), FieldPanel("is_active")]),
        FieldPanel("sort_order"),
    ]

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("question of the check-list")
        verbose_name_plural = _("check-list")

    def __str__(self) -> str:
        return self.question


class DirectPublicationQuerySet(models.QuerySet["DirectPublication"]):
    def unseen(self) -> "DirectPublicationQuerySet":
        """What nobody of the staff has looked at yet, oldest first."""
        return self.filter(seen_at__isnull=True).order_by("published_at", "pk")


class DirectPublication(models.Model):
    """A page that was published without a check; staff look at it afterwards. One row until somebody has."""

    page = models.ForeignKey(
        "wagtailcore.Page", models.CASCADE, related_name="direct_publications", verbose_name=_("page")
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    is_first = models.BooleanField(_("for the first time"), default=False)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("seen by")
    )
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    objects = DirectPublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("direct publication")
        verbose_name_plural = _("direct publications")
        constraints = [
            models.UniqueConstraint(
                fields=["page"], condition=models.Q(seen_at__isnull=True), name="one_unseen_publication_for_each_page"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page} ({self.published_at:%Y-%m-%d})"
