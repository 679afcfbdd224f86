"""What was read, with the words of the paper it was read from and where they stand."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Quotation:
    """A value, its source word for word, the heading it stands under (may be empty) and the page (None without)."""

    value: Any
    source: str
    heading: str
    page: int | None = None

    @property
    def shown(self) -> str:
        """The value as a person writes it: a day, euros or a range of them, a text."""
        if isinstance(self.value, datetime.date):
            return date_format(self.value, "d.m.Y")
        if isinstance(self.value, tuple | list):
            amounts = [number_format(amount, force_grouping=True) for amount in dict.fromkeys(self.value)]
            return _("%(amount)s euros") % {"amount": " – ".join(amounts)}
        return str(self.value)

    @property
    def place(self) -> str:
        """“Betreff, page 1”; what the paper itself calls the place is not translated."""
        page = _("page %(number)d") % {"number": self.page} if self.page else ""
        return ", ".join(part for part in (self.heading, page) if part) or _("beginning of the paper")
