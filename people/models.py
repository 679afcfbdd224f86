"""The account: one person, known by e-mail address."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Creates accounts by e-mail address; addresses differ by more than capitals."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store a person. Raises ValueError without an address; without a password nobody can log in."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store an administrator, who may do everything."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person of a municipality, of the centre or of its operator."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    erasure_announced_at = models.DateTimeField(null=True, blank=True, editable=False)

    # True for a person who signs up: the address is only claimed, until its owner has opened the link sent there.
    has_claimed_address = False

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Team(models.Model):
    """The people of one body: whoever is in the group edits the body's pages and the files of its collection."""

    body = models.OneToOneField("projects.BodyPage", models.CASCADE, related_name="team", verbose_name=_("body"))
    group = models.OneToOneField(Group, models.CASCADE, related_name="team", verbose_name=_("group"))
    collection = models.OneToOneField(
        "wagtailcore.Collection", models.PROTECT, related_name="team", verbose_name=_("collection")
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return str(self.group)


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
