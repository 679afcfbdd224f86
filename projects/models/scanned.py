"""What is known about a file: whether a virus scanner has looked at it, and what it found."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.uploads import scanner
from projects.uploads.scanner import Verdict

# Names of findings are short; nothing of what a scanner says may break the check.
FINDING_MAX_LENGTH = 200


class ScanState(models.TextChoices):
    """What editors are told; follows from the verdict and from whether there is a scanner."""

    UNCHECKED = "unchecked", _("Not checked by a scanner")
    WAITING = "waiting", _("Waits to be checked")
    CLEAN = "clean", _("Checked, nothing found")
    INFECTED = "infected", _("Harmful content found")


class ScannedFile(models.Model):
    """A stored file with the last verdict about it.

    The verdict is bound to the name under which the file is stored, and no name is used for two contents (see
    `unused_folder`): a file that is replaced, in whatever way, has no verdict.
    """

    # A verdict about the file that is about to be stored; a form that scanned it sets it.
    fresh_verdict: Verdict | None = None

    scanned_name = models.CharField(max_length=255, blank=True, editable=False)
    scanned_at = models.DateTimeField(_("checked"), null=True, blank=True, editable=False, db_index=True)
    scan_finding = models.CharField(_("finding"), max_length=FINDING_MAX_LENGTH, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def scan_state(self) -> ScanState:
        if self.scanned_at is None or self.scanned_name != self.file.name:  # type: ignore[attr-defined]
            return ScanState.WAITING if scanner.is_configured() else ScanState.UNCHECKED
        return ScanState.INFECTED if self.scan_finding else ScanState.CLEAN

    @property
    def is_harmless(self) -> bool:
        """True if the file may be handed to everybody: with a scanner, only what it has found clean."""
        return self.scan_state in {ScanState.CLEAN, ScanState.UNCHECKED}

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if self.fresh_verdict is not None:
            self.keep_verdict(self.fresh_verdict)
            self.fresh_verdict = None

    def keep_verdict(self, verdict: Verdict) -> None:
        """Store what the scanner said about the file as it is stored now, and nothing else of the row."""
        self.scanned_name, self.scanned_at = self.file.name, timezone.now()  # type: ignore[attr-defined]
        self.scan_finding = verdict.finding[:FINDING_MAX_LENGTH]
        super().save(update_fields=["scanned_name", "scanned_at", "scan_finding"])
