"""Queues of work that is tried again: each row is something to do, with what became of the attempts so far."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.leases import LeasedQuerySet

ERROR_MAX_LENGTH = 500
Row = TypeVar("Row", bound="Retried")


class QueueState(models.TextChoices):
    """What staff see of a row; each is a method of RetryQuerySet."""

    WAITING = "waiting", _("Waiting")
    FAILING = "failing", _("Failed, will be tried again")
    GIVEN_UP = "given_up", _("Given up")


class RetryQuerySet(LeasedQuerySet[Row]):
    free_from = "next_try_at"

    def pending(self) -> Self:
        """What is still to be done: everything, unless rows stay when they are done."""
        return self.all()

    def waiting(self) -> Self:
        """What no attempt failed for."""
        return self.pending().filter(is_dead=False, attempts=0)

    def failing(self) -> Self:
        """What failed and will be tried again, or is being tried again."""
        return self.pending().filter(is_dead=False, attempts__gt=0)

    def given_up(self) -> Self:
        """What is tried again only if a person asks for it."""
        return self.pending().filter(is_dead=True)

    def in_state(self, state: str) -> Self:
        """Rows in one of the model's `States`. Raises ValueError for any other."""
        found: Self = getattr(self, self.model.States(state).value)()
        return found

    def due(self) -> Self:
        """What may be tried now."""
        return self.free().pending().filter(is_dead=False)

    def retriable(self) -> Self:
        """What a person can have tried now; the rest is tried without one."""
        return self.pending().filter(Q(is_dead=True) | Q(attempts__gt=0))

    def retry(self) -> int:
        """Try these again from the beginning, as far as that helps; returns how many."""
        return self.retriable().update(attempts=0, is_dead=False, next_try_at=timezone.now())


class Retried(models.Model):
    """One row of such a queue; its manager is made of a RetryQuerySet."""

    States: ClassVar[type[models.TextChoices]] = QueueState

    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    is_dead = models.BooleanField(_("given up"), default=False)
    next_try_at = models.DateTimeField(_("next attempt"))
    last_error = models.CharField(_("last error"), max_length=ERROR_MAX_LENGTH, blank=True)

    class Meta:
        abstract = True

    @property
    def state(self) -> Any:
        """One of `States`."""
        if self.is_dead:
            return self.States("given_up")
        return self.States("failing" if self.attempts else "waiting")

    @property
    def is_retriable(self) -> bool:
        """As `RetryQuerySet.retriable`."""
        return self.state in ("failing", "given_up")
