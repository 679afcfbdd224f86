"""What the search keeps in the database: work still to do, and what staff declared to mean the same."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from pages.leases import LeasedQuerySet
from pages.retries import ERROR_MAX_LENGTH, Retried, RetryQuerySet
from search.semantic.embeddings import Embedding, PageMeaning  # noqa: F401  (models of this app)
from search.text.synonyms import SynonymTable, expression_of

# Pages that were refused are tried again after 2, 4, 8 … seconds; the last try of MAX_ATTEMPTS is after four minutes.
FIRST_RETRY = datetime.timedelta(seconds=2)
MAX_ATTEMPTS = 8
# Whoever claimed entries and did not finish within this time was killed: others may take them. A batch takes about a
# second; writing the same twice does no harm.
LEASE = datetime.timedelta(seconds=30)
# A server forgets after an hour which documents were removed (index.gc_deletes); until then it is told their keys.
KEYS_KEPT = datetime.timedelta(hours=1)
AT_ONCE = datetime.timedelta(0)
# Databases limit the parameters of one statement (SQLite: 32,766, older builds 999).
ENQUEUE_BATCH = 400
MICROSECONDS = 1_000_000

# Which field tells what an index holds: the one in use, and the one that answers while that cannot.
IN_USE = "synced_version"
FALLBACK = "fallback_version"


class OutboxQuerySet(RetryQuerySet["OutboxEntry"]):
    def pending(self, index: str = IN_USE) -> Self:
        """Entries whose page changed since it was last brought into the index."""
        return self.filter(version__gt=F(index))

    def done(self) -> Self:
        return self.filter(version__lte=F("synced_version"))

    def due(self) -> Self:
        """Pending entries that may be tried now, oldest change first."""
        return super().due().order_by("changed_at", "page_id")

    def enqueue(self, page_ids: Iterable[int], wait: datetime.timedelta = AT_ONCE) -> None:
        """Note that these pages changed, inside the current transaction: a rollback forgets it.

        With `wait`, they are about to change in a transaction of their own, which will be over by then.

        Inserting first and counting up afterwards lets no change get lost: a concurrent insert of the same page is
        waited for, and the update then counts on top of it. The version is never below the microseconds since 1970,
        so that a database restored from a backup does not count below what the index holds.
        """
        wanted = sorted(set(page_ids))
        now = timezone.now()
        counted_up = Greatest(F("version") + 1, Value(int(now.timestamp() * MICROSECONDS)))
        with transaction.atomic():
            for start in range(0, len(wanted), ENQUEUE_BATCH):
                batch = wanted[start : start + ENQUEUE_BATCH]
                rows = [OutboxEntry(page_id=page_id, version=0, next_try_at=now, changed_at=now) for page_id in batch]
                OutboxEntry.objects.bulk_create(rows, ignore_conflicts=True)
                changed = self.filter(page_id__in=batch)
                if len(batch) > 1:  # in one order for everybody, or two such changes could wait for each other
                    list(changed.order_by("page_id").select_for_update().values_list("pk"))
                changed.update(
                    version=counted_up, changed_at=now, next_try_at=now + wait, attempts=0, is_dead=False, last_error=""
                )

    def claim(self, size: int) -> list["OutboxEntry"]:
        """Take due entries for the length of a lease; nobody else gets them until it ends or their page changes."""
        if not self.due().exists():  # on SQLite, claiming takes the one write lock
            return []
        with transaction.atomic():
            entries: list[OutboxEntry] = list(self.due().unlocked()[:size])
            self.filter(pk__in=[entry.pk for entry in entries]).take(LEASE)
        return entries

    def unlocked(self) -> Self:
        """Lock the rows, leaving out those of changes not yet committed: a change must never wait for a drain that
        itself waits for another change."""
        return self.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)

    def release(self, page_ids: Collection[int], error: str) -> None:
        """Give claimed entries back untried: the engine, not a page, was to blame."""
        with transaction.atomic():
            rows = [row.pk for row in self.pending().filter(page_id__in=page_ids).unlocked()]
            self.filter(pk__in=rows).update(next_try_at=timezone.now(), last_error=error[:ERROR_MAX_LENGTH])

    def note_keys(self, keys: Mapping[int, Collection[str]]) -> dict[int, tuple[str, ...]]:
        """Remember which documents are about to be sent; returns all that may be in the index, by page.

        Pages that change at this moment are left out: they come with their next version.
        """
        with transaction.atomic():
            rows: list[OutboxEntry] = list(self.filter(page_id__in=keys).order_by("page_id").unlocked())
            grown = [row for row in rows if not set(keys[row.page_id]) <= set(row.keys)]
            for row in grown:
                row.keys = sorted({*row.keys, *keys[row.page_id]})
            OutboxEntry.objects.bulk_update(grown, ["keys"])
        return {row.page_id: tuple(row.keys) for row in rows}

    def note_success(
        self, versions: Mapping[int, int], keys: Mapping[int, Collection[str]] | None = None, index: str = IN_USE
    ) -> None:
        """These versions of the pages are in the index; done, unless a page changed again meanwhile.

        Of `keys`, the documents of each page, older ones are forgotten as soon as the server may.
        """
        now = timezone.now()
        wanted = sorted(versions)
        for start in range(0, len(wanted), ENQUEUE_BATCH):
            batch = wanted[start : start + ENQUEUE_BATCH]
            with transaction.atomic():
                found = self.pending(index).filter(page_id__in=batch).unlocked()
                rows: list[OutboxEntry] = [row for row in found if row.version == versions[row.page_id]]
                done = self.filter(pk__in=[row.pk for row in rows])
                if index == IN_USE:
                    self._forget_keys(rows, keys or {}, now)
                    done.update(synced_version=F("version"), synced_at=now, attempts=0, is_dead=False, last_error="")
                else:
                    done.update(**{index: F("version")})

    def _forget_keys(
        self, rows: list["OutboxEntry"], keys: Mapping[int, Collection[str]], now: datetime.datetime
    ) -> None:
        shrunk = []
        for row in rows:
            kept = sorted(keys.get(row.page_id, row.keys))
            if row.keys != kept and row.synced_at and row.synced_at < now - KEYS_KEPT:
                row.keys = kept
                shrunk.append(row)
        OutboxEntry.objects.bulk_update(shrunk, ["keys"])


class OutboxState(models.TextChoices):
    """As QueueState; the rows of pages that are done stay."""

    WAITING = "waiting", _("Waiting")
    FAILING = "failing", _("Failed, will be tried again")
    GIVEN_UP = "given_up", _("Given up")
    DONE = "done", _("In the index")


class OutboxEntry(Retried):
    """One page whose state has to reach the index; the row stays, its version counts the changes."""

    States = OutboxState

    page_id = models.BigIntegerField(_("page number"), unique=True)
    version = models.BigIntegerField(_("version"), default=0)
    synced_version = models.BigIntegerField(_("version in the index"), default=0)
    fallback_version = models.BigIntegerField(_("version in the fall-back index"), default=0)
    vector_version = models.BigIntegerField(_("version whose meaning is known"), default=0)
    changed_at = models.DateTimeField(_("changed"))
    synced_at = models.DateTimeField(_("brought into the index"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("failed attempts"), default=0)
    keys = models.JSONField(_("documents sent"), default=list, blank=True, editable=False)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]
        verbose_name = _("change for the search")
        verbose_name_plural = _("changes for the search")
        indexes = [
            models.Index(
                fields=["next_try_at"], name="search_outbox_pending", condition=Q(version__gt=F("synced_version"))
            ),
            models.Index(
                fields=["changed_at"], name="search_outbox_fallback", condition=Q(version__gt=F("fallback_version"))
            ),
            models.Index(
                fields=["synced_at"], name="search_outbox_vectors", condition=Q(synced_version__gt=F("vector_version"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} v{self.version}"

    @property
    def is_pending(self) -> bool:
        return self.version > self.synced_version

    @property
    def state(self) -> Any:
        return super().state if self.is_pending else OutboxState.DONE

    def note_failure(self, error: str) -> None:
        """Store why the page was refused and when to try again; after MAX_ATTEMPTS it is given up."""
        OutboxEntry.objects.filter(pk=self.pk, version=self.version).update(
            attempts=F("attempts") + 1,
            is_dead=self.attempts + 1 >= MAX_ATTEMPTS,
            next_try_at=timezone.now() + FIRST_RETRY * 2 ** min(self.attempts, MAX_ATTEMPTS),
            last_error=error[:ERROR_MAX_LENGTH],
        )


class IndexCheckQuerySet(LeasedQuerySet["IndexCheck"]):
    def demand(self, index: str) -> None:
        """Have the index compared with the database as soon as it answers."""
        self.update_or_create(index=index, defaults={"due_at": timezone.now()})

    def note_built(self, index: str) -> None:
        self._note(index, built_at=timezone.now())

    def note_compared(self, index: str, differed: int) -> None:
        """`differed`: pages that were not as in the database."""
        self._note(index, compared_at=timezone.now(), differed=differed)

    def _note(self, index: str, **values: Any) -> None:
        self.update_or_create(index=index, defaults=values, create_defaults={**values, "due_at": timezone.now()})

    def claim(self, index: str, lease: datetime.timedelta) -> bool:
        """True for the one process that shall compare now; others leave it alone for so long."""
        self.get_or_create(index=index, defaults={"due_at": timezone.now()})
        return bool(self.filter(index=index).take(lease))


class IndexCheck(models.Model):
    """When an index is to be compared with the database next, which workers share, and what happened to it last."""

    index = models.CharField(max_length=32, unique=True)
    due_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)
    differed = models.PositiveIntegerField(default=0)

    objects = IndexCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("comparison of an index")
        verbose_name_plural = _("comparisons of an index")

    def __str__(self) -> str:
        return f"{self.index} {self.due_at}"


class SynonymQuerySet(models.QuerySet["Synonym"]):
    def table(self) -> SynonymTable:
        """All rows as a table for queries; read anew only after a change, in any process."""
        with connection.cursor() as cursor:
            cursor.execute(SYNONYM_STAMP)
            stamp = cursor.fetchone()
        # Of two threads that read at once, each answers with what it read.
        known = next(iter(_read), None)
        if known is None or known[0] != stamp:
            rows = [row.split(",") for row in self.values_list("words", flat=True)]
            known = stamp, SynonymTable.from_rows(rows)
            _read[:] = [known]
        return known[1]


# How many rows there are, and when one was changed last. Asked with every query, and written by hand because Django
# takes longer to put it together than it takes to answer.
SYNONYM_STAMP = "SELECT COUNT(*), MAX(changed_at) FROM search_synonym"
_read: list[tuple[Any, SynonymTable]] = []


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
