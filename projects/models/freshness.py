"""How current an entry is: when somebody last stood by it, and when it has to be asked for again."""

import datetime
from typing import Any, ClassVar

from dateutil.relativedelta import relativedelta
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.panels import FieldPanel

from projects.models.phase import Phase

# Guides and reports of experience are the staff's own; they have one interval for all of them.
ARTICLE = "wissen"
MONTHS_OF_A_YEAR = 12


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The day so many months after this one; the last of the month where that is shorter."""
    return day + relativedelta(months=months)


def months_between(first: datetime.date, last: datetime.date) -> int:
    """Whole months from one day to a later one; 0 if it is not later."""
    between = relativedelta(last, first)
    return max(between.years * MONTHS_OF_A_YEAR + between.months, 0)


def months_since(confirmed_at: datetime.datetime) -> int:
    return months_between(timezone.localdate(confirmed_at), timezone.localdate())


def age_in_words(confirmed_at: datetime.datetime) -> str:
    """How long ago the last confirmation was, as part of a sentence."""
    months = months_since(confirmed_at)
    words = ngettext("not confirmed for %(count)d month", "not confirmed for %(count)d months", months)
    return words % {"count": months}


class ReviewInterval(models.Model):
    """After how many months the people of an entry are asked whether it still holds; the staff decide."""

    subject = models.CharField(
        _("what"), max_length=20, unique=True, choices=[*Phase.choices, (ARTICLE, _("Articles"))]
    )
    months = models.PositiveSmallIntegerField(
        _("months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("So many months after the last confirmation. Empty: nobody is asked."),
    )

    panels: ClassVar[list[Any]] = [FieldPanel("subject", read_only=True), FieldPanel("months")]

    class Meta:
        ordering = ["subject"]
        verbose_name = _("review interval")
        verbose_name_plural = _("review intervals")

    def __str__(self) -> str:
        return self.get_subject_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Changes the dates of everything it is about along with it."""
        super().save(*args, **kwargs)
        about = Freshness.objects.filter(subject=self.subject)
        days = about.annotate(day=TruncDate("confirmed_at")).order_by().values_list("day", flat=True).distinct()
        for day in list(days):
            about.filter(confirmed_at__date=day).update(review_due=_due(day, self.months))


class FreshnessState(models.TextChoices):
    """The values stand in the search index as well."""

    CURRENT = "aktuell", _("Confirmed")
    DUE = "faellig", _("To be confirmed")
    ORPHANED = "verwaist", _("Orphaned")


class FreshnessQuerySet(models.QuerySet["Freshness"]):
    def public(self) -> "FreshnessQuerySet":
        """Of pages that visitors can see at all; what is no longer published need not be confirmed."""
        return self.filter(page__live=True)

    def overdue(self, today: datetime.date) -> "FreshnessQuerySet":
        return self.filter(review_due__lte=today)

    def of_projects(self) -> "FreshnessQuerySet":
        return self.exclude(subject=ARTICLE)


class Freshness(models.Model):
    """What is known about how current one published page is. Not part of its versions: an old draft changes nothing."""

    page = models.OneToOneField("wagtailcore.Page", models.CASCADE, related_name="freshness", verbose_name=_("page"))
    subject = models.CharField(_("what"), max_length=20)
    state = models.CharField(
        _("state"), max_length=10, choices=FreshnessState, default=FreshnessState.CURRENT, db_index=True
    )
    confirmed_at = models.DateTimeField(_("last confirmed"), default=timezone.now)
    review_due = models.DateField(_("to be confirmed by"), null=True, db_index=True)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    reminded_at = models.DateTimeField(_("last reminder"), null=True)
    orphaned_at = models.DateTimeField(_("orphaned since"), null=True)
    # Counted up with every answer: links in older letters then say that there has been one.
    round = models.PositiveIntegerField(default=1)
    # What held before the last answer, for taking it back; empty where there is nothing to take back.
    before = models.JSONField(default=dict)

    objects = FreshnessQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry with its age")
        verbose_name_plural = _("entries with their age")

    def __str__(self) -> str:
        return f"{self.page}: {self.get_state_display()}"

    @property
    def is_about_project(self) -> bool:
        return self.subject != ARTICLE

    @property
    def months(self) -> int:
        """Whole months since the last confirmation."""
        return months_since(self.confirmed_at)

    @property
    def age(self) -> str:
        """How long ago the last confirmation was, in words, as part of a sentence."""
        return age_in_words(self.confirmed_at)

    @property
    def is_overdue(self) -> bool:
        return self.state != FreshnessState.CURRENT

    @property
    def is_orphaned(self) -> bool:
        return self.state == FreshnessState.ORPHANED

    def begin(self, subject: str, at: datetime.datetime) -> None:
        """Begin a new period: somebody stood by the entry at that time."""
        self.subject, self.confirmed_at, self.state = subject, at, FreshnessState.CURRENT
        interval = ReviewInterval.objects.filter(subject=subject).first()
        self.review_due = _due(timezone.localdate(at), interval.months if interval else None)
        self.reminders, self.reminded_at, self.orphaned_at, self.before = 0, None, None, {}
        self.round += 1

    def note_due(self) -> None:
        self.state = FreshnessState.DUE
        self.save(update_fields=["state"])

    def note_reminder(self, at: datetime.datetime) -> None:
        self.reminders, self.reminded_at = self.reminders + 1, at
        self.save(update_fields=["reminders", "reminded_at"])

    def orphan(self, at: datetime.datetime) -> None:
        self.state, self.orphaned_at = FreshnessState.ORPHANED, at
        self.save(update_fields=["state", "orphaned_at"])


def _due(day: datetime.date, months: int | None) -> datetime.date | None:
    return None if months is None else months_later(day, months)
