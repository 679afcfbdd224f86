"""Letters on their way."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.leases import LeasedQuerySet

# Nobody else takes a letter up while it is being sent: twice the time-out of a mail server, and some more.
LEASE = timedelta(minutes=2)


class QueuedMailQuerySet(LeasedQuerySet["QueuedMail"]):
    free_from = "next_try_at"

    def due(self) -> "QueuedMailQuerySet":
        """What may be tried now, oldest first."""
        return self.free().filter(is_dead=False).order_by("created_at", "pk")

    def waiting(self) -> "QueuedMailQuerySet":
        """Letters that were not tried yet."""
        return self.filter(is_dead=False, attempts=0)

    def failing(self) -> "QueuedMailQuerySet":
        """Letters that will be tried again, and those being sent."""
        return self.filter(is_dead=False, attempts__gt=0)

    def given_up(self) -> "QueuedMailQuerySet":
        return self.filter(is_dead=True)

    def in_state(self, state: str) -> "QueuedMailQuerySet":
        found: QueuedMailQuerySet = getattr(self, MailState(state).value)()
        return found

    def retriable(self) -> "QueuedMailQuerySet":
        """What a person can have tried now: given up, or with a longer wait than one that is being sent ever has."""
        return self.filter(Q(is_dead=True) | Q(attempts__gt=0, next_try_at__gt=timezone.now() + LEASE))

    def to(self, address: str) -> "QueuedMailQuerySet":
        """Letters to this address alone; databases differ in how they search a list, and the letters are few."""
        found = [row.pk for row in self if [one.lower() for one in row.recipients] == [address.lower()]]
        return self.filter(pk__in=found)

    def retry(self) -> int:
        """Try these letters again from the beginning, as far as that helps; returns how many."""
        return self.retriable().update(attempts=0, is_dead=False, next_try_at=timezone.now())


class MailState(models.TextChoices):
    """What staff see of a letter; each is a method of QueuedMailQuerySet."""

    WAITING = "waiting", _("Waiting")
    FAILING = "failing", _("Failed, will be tried again")
    GIVEN_UP = "given_up", _("Given up")


class QueuedMail(models.Model):
    """A letter that has not been sent yet, or could not be; what has been sent is not kept."""

    sender = models.CharField(max_length=320)
    recipients = models.JSONField(default=list)
    subject = models.CharField(_("subject"), max_length=998)  # RFC 5322, 2.1.1: the longest line
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next attempt"), default=timezone.now, db_index=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    is_dead = models.BooleanField(_("given up"), default=False)

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail not sent yet")
        verbose_name_plural = _("mails not sent yet")

    def __str__(self) -> str:
        return self.subject

    @property
    def state(self) -> MailState:
        if self.is_dead:
            return MailState.GIVEN_UP
        return MailState.FAILING if self.attempts else MailState.WAITING

    @property
    def is_retriable(self) -> bool:
        """As `QueuedMailQuerySet.retriable`."""
        return self.is_dead or (self.attempts > 0 and self.next_try_at > timezone.now() + LEASE)

    @property
    def planned_for(self) -> datetime | None:
        return None if self.is_dead else self.next_try_at

    @property
    def addresses(self) -> str:
        return ", ".join(self.recipients)

    def claim(self, lease: timedelta) -> bool:
        """Take the letter for so long; False if somebody else was quicker."""
        # Another attempt since the letter was read, even one that has failed and is due again, was somebody else's.
        mine = QueuedMail.objects.filter(pk=self.pk, attempts=self.attempts)
        self.attempts += 1
        return bool(mine.take(lease, attempts=self.attempts))

    def try_again(self, at: datetime, error: str) -> None:
        self.next_try_at, self.last_error = at, error
        self.save(update_fields=["next_try_at", "last_error"])

    def give_up(self, error: str) -> None:
        """Keep it for the staff, who may have it tried again."""
        self.is_dead, self.last_error = True, error
        self.save(update_fields=["is_dead", "last_error"])
