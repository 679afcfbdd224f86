"""Searches that members keep, to be told of what they find from now on."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matching.models.alert import Rhythm

NAME_MAX_LENGTH = 120
# 500 characters of a query, and as many filters as a form can choose, percent-encoded.
PARAMETERS_MAX_LENGTH = 4_000
# More than somebody looks after; each costs the worker a search.
MOST_SEARCHES = 30


class SavedSearch(models.Model):
    """A search of one member, with the pages it has found already."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches", verbose_name=_("member")
    )
    name = models.CharField(_("name"), max_length=NAME_MAX_LENGTH)
    # As the address of the search page writes them, with the question mark.
    parameters = models.CharField(_("search"), max_length=PARAMETERS_MAX_LENGTH)
    rhythm = models.CharField(_("letters"), max_length=12, choices=Rhythm, default=Rhythm.DAILY)
    created_at = models.DateTimeField(_("saved"), default=timezone.now)
    # Pages found so far, newest first; None until the search has run for the first time.
    known = models.JSONField(null=True, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["user", "parameters"], name="one_saved_search_per_person")
        ]

    def __str__(self) -> str:
        return self.name
