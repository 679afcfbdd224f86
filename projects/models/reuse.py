"""Reuse (Nachnutzung): which unit of the register uses which project, how far, and whether it has said so itself."""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.body import REGISTER_FIELDS, BodyPage, RegisterReference
from projects.models.following import Following, FollowingQuerySet, ToldTo

# An adopter is asked once a year whether it still holds; without an answer it counts as unconfirmed again.
REUSE_VALID = datetime.timedelta(days=365)
CHANGES_MAX_LENGTH = 1_000


class ReuseState(models.TextChoices):
    """The values stand in the search index as well."""

    EXAMINING = "prueft", _("examining")
    PILOT = "pilot", _("pilot")
    PRODUCTIVE = "produktiv", _("productive")
    REPLACED = "abgeloest", _("replaced")


IN_USE = (ReuseState.PILOT, ReuseState.PRODUCTIVE)


# Confirmed users from which the words of the classes below are true.
SEVERAL_FROM, MANY_FROM = 2, 5


class ReuseClass(models.TextChoices):
    """By how many others a project is used; the values stand in the search index and in addresses."""

    MANY = "viele", _("by five or more, confirmed")
    SEVERAL = "mehrere", _("by two to four, confirmed")
    ONE = "eine", _("by one, confirmed")
    UNCONFIRMED = "unbestaetigt", _("unconfirmed only")

    @classmethod
    def of(cls, in_use: int, confirmed: int) -> "ReuseClass | None":
        """The class of a project that so many try out or use, so many of them confirmed; None without any."""
        if confirmed >= MANY_FROM:
            return cls.MANY
        if confirmed >= SEVERAL_FROM:
            return cls.SEVERAL
        if confirmed:
            return cls.ONE
        return cls.UNCONFIRMED if in_use else None


def is_confirmed(now: datetime.datetime | None = None) -> Q:
    """What the adopter itself has said within the year before `now`."""
    return Q(confirmed_at__gt=(now or timezone.now()) - REUSE_VALID)


class ReuseQuerySet(FollowingQuerySet["Reuse"]):
    def current(self) -> "ReuseQuerySet":
        """What is used today or about to be."""
        return self.told().exclude(stage=ReuseState.REPLACED)

    def told(self) -> "ReuseQuerySet":
        """What may be shown: everything the adopter has not denied."""
        return self.filter(refused_at=None)

    def in_use(self) -> "ReuseQuerySet":
        """What is tried out or used in earnest; whoever examines uses nothing yet."""
        return self.told().filter(stage__in=IN_USE)

    def unanswered(self) -> "ReuseQuerySet":
        """Claims of the provider the adopter has never said anything about."""
        return self.told().filter(confirmed_at=None)

    def confirmed(self) -> "ReuseQuerySet":
        return self.filter(is_confirmed())

    def lapsed(self, now: datetime.datetime) -> "ReuseQuerySet":
        """What the adopter said longer ago than a year."""
        return self.filter(confirmed_at__lte=now - REUSE_VALID)

    def with_units(self) -> "ReuseQuerySet":
        """Fetches what the name and place of the adopter need."""
        return self.select_related(
            "municipality__district__state", "district__state", "association__district__state", "state"
        )


class Reuse(RegisterReference, Following):
    """One unit's use of one project; either side may declare it, the adopter confirms it."""

    project = models.ForeignKey(
        "projects.ProjectPage", models.CASCADE, related_name="reuses", verbose_name=_("project")
    )
    stage = models.CharField(_("how far"), max_length=12, choices=ReuseState, default=ReuseState.EXAMINING)
    since = models.DateField(_("since"), null=True, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("declared by")
    )
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, db_index=True)
    asked_at = models.DateTimeField(_("last asked"), null=True)
    # The adopter has said that the claim is not true: it is shown nowhere, and cannot be repeated.
    refused_at = models.DateTimeField(_("refused"), null=True)
    # Noted when a year has passed without an answer, so that the search learns of it.
    lapsed_at = models.DateTimeField(_("lapsed"), null=True)
    person_days = models.PositiveIntegerField(_("effort (person-days)"), null=True, blank=True)
    cost = models.PositiveIntegerField(_("cost (euro)"), null=True, blank=True)
    changes = models.TextField(_("what we changed"), max_length=CHANGES_MAX_LENGTH, blank=True)
    # The project's people learn of it when the plan it follows from appears to them.
    told_to = models.CharField(max_length=7, choices=ToldTo, blank=True, editable=False)
    is_example = models.BooleanField(_("example content"), default=False)

    # The public page of the adopter, where a list has attached it; see `projects.reuse`.
    body: BodyPage | None = None

    objects = ReuseQuerySet.as_manager()

    class Meta:
        verbose_name = _("reuse")
        verbose_name_plural = _("reuses")
        constraints: ClassVar[list[Any]] = [
            *(
                models.UniqueConstraint(
                    fields=["project", field], condition=Q(**{f"{field}__isnull": False}), name=f"one_reuse_per_{field}"
                )
                for field in REGISTER_FIELDS
            ),
            # So figures, comparisons and the search, which count what is in use, need not ask for the plans.
            models.CheckConstraint(
                condition=Q(is_own_word=True) | Q(stage=ReuseState.EXAMINING), name="a_plan_uses_nothing_yet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.project}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None and self.confirmed_at > timezone.now() - REUSE_VALID

    @property
    def name(self) -> str:
        """What the adopter is called where nothing says which kind it is."""
        return self.unit.titled_name if self.unit else ""

    @property
    def is_current(self) -> bool:
        return self.refused_at is None and self.stage != ReuseState.REPLACED

    def clean(self) -> None:
        if sum(getattr(self, f"{field}_id") is not None for field in REGISTER_FIELDS) != 1:
            raise ValidationError(_("Choose exactly one municipality, Kreis, association or Land."))
