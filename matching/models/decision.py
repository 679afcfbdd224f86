"""What the people of a plan decided about a project that is much like it, or about who builds the same for all."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models import CentralSolution, OzgField, ProjectPage

# Whatever a decision may be about, for queries.
SUBJECTS = ("other", "solution", "field")
REASON_MAX_LENGTH = 1_000


class DecisionKind(models.TextChoices):
    JOIN = "mitmachen", _("take part")
    REUSE = "nachnutzen", _("reuse")
    WATCH = "beobachten", _("watch")
    ANYWAY = "trotzdem", _("build it anyway")


class OverlapDecision(models.Model):
    """One decision for each pair, so that nobody is asked twice; a second thought replaces it."""

    project = models.ForeignKey(
        "projects.ProjectPage", models.CASCADE, related_name="overlap_decisions", verbose_name=_("plan")
    )
    # One of them: the project that is alike, what somebody builds for all, or the Themenfeld that somebody leads.
    other = models.ForeignKey(
        "projects.ProjectPage",
        models.CASCADE,
        null=True,
        related_name="decisions_about_it",
        verbose_name=_("similar project"),
    )
    solution = models.ForeignKey(
        "projects.CentralSolution", models.CASCADE, null=True, related_name="+", verbose_name=_("central solution")
    )
    field = models.ForeignKey(
        "projects.OzgField", models.CASCADE, null=True, related_name="+", verbose_name=_("OZG field")
    )
    kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind)
    reason = models.TextField(_("reason"), max_length=REASON_MAX_LENGTH, blank=True, help_text=_("Everybody reads it."))
    remark = models.TextField(
        _("internal remark"),
        max_length=REASON_MAX_LENGTH,
        blank=True,
        help_text=_("Only your colleagues and the centre read it."),
    )
    # What could be seen when it was decided: [{"kind", "text"}], as `search.similar.reasons` gives them.
    evidence = models.JSONField(_("reasons shown"), default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)

    class Meta:
        ordering = ["-decided_at", "-pk"]
        verbose_name = _("decision about a similar project")
        verbose_name_plural = _("decisions about similar projects")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["project", "other"], name="one_decision_per_pair"),
            models.UniqueConstraint(fields=["project", "solution"], name="one_decision_per_solution"),
            models.UniqueConstraint(fields=["project", "field"], name="one_decision_per_field"),
            models.CheckConstraint(
                condition=Q(other__isnull=False, solution__isnull=True, field__isnull=True)
                | Q(other__isnull=True, solution__isnull=False, field__isnull=True)
                | Q(other__isnull=True, solution__isnull=True, field__isnull=False),
                name="decision_is_about_one_thing",
            ),
            models.CheckConstraint(condition=~Q(other=F("project")), name="decision_is_about_another_project"),
        ]

    @property
    def subject(self) -> ProjectPage | CentralSolution | OzgField:
        """What it is about."""
        subject = self.other or self.solution or self.field
        assert subject is not None  # noqa: S101  (the database makes sure of it)
        return subject

    def __str__(self) -> str:
        return f"{self.project}: {self.get_kind_display()}"

    def clean(self) -> None:
        if self.kind == DecisionKind.ANYWAY and not self.reason.strip():
            raise ValidationError({"reason": _("Say why: others weigh the same.")})
