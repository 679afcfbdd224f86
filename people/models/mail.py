"""Letters on their way."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class QueuedMailQuerySet(models.QuerySet["QueuedMail"]):
    def due(self) -> "QueuedMailQuerySet":
        """What may be tried now, oldest first."""
        return self.filter(is_dead=False, next_try_at__lte=timezone.now()).order_by("created_at", "pk")

    def given_up(self) -> "QueuedMailQuerySet":
        return self.filter(is_dead=True)


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

    def claim(self, lease: timedelta) -> bool:
        """Take the letter for so long; False if somebody else was quicker."""
        until = timezone.now() + lease
        mine = QueuedMail.objects.filter(pk=self.pk, next_try_at=self.next_try_at)
        taken = mine.update(next_try_at=until, attempts=F("attempts") + 1)
        self.next_try_at, self.attempts = until, self.attempts + 1
        return bool(taken)

    def try_again(self, at: datetime, error: str) -> None:
        self.next_try_at, self.last_error = at, error
        self.save(update_fields=["next_try_at", "last_error"])

    def give_up(self, error: str) -> None:
        """Keep it for the staff to see, without what it says: it may carry a link that opens an account."""
        self.is_dead, self.last_error, self.text, self.html = True, error, "", ""
        self.save(update_fields=["is_dead", "last_error", "text", "html"])
