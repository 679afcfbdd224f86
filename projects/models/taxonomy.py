"""Vocabularies kept by the staff: a term is data, not code."""

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.search import index


class Term(index.Indexed, models.Model):
    """A word of a vocabulary: name for people, slug for addresses, order for lists."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    slug = models.SlugField(_("slug"), max_length=150, unique=True)
    description = models.TextField(_("description"), blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    search_fields: ClassVar[list[Any]] = [index.SearchField("name"), index.AutocompleteField("name")]
    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("sort_order"),
    ]

    class Meta:
        abstract = True
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name


class FieldOfAction(Term):
    """A Handlungsfeld of the smart city, such as Mobilität. Its description says what belongs to it, a topic a line."""

    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel(
            "description",
            heading=_("What belongs here"),
            help_text=_(
                "A topic a line, in everyday words. By these the field is suggested to whoever describes a project."
            ),
        ),
        FieldPanel("sort_order"),
    ]

    class Meta(Term.Meta):
        verbose_name = _("field of action")
        verbose_name_plural = _("fields of action")


class ArtefactKind(Term):
    """What a reusable artefact is: source code, tender, council paper …"""

    class Meta(Term.Meta):
        verbose_name = _("kind of artefact")
        verbose_name_plural = _("kinds of artefact")


class Licence(models.Model):
    """A licence under which something may be reused, by its SPDX identifier."""

    spdx_id = models.CharField(
        _("SPDX identifier"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9.+-]+$", _("Letters, digits, dots, plus and hyphens only."))],
    )
    name = models.CharField(_("name"), max_length=150)
    url = models.URLField(_("text of the licence"), blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=100)

    panels: ClassVar[list[Any]] = [
        FieldPanel("spdx_id"),
        FieldPanel("name"),
        FieldPanel("url"),
        FieldPanel("sort_order"),
    ]

    class Meta:
        ordering = ["sort_order", "spdx_id"]
        verbose_name = _("licence")
        verbose_name_plural = _("licences")

    def __str__(self) -> str:
        return f"{self.spdx_id} – {self.name}"


class OzgField(ClusterableModel, Term):
    """One of the Themenfelder of the Onlinezugangsgesetz."""

    panels: ClassVar[list[Any]] = [*Term.panels, InlinePanel("leads", heading=_("Leads"), label=_("Lead"))]

    class Meta(Term.Meta):
        verbose_name = _("OZG field")
        verbose_name_plural = _("OZG fields")

    @property
    def current_leads(self) -> list["OzgFieldLead"]:
        """Who leads the field today; historical assignments are left out."""
        today = timezone.localdate()
        return [lead for lead in self.leads.all() if lead.holds_on(today)]


class OzgFieldLead(models.Model):
    """Who was responsible for a Themenfeld, in which role and when; assignments change over time."""

    field = ParentalKey(OzgField, on_delete=models.CASCADE, related_name="leads", verbose_name=_("OZG field"))
    actor = models.CharField(_("actor"), max_length=150, help_text=_("Land, authority or association"))
    role = models.CharField(_("role"), max_length=60, default="Federführung")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=250, blank=True)
    url = models.URLField(_("page about it"), max_length=500, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        ordering = ["field", "valid_from", "actor"]
        verbose_name = _("lead of an OZG field")
        verbose_name_plural = _("leads of OZG fields")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="lead_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor} ({self.role})"

    def clean(self) -> None:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The end lies before the beginning.")})

    def holds_on(self, day: datetime.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class OzgService(index.Indexed, models.Model):
    """An OZG-Leistung: a bundle of services people apply for together."""

    ozg_id = models.CharField(_("OZG-ID"), max_length=5, unique=True, validators=[RegexValidator(r"^\d{5}$")])
    name = models.CharField(_("name"), max_length=250)
    situation = models.CharField(_("Lebenslage or Unternehmenslage"), max_length=150, blank=True)
    field = models.ForeignKey(OzgField, models.PROTECT, related_name="services", verbose_name=_("OZG field"))
    is_example = models.BooleanField(_("example, not in the official catalogue"), default=False)

    search_fields: ClassVar[list[Any]] = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.AutocompleteField("ozg_id"),
    ]

    class Meta:
        ordering = ["name"]
        verbose_name = _("OZG service")
        verbose_name_plural = _("OZG services")

    def __str__(self) -> str:
        return f"{self.name} ({self.ozg_id})"


class ServiceKey(index.Indexed, models.Model):
    """A Leistungsschlüssel (LeiKa/FIM): fourteen digits; municipal catalogues have some that do not start with 99."""

    key = models.CharField(_("key"), max_length=14, unique=True, validators=[RegexValidator(r"^\d{14}$")])
    name = models.CharField(_("name"), max_length=300)
    leika_type = models.CharField(_("LeiKa type"), max_length=10, blank=True)
    service = models.ForeignKey(
        OzgService, models.SET_NULL, null=True, blank=True, related_name="keys", verbose_name=_("OZG service")
    )
    is_example = models.BooleanField(_("example, not in the official catalogue"), default=False)

    search_fields: ClassVar[list[Any]] = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.AutocompleteField("key"),
    ]

    class Meta:
        ordering = ["key"]
        verbose_name = _("service key")
        verbose_name_plural = _("service keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"
