"""Letters on their way."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.retries import Retried, RetryQuerySet

# Nobody else takes a letter up while it is being sent: twice the time-out of a mail server, and some more.
LEASE = timedelta(minutes=2)


class QueuedMailQuerySet(RetryQuerySet["QueuedMail"]):
    """What has been sent is not kept: all rows are still to be sent."""

    def due(self) -> Self:
        """What may be tried now, oldest first."""
        return super().due().order_by("created_at", "pk")

    def retriable(self) -> Self:
        """What a person can have tried now: given up, or with a longer wait than one that is being sent ever has."""
        return super().retriable().filter(Q(is_dead=True) | Q(next_try_at__gt=timezone.now() + LEASE))

    def to(self, address: str) -> Self:
        """Letters to this address alone; databases differ in how they search a list, and the letters are few."""
        found = [row.pk for row in self if [one.lower() for one in row.recipients] == [address.lower()]]
        return self.filter(pk__in=found)


class QueuedMail(Retried):
    """A letter that has not been sent yet, or could not be; what has been sent is not kept."""

    sender = models.CharField(max_length=320)
    recipients = models.JSONField(default=list)
    subject = models.CharField(_("subject"), max_length=998)  # RFC 5322, 2.1.1: the longest line
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next attempt"), default=timezone.now, db_index=True)

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail not sent yet")
        verbose_name_plural = _("mails not sent yet")

    def __str__(self) -> str:
        return self.subject

    @property
    def is_retriable(self) -> bool:
        return super().is_retriable and (self.is_dead or self.next_try_at > timezone.now() + LEASE)

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
