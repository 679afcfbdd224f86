"""Which field reads what people type, for every kind of column: the admin's forms take them from here."""

from django.db import models
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from pages.days import DayField, MomentField
from pages.numbers import DecimalNumberField, WholeNumberField


def use_in_admin() -> None:
    register_form_field_override(models.IntegerField, override={"form_class": WholeNumberField})
    register_form_field_override(models.FloatField, override={"form_class": DecimalNumberField})
    register_form_field_override(models.DateField, override={"form_class": DayField, "widget": AdminDateInput})
    register_form_field_override(
        models.DateTimeField, override={"form_class": MomentField, "widget": AdminDateTimeInput}
    )
