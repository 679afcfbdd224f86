"""Who builds a service for all: central solutions, as the staff keep them, with what is known of their roll-out."""

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from projects.models.taxonomy import OzgField, OzgService


class CentralSolutionQuerySet(models.QuerySet["CentralSolution"]):
    def holding_on(self, day: datetime.date) -> "CentralSolutionQuerySet":
        begun = Q(valid_from=None) | Q(valid_from__lte=day)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gte=day))

    def current(self) -> "CentralSolutionQuerySet":
        return self.holding_on(timezone.localdate())


class CentralSolution(models.Model):
    """A service that one Land or authority builds and runs, and others use with it (Einer für Alle)."""

    name = models.CharField(_("name"), max_length=200)
    service = models.ForeignKey(
        OzgService,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="central_solutions",
        verbose_name=_("OZG service"),
    )
    field = models.ForeignKey(
        OzgField,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="central_solutions",
        verbose_name=_("OZG field"),
        help_text=_("Only if it serves the whole field."),
    )
    actor = models.CharField(
        _("responsible"), max_length=150, help_text=_("The Land or authority that builds and runs it.")
    )
    url = models.URLField(_("page about it"), max_length=500, blank=True)
    contact_name = models.CharField(_("contact"), max_length=150, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    note = models.TextField(_("note"), max_length=500, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    live_count = models.PositiveIntegerField(_("authorities live"), null=True, blank=True)
    rollout_count = models.PositiveIntegerField(_("authorities in roll-out"), null=True, blank=True)
    counted_on = models.DateField(_("counted on"), null=True, blank=True)
    source_url = models.URLField(_("source of the figures"), max_length=500, blank=True)
    is_example = models.BooleanField(_("example content"), default=False)

    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        MultiFieldPanel([FieldPanel("service"), FieldPanel("field")], heading=_("What it is about")),
        MultiFieldPanel(
            [
                FieldPanel("actor"),
                FieldPanel("url"),
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("contact_email")]),
            ],
            heading=_("Who is responsible"),
        ),
        FieldPanel("note"),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("live_count"), FieldPanel("rollout_count")]),
                FieldRowPanel([FieldPanel("counted_on"), FieldPanel("source_url")]),
            ],
            heading=_("Roll-out"),
        ),
        FieldPanel("is_example"),
    ]

    objects = CentralSolutionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("central solution")
        verbose_name_plural = _("central solutions")

    def __str__(self) -> str:
        return f"{self.name} ({self.actor})"

    def clean(self) -> None:
        if (self.service_id is None) == (self.field_id is None):
            raise ValidationError({"service": _("Choose either an OZG service or an OZG field.")})
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The end lies before the beginning.")})
