"""Which public body a page stands for: its kind, its entry in the register, the Land of its seat.

No part of the versions of the page: an old one, a draft or a copy says nothing about it. It stands in the row alone,
and `projects.editor.identity_views` is where the staff change it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from projects.models.register import Association, District, Municipality, RegisterUnit, State

REGISTER_FIELDS = ("municipality", "district", "association", "state")
IDENTITY_FIELDS = ("kind", *REGISTER_FIELDS, "seat_state")


class RegisterReference(models.Model):
    """A reference to exactly one unit of the register, whatever its level."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("municipality")
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Kreis")
    )
    association = models.ForeignKey(
        Association, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("association")
    )
    state = models.ForeignKey(State, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Land"))

    class Meta:
        abstract = True

    @property
    def unit(self) -> RegisterUnit | None:
        """The unit referred to, or None."""
        return self.municipality or self.district or self.association or self.state

    @property
    def unit_state(self) -> State | None:
        """The Land the unit lies in."""
        unit = self.unit
        return unit if isinstance(unit, State) else getattr(unit, "state", None)


class BodyKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("Municipality")
    DISTRICT = "district", _("Kreis")
    ASSOCIATION = "association", _("Association of municipalities")
    INTERMUNICIPAL = "intermunicipal", _("Inter-municipal body")
    STATE = "state", _("Land")
    FEDERAL = "federal", _("Federal authority")
    UNASSIGNED = "unassigned", _("Not assigned to a body")


# Which register level a kind of body is looked up in; the others stand in no register.
REGISTER_FIELD_OF_KIND = {
    BodyKind.MUNICIPALITY: "municipality",
    BodyKind.DISTRICT: "district",
    BodyKind.ASSOCIATION: "association",
    BodyKind.STATE: "state",
}


class Identity(RegisterReference):
    """The fields by which a page speaks for a body, and what must hold for them."""

    kind = models.CharField(_("kind of body"), max_length=16, choices=BodyKind, default=BodyKind.MUNICIPALITY)
    seat_state = models.ForeignKey(
        State,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Land of its seat"),
        help_text=_("Only for bodies that stand in no register, such as inter-municipal ones."),
    )

    class Meta:
        abstract = True

    @cached_property
    def land(self) -> State | None:
        """The Land it belongs to; None for federal authorities."""
        return self.unit_state or self.seat_state

    @property
    def key(self) -> str:
        """Official key: ARS of a municipality, key of any other unit, empty without an entry in the register."""
        unit = self.unit
        return getattr(unit, "ars", "") or getattr(unit, "key", "")

    @property
    def keys_around(self) -> tuple[str, ...]:
        """Official keys of what it stands for and lies in: AGS of a municipality, then Kreis and Land."""
        unit = self.unit
        if isinstance(unit, Municipality):
            return unit.ags, unit.district.key, unit.state.key
        if isinstance(unit, Association):
            return unit.key, unit.district.key, unit.state.key
        if isinstance(unit, District):
            return unit.key, unit.state.key
        return (self.land.key,) if self.land else ()

    @property
    def named_identity(self) -> str:
        """Who it is, in words: “Municipality: Celle (Landkreis Celle)”, or kind and Land without an entry."""
        return ": ".join(str(part) for part in (self.get_kind_display(), self.unit or self.seat_state) if part)

    def clean(self) -> None:
        """Exactly the entry of the register that its kind asks for, and one that no other page stands for."""
        super().clean()
        wanted = REGISTER_FIELD_OF_KIND.get(BodyKind(self.kind)) if self.kind in BodyKind.values else None
        errors = self._taken()
        for field in REGISTER_FIELDS:
            is_given = getattr(self, f"{field}_id") is not None
            if field == wanted and not is_given:
                errors[field] = _("Choose the entry of the register this body stands for.")
            elif field != wanted and is_given:
                errors[field] = _("Leave this empty for a body of the chosen kind.")
        if errors:
            raise ValidationError(errors)

    def minimal_clean(self) -> None:
        """Wagtail's check of a draft; that there is one page is no matter of being finished."""
        super().minimal_clean()  # type: ignore[misc]
        if errors := self._taken():
            raise ValidationError(errors)

    def _taken(self) -> dict[str, Any]:
        """By field, that another page stands for the same unit, public or not."""
        pages: Any = type(self)._default_manager
        found: dict[str, Any] = {}
        for field in REGISTER_FIELDS:
            unit = getattr(self, f"{field}_id")
            if unit is not None and (other := pages.filter(**{field: unit}).exclude(pk=self.pk).first()):
                found[field] = _("“%(title)s” is its page already: every entry of the register has one.") % {
                    "title": other.get_admin_display_title()
                }
        return found

    def with_content_json(self, content: dict[str, Any]) -> Any:
        """A version's state; who it is, is taken from today."""
        rows: Any = type(self)._default_manager
        known = rows.filter(pk=self.pk).order_by().values(*IDENTITY_FIELDS).first() or {}
        return super().with_content_json({**content, **known})  # type: ignore[misc]
