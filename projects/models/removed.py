"""A page that was deleted, with everything that went with it: for a while it can be brought back."""

from datetime import datetime
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.former import UNDO_FOR


class RemovedPageQuerySet(models.QuerySet["RemovedPage"]):
    def undoable(self) -> "RemovedPageQuerySet":
        """Without the rows, which may be megabytes, until they are asked for."""
        return self.filter(removed_at__gte=timezone.now() - UNDO_FOR).defer("rows", "emptied")

    def outdated(self) -> "RemovedPageQuerySet":
        return self.filter(removed_at__lt=timezone.now() - UNDO_FOR)

    def naming(self, user: Any) -> list["RemovedPage"]:
        """Those in which something is about the person: by the number of the account, or by its address."""
        by_address = set(self.filter(rows__icontains=user.email).values_list("pk", flat=True))
        return [one for one in self.defer("rows", "emptied") if one.pk in by_address or user.pk in one.people]


class RemovedPage(models.Model):
    """The page and those below it as rows; no foreign keys to them, because they are gone."""

    page_id = models.BigIntegerField(unique=True)
    parent_id = models.BigIntegerField()
    model = models.CharField(max_length=100)  # label, such as projects.projectpage
    title = models.CharField(_("title"), max_length=255)
    pages = models.PositiveIntegerField(default=1)  # with those below
    was_public = models.BooleanField(default=False)  # or one below
    removed_at = models.DateTimeField(_("deleted"), default=timezone.now)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # See `projects.removal.page_rows`: every row that went, columns that were emptied, accounts that are named.
    rows = models.TextField()
    emptied = models.JSONField(default=list)
    people = models.JSONField(default=list)

    objects = RemovedPageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-removed_at", "-pk"]
        verbose_name = _("deleted page")
        verbose_name_plural = _("deleted pages")

    def __str__(self) -> str:
        return self.title

    @property
    def page_model(self) -> Any:
        return apps.get_model(self.model)

    @property
    def kind(self) -> str:
        return str(self.page_model._meta.verbose_name)

    @property
    def kept_until(self) -> datetime:
        return self.removed_at + UNDO_FOR
