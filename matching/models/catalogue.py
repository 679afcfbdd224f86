"""Where else one looks before building: the catalogues of others, kept by the staff, and what was found there."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

RESULT_MAX_LENGTH = 500


class ReuseCatalogue(models.Model):
    """A catalogue of solutions that can be reused, run by somebody else. Only people can search it."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    url = models.URLField(_("address"), max_length=500)
    offers = models.CharField(_("what can be found there"), max_length=200, blank=True)
    is_active = models.BooleanField(_("is asked about"), default=True)
    sort_order = models.PositiveSmallIntegerField(_("position"), default=0)

    panels: ClassVar[list[Any]] = [FieldPanel(name) for name in ("name", "url", "offers", "is_active", "sort_order")]

    class Meta:
        ordering = ["sort_order", "name"]
        verbose_name = _("other catalogue")
        verbose_name_plural = _("other catalogues")

    def __str__(self) -> str:
        return self.name


class CatalogueLookup(models.Model):
    """What the people of a project found in a catalogue, and when they looked; the last look counts."""

    project = models.ForeignKey(
        "projects.ProjectPage", models.CASCADE, related_name="catalogue_lookups", verbose_name=_("project")
    )
    catalogue = models.ForeignKey(
        ReuseCatalogue, models.PROTECT, related_name="lookups", verbose_name=_("other catalogue")
    )
    looked_on = models.DateField(_("looked on"))
    result = models.CharField(_("result"), max_length=RESULT_MAX_LENGTH)

    class Meta:
        ordering = ["catalogue__sort_order", "catalogue__name"]
        verbose_name = _("look into another catalogue")
        verbose_name_plural = _("looks into other catalogues")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["project", "catalogue"], name="one_look_per_catalogue"),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.catalogue}"

    def clean(self) -> None:
        if self.looked_on and self.looked_on > timezone.localdate():
            raise ValidationError({"looked_on": _("This day is in the future.")})
