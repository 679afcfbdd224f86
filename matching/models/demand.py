"""What people look for and nobody has: searches without a hit, and the demands that staff open because of them."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from pages.models import ReadablePageQuerySet

# Longer queries tell something about the person who asks, or are copied texts.
QUERY_MAX_LENGTH = 80
DESCRIPTION_MAX_LENGTH = 1_500


class DemandQuerySet(models.QuerySet["Demand"]):
    def open(self) -> "DemandQuerySet":
        return self.filter(closed_at=None)

    def with_supporters(self) -> "DemandQuerySet":
        """Adds `supporter_count`."""
        return self.annotate(supporter_count=Count("supports"))

    def with_answers(self) -> "DemandQuerySet":
        """Adds `is_answered`: by a project that everybody may read."""
        readable = ReadablePageQuerySet(Page).readable().order_by()
        return self.annotate(is_answered=Exists(readable.filter(pk=OuterRef("answer"))))


class Demand(models.Model):
    """Something several municipalities need and no project offers yet."""

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(
        _("description"), max_length=DESCRIPTION_MAX_LENGTH, blank=True, help_text=_("What is missing, and for whom?")
    )
    query = models.CharField(
        _("words to search for"),
        max_length=QUERY_MAX_LENGTH,
        help_text=_("A new project that these words find is announced."),
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closing_note = models.TextField(_("note"), max_length=500, blank=True)
    answer = models.ForeignKey(
        "projects.ProjectPage", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answer")
    )
    is_example = models.BooleanField(_("example content"), default=False)

    objects = DemandQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        verbose_name = _("demand")
        verbose_name_plural = _("demands")

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def clean(self) -> None:
        if self.answer_id and self.is_open:
            raise ValidationError({"answer": _("A demand with an answer is closed.")})


class DemandSupport(models.Model):
    """A body that needs the same."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="supports", verbose_name=_("demand"))
    body = models.ForeignKey("projects.BodyPage", models.CASCADE, related_name="+", verbose_name=_("body"))
    joined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("joined by")
    )
    joined_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        ordering = ["joined_at", "pk"]
        verbose_name = _("support of a demand")
        verbose_name_plural = _("supports of demands")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["demand", "body"], name="one_support_per_body")
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.demand}"


class SearchMissQuerySet(models.QuerySet["SearchMiss"]):
    def to_look_at(self) -> "SearchMissQuerySet":
        """Those asked often enough to be shown, which staff have not dealt with, most wanted first, with `total`."""
        open_ones = self.exclude(text="").filter(hidden_at=None, demand=None)
        counted = open_ones.annotate(total=Sum("days__count")).filter(total__gte=settings.DEMAND_THRESHOLD)
        return counted.order_by("-total", "text")


class SearchMiss(models.Model):
    """A query that found nothing. Below the threshold only its keyed hash is stored, not what was typed."""

    digest = models.CharField(max_length=64, unique=True)
    text = models.CharField(_("query"), max_length=QUERY_MAX_LENGTH, blank=True)
    hidden_at = models.DateTimeField(null=True)
    demand = models.ForeignKey(Demand, models.SET_NULL, null=True, related_name="misses", verbose_name=_("demand"))

    objects = SearchMissQuerySet.as_manager()

    class Meta:
        verbose_name = _("search without a hit")
        verbose_name_plural = _("searches without a hit")

    def __str__(self) -> str:
        return self.text


class SearchMissDay(models.Model):
    """How many visitors asked it on one day."""

    miss = models.ForeignKey(SearchMiss, models.CASCADE, related_name="days")
    day = models.DateField(db_index=True)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("day of a search without a hit")
        verbose_name_plural = _("days of searches without a hit")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["miss", "day"], name="one_count_per_day"),
            models.CheckConstraint(condition=Q(count__gt=0), name="a_day_counts_something"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
