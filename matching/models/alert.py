"""What a person is to be told, at which rhythm, and what the platform has seen of each project already."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import Phase


class Rhythm(models.TextChoices):
    """How often somebody wants a letter; the value stands in addresses and forms."""

    AT_ONCE = "sofort", _("at once")
    DAILY = "taeglich", _("at most once a day")
    WEEKLY = "woechentlich", _("at most once a week")
    NEVER = "nie", _("not at all")

    @property
    def pause(self) -> timedelta | None:
        """Between two letters; None: there are none."""
        return {
            Rhythm.AT_ONCE: timedelta(0),
            Rhythm.DAILY: timedelta(days=1),
            Rhythm.WEEKLY: timedelta(days=7),
            Rhythm.NEVER: None,
        }[self]


class AlertSettings(models.Model):
    """How often one person is written to; without a row the defaults hold."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="alert_settings", verbose_name=_("member")
    )
    similar = models.CharField(_("similar projects"), max_length=12, choices=Rhythm, default=Rhythm.DAILY)
    watched = models.CharField(_("watched projects and demands"), max_length=12, choices=Rhythm, default=Rhythm.DAILY)
    similar_sent_at = models.DateTimeField(null=True, editable=False)
    watched_sent_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("notification settings")
        verbose_name_plural = _("notification settings")

    def __str__(self) -> str:
        return str(self.user)


class AlertKind(models.TextChoices):
    SIMILAR = "aehnlich", _("similar to one's own project")
    WATCHED = "beobachtet", _("a watched project moved on")
    FOUND = "gefunden", _("found by a saved search")
    DEMAND = "bedarf", _("fits a demand")


class Event(models.TextChoices):
    """What happened to the page an alert is about."""

    APPEARED = "neu", _("new")
    PUBLISHED = "oeffentlich", _("now public")
    PHASE = "phase", _("new phase")
    GONE = "zurueckgezogen", _("no longer to be read")
    ANSWERED = "beantwortet", _("answers the demand")


class AlertQuerySet(models.QuerySet["Alert"]):
    def waiting(self) -> "AlertQuerySet":
        return self.filter(sent_at=None)


class Alert(models.Model):
    """One thing one person is to be told, or was: kept afterwards, so that nobody is told twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts", verbose_name=_("member"))
    kind = models.CharField(_("kind"), max_length=12, choices=AlertKind)
    event = models.CharField(_("event"), max_length=16, choices=Event, default=Event.APPEARED)
    # What of theirs it concerns, such as `project:12`; with it and the page each alert is there once.
    about = models.CharField(_("about"), max_length=60)
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+", verbose_name=_("because of"))
    own = models.ForeignKey(
        "projects.ProjectPage", models.CASCADE, null=True, related_name="+", verbose_name=_("own project")
    )
    search = models.ForeignKey(
        "matching.SavedSearch", models.CASCADE, null=True, related_name="alerts", verbose_name=_("saved search")
    )
    demand = models.ForeignKey(
        "matching.Demand", models.CASCADE, null=True, related_name="alerts", verbose_name=_("demand")
    )
    # [{"kind", "text"}], as the search gives them.
    reasons = models.JSONField(_("reasons"), default=list)
    created_at = models.DateTimeField(_("noted"), default=timezone.now)
    sent_at = models.DateTimeField(_("told"), null=True, db_index=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["user", "about", "page"], name="nobody_is_told_twice")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()} ({self.about})"


class SeenProject(models.Model):
    """What the last look at one project showed; what differs from it now is news."""

    project = models.OneToOneField(
        "projects.ProjectPage", models.CASCADE, related_name="seen", verbose_name=_("project")
    )
    # "public", "members", or nothing for a project that cannot be read.
    audience = models.CharField(max_length=8, blank=True)
    phase = models.CharField(max_length=20, choices=Phase)
    published_at = models.DateTimeField(null=True)
    # Counted up with each change that watchers are told of: a phase may come again.
    changes = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("seen project")
        verbose_name_plural = _("seen projects")

    def __str__(self) -> str:
        return str(self.project)
