"""The account: one person, known by e-mail address."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

STAFF_GROUP = "Kompetenzzentrum"


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

    @cached_property
    def is_of_centre(self) -> bool:
        """True for the centre's staff and for administrators; `is_staff` is Django's word for its own admin.

        Asked for several times in each request, and kept for it.
        """
        return self.is_active and (self.is_superuser or self.groups.filter(name=STAFF_GROUP).exists())
