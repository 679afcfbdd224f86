"""What the worker does again and again, and when it last did."""

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.leases import LeasedQuerySet

ERROR_MAX_LENGTH = 500


class JobRunQuerySet(LeasedQuerySet["JobRun"]):
    def claim(self, name: str, lease: timedelta) -> bool:
        """Take the job for so long if it is due; False if it is not, or if another worker was quicker."""
        now = timezone.now()
        self.get_or_create(name=name, defaults={"due_at": now})
        return bool(self.filter(name=name).take(lease, began_at=now))


class JobRun(models.Model):
    """One row for each job, with its last run."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    due_at = models.DateTimeField(_("next run"))
    began_at = models.DateTimeField(_("began"), null=True)
    succeeded_at = models.DateTimeField(_("last succeeded"), null=True)
    last_error = models.CharField(_("last error"), max_length=ERROR_MAX_LENGTH, blank=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("recurring job")
        verbose_name_plural = _("recurring jobs")

    def __str__(self) -> str:
        return self.name

    def note_success(self, next_at: datetime) -> None:
        self.due_at, self.succeeded_at, self.last_error = next_at, timezone.now(), ""
        self.save(update_fields=["due_at", "succeeded_at", "last_error"])

    def note_failure(self, next_at: datetime, error: str) -> None:
        self.due_at, self.last_error = next_at, error[:ERROR_MAX_LENGTH]
        self.save(update_fields=["due_at", "last_error"])
