"""Who wants to come in: strangers who ask, colleagues who were invited, bodies that want to act for others."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models.team import Team
from projects.models import Municipality, State
from projects.models.body import RegisterReference


class RequestState(models.TextChoices):
    """Only what was confirmed by e-mail waits for somebody; the rest is history."""

    UNCONFIRMED = "unconfirmed", _("e-mail address not confirmed")
    WAITING = "waiting", _("waiting for a decision")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class AnswerableQuerySet(models.QuerySet[Any]):
    def waiting(self) -> "AnswerableQuerySet":
        """What has to be decided, oldest first."""
        return self.filter(status=RequestState.WAITING).order_by("waiting_since", "pk")


class Answerable(models.Model):
    """A request that waits until somebody grants or refuses it, once."""

    status = models.CharField(_("status"), max_length=12, choices=RequestState, default=RequestState.WAITING)
    created_at = models.DateTimeField(_("asked"), default=timezone.now)
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    reason = models.TextField(_("reason"), blank=True)

    objects = AnswerableQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        return self.status == RequestState.WAITING

    @property
    def is_late(self) -> bool:
        """True if it has waited for longer than the setting says."""
        limit = timezone.now() - timedelta(days=settings.JOINING_REMINDER_DAYS)
        return self.is_waiting and self.waiting_since is not None and self.waiting_since < limit

    def decide(self, status: RequestState, by: Any, reason: str = "") -> bool:
        """Note the decision; False if somebody else was quicker."""
        values = {"status": status, "decided_at": timezone.now(), "decided_by": by, "reason": reason}
        taken = type(self)._default_manager.filter(pk=self.pk, status=RequestState.WAITING).update(**values)
        self.refresh_from_db()
        return bool(taken)


class AccessRequest(Answerable, RegisterReference):
    """A person who wants to act for a body: an entry of the register, or a name where there is none."""

    body_name = models.CharField(_("name of the body"), max_length=150, blank=True)
    seat_state = models.ForeignKey(
        State, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Land of its seat")
    )
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    function = models.CharField(_("function"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    message = models.TextField(_("message"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("request for access")
        verbose_name_plural = _("requests for access")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "waiting_since"], name="people_access_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.person_name} – {self.body_label}"

    @property
    def person_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def body_label(self) -> str:
        """The body's name with Kreis and Land."""
        place = self.seat_state.name if self.seat_state else ""
        return str(self.unit or ", ".join(filter(None, (self.body_name, place))))


class Invitation(models.Model):
    """An address that may join a team; its link stops working when it is used, withdrawn, sent again or too old."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations", verbose_name=_("team"))
    email = models.EmailField(_("e-mail address"))
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    as_coordinator = models.BooleanField(_("as coordinator"), default=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    times_sent = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["email"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["team", "email"], name="one_invitation_per_address_and_team")
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def expires_at(self) -> datetime:
        return self.sent_at + timedelta(days=settings.INVITATION_DAYS)

    @property
    def is_expired(self) -> bool:
        return self.expires_at < timezone.now()


class RepresentationRequest(Answerable):
    """An association or Kreis that wants to act for one of its members."""

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="representation_requests", verbose_name=_("who wants to act")
    )
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+", verbose_name=_("for whom"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    message = models.TextField(_("message"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("request to act for a member")
        verbose_name_plural = _("requests to act for members")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["team", "municipality"],
                condition=models.Q(status=RequestState.WAITING),
                name="one_waiting_representation_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.team.body.title} – {self.municipality}"
