"""Reports of barriers: BITV 2.0 asks for a way to report them and an answer within a month."""

import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ANSWER_WITHIN = datetime.timedelta(days=30)


class BarrierReport(models.Model):
    """What someone could not use on this site; kept for the staff until answered."""

    address = models.CharField(_("address of the page"), max_length=500, blank=True)
    description = models.TextField(_("what did not work?"), max_length=5_000)
    name = models.CharField(_("your name"), max_length=120, blank=True)
    email = models.EmailField(_("your e-mail address"), blank=True, help_text=_("Only if you want an answer."))
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    # None for a report without an address, and for answers from before they were sent from here.
    answer_sent_at = models.DateTimeField(_("answer sent"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["answered_at", "created_at"]
        verbose_name = _("barrier report")
        verbose_name_plural = _("barrier reports")

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created_at):%d.%m.%Y} {self.description[:60]}"

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def answer_due_on(self) -> datetime.date:
        """The last day on which an answer is in time."""
        return timezone.localdate(self.created_at + ANSWER_WITHIN)
