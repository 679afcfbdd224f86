"""The Prüfvermerk: what was found, and decided, when a body looked for others with the same plan."""

import datetime
import hashlib
import json
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Whoever holds the paper can have it confirmed; a code nobody guesses, without letters that are mistaken for digits.
CODE_LENGTH = 16
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
DIGEST_LENGTH = 64
DIGITS_IN_A_GROUP = 8


def new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the content, in hexadecimal; the same for the same content, whatever the order of its keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class CheckRecord(models.Model):
    """One look at what others plan and run, kept as it was: a new one is issued, an old one never changes."""

    project = models.ForeignKey(
        "projects.ProjectPage", models.CASCADE, related_name="check_records", verbose_name=_("project")
    )
    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    # Shape: `matching.records.issuing.content_of`. Names of persons are not part of it: those can be deleted.
    content = models.JSONField(_("what was seen"))
    digest = models.CharField(_("checksum"), max_length=DIGEST_LENGTH, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("check record")
        verbose_name_plural = _("check records")

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What stands on the paper and in a file plan."""
        day: datetime.date = timezone.localtime(self.issued_at).date()
        return f"PV-{day.year}-{self.pk:06d}"

    @property
    def checksum(self) -> str:
        """The digest in groups that eyes can compare."""
        places = range(0, DIGEST_LENGTH, DIGITS_IN_A_GROUP)
        return " ".join(self.digest[place : place + DIGITS_IN_A_GROUP] for place in places)

    @property
    def is_intact(self) -> bool:
        """Whether the content is what was issued."""
        return digest_of(self.content) == self.digest

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it once. Raises TypeError for a change of what was issued."""
        if not self._state.adding:
            raise TypeError("A check record is never changed; issue a new one.")
        self.digest = digest_of(self.content)
        super().save(*args, **kwargs)
