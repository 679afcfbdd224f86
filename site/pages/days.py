"""Days and moments as people type them: 01.02.2024, never guessed, never another century."""

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import from_current_timezone
from django.utils.translation import gettext_lazy as _

GERMAN = re.compile(r"([0-9]{1,2})\.\s*([0-9]{1,2})\.\s*([0-9]{4})")
ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
CLOCK = re.compile(r"(.+?)(?:\s*,\s*|\s+|T)([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(?:\s*Uhr)?")
# Anything else is a slip of the finger, such as 0204 or 2204.
FIRST_YEAR, LAST_YEAR = 1900, 2100


def day(text: str) -> datetime.date:
    """The day that was typed, in the German way or as ISO 8601. Raises ValueError."""
    typed = text.strip()
    if found := GERMAN.fullmatch(typed):
        date, month, year = found.groups()
    elif found := ISO.fullmatch(typed):
        year, month, date = found.groups()
    else:
        raise ValueError(text)
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(text)
    return datetime.date(int(year), int(month), int(date))


def moment(text: str) -> datetime.datetime:
    """Day and time that were typed, without a time zone; a day alone is none. Raises ValueError."""
    found = CLOCK.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    hour, minute, second = (int(part or 0) for part in found.groups()[1:])
    return datetime.datetime.combine(day(found[1]), datetime.time(hour, minute, second))


class DayInput(forms.DateInput):
    """A plain field: the browser's own follows the browser's language, and sends nothing for what it cannot read."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off"} | (attrs or {}), format="%d.%m.%Y")


class DayField(forms.DateField):
    widget = DayInput
    default_error_messages = {"invalid": _("Please write the day with its full year, such as 01.02.2024.")}

    def to_python(self, value: Any) -> datetime.date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value or None)
        try:
            return day(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentField(forms.DateTimeField):
    default_error_messages = {"invalid": _("Please write day and time, such as 01.02.2024 14:30.")}

    def to_python(self, value: Any) -> datetime.datetime | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value or None)
        try:
            return from_current_timezone(moment(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
