"""The register of municipalities: Land, Kreis, association, municipality.

Keys are text, leading zeros count. Structure after Destatis GV-ISys: an ARS has twelve digits (Land 2, Regierungsbezirk
1, Kreis 2, association 4, municipality 3); the AGS leaves out the four of the association.
"""

from typing import Any, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from pages.addresses import readable

# Upper bounds in inhabitants, exclusive (Bundesinstitut für Bau-, Stadt- und Raumforschung, Stadt- und Gemeindetyp).
LANDGEMEINDE_BELOW = 5_000
KLEINSTADT_BELOW = 20_000
MITTELSTADT_BELOW = 100_000
STATE_SLUG_LENGTH = 50
# Kinds of Kreis that consist of one municipality.
CITY_KINDS = frozenset({"Kreisfreie Stadt", "Stadtkreis"})


class SizeClass(models.TextChoices):
    LANDGEMEINDE = "landgemeinde", _("Rural municipality (under 5,000)")
    KLEINSTADT = "kleinstadt", _("Small town (5,000 to 19,999)")
    MITTELSTADT = "mittelstadt", _("Medium-sized town (20,000 to 99,999)")
    GROSSSTADT = "grossstadt", _("City (100,000 and more)")
    KREIS = "kreis", _("Kreis")
    ZUSAMMENSCHLUSS = "zusammenschluss", _("Association or inter-municipal body")


def size_class_of(inhabitants: int | None) -> str:
    """The class of a municipality with that many inhabitants; empty if nobody counted them."""
    if inhabitants is None:
        return ""
    if inhabitants < LANDGEMEINDE_BELOW:
        return SizeClass.LANDGEMEINDE
    if inhabitants < KLEINSTADT_BELOW:
        return SizeClass.KLEINSTADT
    return SizeClass.MITTELSTADT if inhabitants < MITTELSTADT_BELOW else SizeClass.GROSSSTADT


def digits(length: int) -> RegexValidator:
    return RegexValidator(rf"^\d{{{length}}}$", _("Give all digits of the official key, and nothing else."))


class RegisterQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """Units that exist today; dissolved ones stay for their history."""
        return self.filter(valid_to__isnull=True)


class RegisterUnit(index.Indexed, models.Model):
    """One unit of the official register; it is never deleted, a reform ends it and names a successor."""

    name = models.CharField(_("name"), max_length=150)
    full_name = models.CharField(_("official name"), max_length=200)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
    )
    is_example = models.BooleanField(_("example, not in the official register"), default=False)

    objects: ClassVar[Any] = RegisterQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def titled_name(self) -> str:
        """What the unit is called where nothing else says which kind it is."""
        return self.name

    @property
    def place_label(self) -> str:
        """Where the unit lies, for telling namesakes apart."""
        return ""


class State(RegisterUnit):
    """One of the sixteen Länder."""

    key = models.CharField(_("key"), max_length=2, unique=True, validators=[digits(2)])
    slug = models.SlugField(_("slug"), max_length=STATE_SLUG_LENGTH, unique=True)
    iso = models.CharField(_("ISO 3166-2"), max_length=5, blank=True)

    search_fields: ClassVar[list[Any]] = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["key"]
        verbose_name = _("Land")
        verbose_name_plural = _("Länder")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.slug or readable(self.name, self.key, STATE_SLUG_LENGTH)
        super().save(*args, **kwargs)


def titled_district(kind: str, name: str) -> str:
    """What a Kreis is called where nothing else says that it is one."""
    prefixed = kind in {"Landkreis", "Kreis"} and "kreis" not in name.lower()
    return f"{kind} {name}" if prefixed else name


class DistrictManager(models.Manager.from_queryset(RegisterQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("state")


class District(RegisterUnit):
    """A Kreis or a city that is its own Kreis."""

    key = models.CharField(_("key"), max_length=5, unique=True, validators=[digits(5)])
    kind = models.CharField(_("kind"), max_length=60)
    state = models.ForeignKey(State, models.PROTECT, related_name="districts", verbose_name=_("Land"))
    seat = models.CharField(_("seat"), max_length=100, blank=True)

    search_fields: ClassVar[list[Any]] = [
        index.SearchField("full_name"),
        index.AutocompleteField("name"),
        index.AutocompleteField("key"),
    ]

    objects: ClassVar[Any] = DistrictManager()

    class Meta:
        ordering = ["name", "key"]
        verbose_name = _("Kreis")
        verbose_name_plural = _("Kreise")

    def __str__(self) -> str:
        return f"{self.titled_name} ({self.state.name})"

    @property
    def titled_name(self) -> str:
        """“Landkreis Celle” where the name alone would not say what it is."""
        return titled_district(self.kind, self.name)

    @property
    def place_label(self) -> str:
        return self.state.name


class AssociationManager(models.Manager.from_queryset(RegisterQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("district__state")


class Association(RegisterUnit):
    """An Amt, a Samtgemeinde, a Verbandsgemeinde or the like; it has a nine-digit ARS and no AGS."""

    key = models.CharField(_("key"), max_length=9, unique=True, validators=[digits(9)])
    kind = models.CharField(_("kind"), max_length=60)
    district = models.ForeignKey(District, models.PROTECT, related_name="associations", verbose_name=_("Kreis"))
    seat = models.CharField(_("seat"), max_length=100, blank=True)

    search_fields: ClassVar[list[Any]] = [
        index.SearchField("full_name"),
        index.AutocompleteField("name"),
        index.AutocompleteField("key"),
    ]

    objects: ClassVar[Any] = AssociationManager()

    class Meta:
        ordering = ["name", "key"]
        verbose_name = _("association")
        verbose_name_plural = _("associations")

    def __str__(self) -> str:
        return f"{self.titled_name} ({self.place_label})"

    @property
    def titled_name(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def state(self) -> State:
        return self.district.state

    @property
    def place_label(self) -> str:
        return f"{self.district.titled_name}, {self.district.state.name}"


class MunicipalityManager(models.Manager.from_queryset(RegisterQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> Any:
        # A name alone is not enough (294 are ambiguous), so Kreis and Land are needed wherever one is shown.
        return super().get_queryset().select_related("district__state")


class Municipality(RegisterUnit):
    """A municipality, or one of the unincorporated areas the register lists among them."""

    ars = models.CharField("ARS", max_length=12, unique=True, validators=[digits(12)])
    ags = models.CharField("AGS", max_length=8, db_index=True, validators=[digits(8)])
    kind_code = models.CharField(_("kind (Textkennzeichen)"), max_length=2)
    district = models.ForeignKey(District, models.PROTECT, related_name="municipalities", verbose_name=_("Kreis"))
    association = models.ForeignKey(
        Association,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="municipalities",
        verbose_name=_("association"),
    )
    state = models.ForeignKey(State, models.PROTECT, related_name="municipalities", verbose_name=_("Land"))
    area_ha = models.PositiveIntegerField(_("area in hectares"), null=True, blank=True)
    inhabitants = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    size_class = models.CharField(_("size class"), max_length=16, choices=SizeClass, blank=True, db_index=True)
    postcode = models.CharField(_("postcode of the seat"), max_length=5, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    is_unincorporated = models.BooleanField(_("unincorporated area"), default=False)

    search_fields: ClassVar[list[Any]] = [
        index.SearchField("full_name"),
        index.AutocompleteField("name"),
        index.AutocompleteField("ags"),
        index.AutocompleteField("ars"),
        index.FilterField("valid_to"),
    ]

    objects: ClassVar[Any] = MunicipalityManager()

    class Meta:
        ordering = ["name", "ars"]
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        indexes = [models.Index(fields=["name"])]
        constraints = [
            models.UniqueConstraint(fields=["ags"], condition=Q(valid_to__isnull=True), name="one_current_unit_per_ags")
        ]

    def __str__(self) -> str:
        # Fourteen such areas carry the name of a municipality of the same Kreis.
        name = _("%(name)s, unincorporated area") % {"name": self.name} if self.is_unincorporated else self.name
        return f"{name} ({self.place_label})"

    @property
    def place_label(self) -> str:
        """Kreis and Land, the Land alone for a city that is its own Kreis."""
        if self.district.kind in CITY_KINDS:
            return self.district.state.name
        return f"{self.district.titled_name}, {self.district.state.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.size_class = "" if self.is_unincorporated else size_class_of(self.inhabitants)
        super().save(*args, **kwargs)
