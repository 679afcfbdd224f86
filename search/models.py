"""What the search keeps in the database: work still to do, and what staff declared to mean the same."""

import datetime
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from search.synonyms import SynonymTable, expression_of

# Failed entries are tried again after 2, 4, 8 … seconds, at the latest after an hour.
FIRST_RETRY = datetime.timedelta(seconds=2)
LAST_RETRY = datetime.timedelta(hours=1)
ERROR_MAX_LENGTH = 500
# Databases limit the parameters of one statement (SQLite: 32,766, older builds 999).
ENQUEUE_BATCH = 400


class OutboxQuerySet(models.QuerySet["OutboxEntry"]):
    def pending(self) -> Self:
        """Entries whose page changed since it was last brought into the index."""
        return self.filter(version__gt=F("synced_version"))

    def due(self, now: datetime.datetime) -> Self:
        """Pending entries that may be tried now, oldest change first."""
        return self.pending().filter(next_try_at__lte=now).order_by("changed_at", "page_id")

    def enqueue(self, page_ids: Iterable[int]) -> None:
        """Note that these pages changed, inside the current transaction: a rollback forgets it.

        Inserting first and counting up afterwards lets no change get lost: a concurrent insert of the same page is
        waited for, and the update then counts on top of it.
        """
        wanted = sorted(set(page_ids))
        now = timezone.now()
        with transaction.atomic():
            for start in range(0, len(wanted), ENQUEUE_BATCH):
                batch = wanted[start : start + ENQUEUE_BATCH]
                rows = [OutboxEntry(page_id=page_id, version=0, next_try_at=now, changed_at=now) for page_id in batch]
                OutboxEntry.objects.bulk_create(rows, ignore_conflicts=True)
                self.filter(page_id__in=batch).update(
                    version=F("version") + 1, changed_at=now, next_try_at=now, attempts=0
                )


class OutboxEntry(models.Model):
    """One page whose state has to reach the index; the row stays, its version counts the changes."""

    page_id = models.BigIntegerField(_("page number"), unique=True)
    version = models.BigIntegerField(_("version"), default=0)
    synced_version = models.BigIntegerField(_("version in the index"), default=0)
    changed_at = models.DateTimeField(_("changed"))
    synced_at = models.DateTimeField(_("brought into the index"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("failed attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"))
    last_error = models.CharField(_("last error"), max_length=ERROR_MAX_LENGTH, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]
        verbose_name = _("change for the search")
        verbose_name_plural = _("changes for the search")
        indexes = [
            models.Index(
                fields=["next_try_at"], name="search_outbox_pending", condition=Q(version__gt=F("synced_version"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} v{self.version}"

    @property
    def is_pending(self) -> bool:
        return self.version > self.synced_version

    def note_failure(self, error: str) -> None:
        """Store why it did not work and when to try again."""
        wait = min(FIRST_RETRY * 2 ** min(self.attempts, 12), LAST_RETRY)
        OutboxEntry.objects.filter(pk=self.pk, version=self.version).update(
            attempts=F("attempts") + 1,
            next_try_at=timezone.now() + wait,
            last_error=error[:ERROR_MAX_LENGTH],
        )

    def note_success(self) -> bool:
        """Done, unless the page changed again meanwhile. Returns whether it is done."""
        return bool(
            OutboxEntry.objects.filter(pk=self.pk, version=self.version).update(
                synced_version=self.version, synced_at=timezone.now(), attempts=0, last_error=""
            )
        )


class SynonymQuerySet(models.QuerySet["Synonym"]):
    def table(self) -> SynonymTable:
        """All rows as a table for queries; read anew only after a change, in any process."""
        stamp = tuple(self.aggregate(rows=Count("pk"), changed=Max("changed_at")).values())
        if _cached_table.get("stamp") != stamp:
            rows = [row.split(",") for row in self.values_list("words", flat=True)]
            _cached_table.update(stamp=stamp, table=SynonymTable.from_rows(rows))
        return _cached_table["table"]


_cached_table: dict[str, Any] = {}


class Synonym(models.Model):
    """Expressions that mean the same for the search, such as “Kita, Kindertagesstätte”."""

    words = models.CharField(
        _("expressions"),
        max_length=500,
        help_text=_("Separated by commas. Whoever looks for one of them also finds the others."),
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    panels: ClassVar[list[Any]] = [FieldPanel("words")]

    objects = SynonymQuerySet.as_manager()

    class Meta:
        ordering = ["words"]
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        if len({expression_of(word) for word in self.words.split(",")} - {()}) < 2:
            raise ValidationError({"words": _("Give at least two expressions, separated by a comma.")})
