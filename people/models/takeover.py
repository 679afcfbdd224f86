"""Offers of a body to take over an entry that nobody answers for any more."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MESSAGE_MAX_LENGTH = 1_000


class TakeoverQuerySet(models.QuerySet["TakeoverRequest"]):
    def undecided(self) -> "TakeoverQuerySet":
        """What waits for a decision, oldest first."""
        return self.filter(decided_at__isnull=True).order_by("asked_at", "pk")


class TakeoverRequest(models.Model):
    """One offer; staff, or a coordinator of the body that has the entry, decide."""

    project = models.ForeignKey(
        "projects.ProjectPage", models.CASCADE, related_name="takeover_requests", verbose_name=_("project")
    )
    body = models.ForeignKey("projects.BodyPage", models.CASCADE, related_name="+", verbose_name=_("body"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="takeover_requests", verbose_name=_("asked by")
    )
    message = models.TextField(_("message"), max_length=MESSAGE_MAX_LENGTH, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    is_granted = models.BooleanField(_("granted"), default=False)

    objects = TakeoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("takeover request")
        verbose_name_plural = _("takeover requests")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "body"], condition=Q(decided_at__isnull=True), name="one_open_takeover_for_each_body"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} → {self.body}"

    def decide(self, *, is_granted: bool) -> None:
        self.is_granted, self.decided_at = is_granted, timezone.now()
        self.save(update_fields=["is_granted", "decided_at"])
