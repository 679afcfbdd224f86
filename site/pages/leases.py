"""Leases (locks that expire): of several processes one takes charge of a row; if it dies, another takes over."""

from datetime import timedelta
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.utils import timezone

Row = TypeVar("Row", bound=models.Model)


class LeasedQuerySet(models.QuerySet[Row]):
    """Rows with a time from which on they may be taken; taking them puts that time off by the length of the lease.

    Whoever has finished sets the time anew or deletes the row. Nothing watches over processes: the lease of one that
    was killed runs out. So it has to be longer than the work takes, and doing the work twice must do no harm.
    """

    # The name of the field with that time.
    free_from: ClassVar[str] = "due_at"

    def free(self) -> Self:
        """What may be taken now."""
        return self.filter(**{f"{self.free_from}__lte": timezone.now()})

    def take(self, lease: timedelta, **changes: object) -> int:
        """Take what is free, and change its fields; returns how many rows that were.

        The condition is part of the one UPDATE, so the database gives a row to one of those who ask at once.
        """
        return self.free().update(**{self.free_from: timezone.now() + lease}, **changes)
