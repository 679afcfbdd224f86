"""Who works on a project together, and who has asked its people something."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.following import Following, FollowingQuerySet, ToldTo

MESSAGE_MAX_LENGTH = 2_000


class PartnerState(models.TextChoices):
    """After the partner states of OZG NRW kommunal; the last two end it."""

    INTERESTED = "interessiert", _("interested in taking part")
    ASSURED = "zugesichert", _("participation assured")
    DECLINED = "abgelehnt", _("declined")
    WITHDRAWN = "zurueckgezogen", _("withdrawn")


CURRENT = (PartnerState.INTERESTED, PartnerState.ASSURED)


class PartnershipQuerySet(FollowingQuerySet["Partnership"]):
    def current(self) -> "PartnershipQuerySet":
        return self.filter(state__in=CURRENT)

    def ended(self) -> "PartnershipQuerySet":
        return self.filter(state__in=(PartnerState.DECLINED, PartnerState.WITHDRAWN))


class Partnership(Following):
    """A body that wants to work on another body's project, or does."""

    project = models.ForeignKey(
        "projects.ProjectPage", models.CASCADE, related_name="partnerships", verbose_name=_("project")
    )
    body = models.ForeignKey("projects.BodyPage", models.CASCADE, related_name="partnerships", verbose_name=_("body"))
    state = models.CharField(_("state"), max_length=16, choices=PartnerState, default=PartnerState.INTERESTED)
    message = models.TextField(_("message"), max_length=MESSAGE_MAX_LENGTH, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    # The project's people learn of it when the plan it follows from appears to them.
    told_to = models.CharField(max_length=7, choices=ToldTo, blank=True, editable=False)
    is_example = models.BooleanField(_("example content"), default=False)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        constraints = [models.UniqueConstraint(fields=["project", "body"], name="one_partnership_per_body")]

    def __str__(self) -> str:
        return f"{self.body}: {self.project} ({self.get_state_display()})"

    @property
    def is_assured(self) -> bool:
        return self.state == PartnerState.ASSURED

    @property
    def is_open(self) -> bool:
        """True while it is offered or agreed upon."""
        return self.state in CURRENT


class ContactRequest(models.Model):
    """A question to the people of a project by the form; their address is never shown."""

    project = models.ForeignKey(
        "projects.ProjectPage", models.CASCADE, related_name="contact_requests", verbose_name=_("project")
    )
    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"))
    message = models.TextField(_("message"), max_length=MESSAGE_MAX_LENGTH)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now, db_index=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True)

    class Meta:
        verbose_name = _("question to a project")
        verbose_name_plural = _("questions to projects")

    def __str__(self) -> str:
        return f"{self.project}: {self.sent_at:%d.%m.%Y}"
