"""Numbers as people type them: read as they are meant, or refused with an example.

The separators are those of the language the page is in: 250.000 and 12,5 in German, 250,000 and 12.5 in English. Spaces
may group as well. What could mean two numbers is refused, never guessed.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _

# Plain, no-break, narrow no-break and thin space.
SPACES = "[ \u00a0\u202f\u2009]"
MINUS = "\u2212"
# More figures than any column takes; int() of thousands of digits raises.
LONGEST = 30
WHOLE_EXAMPLE, PART_EXAMPLE = 12_500, 1_200.5


def _separators() -> tuple[str, str]:
    """What groups thousands and what parts the fraction, in the language of the moment."""
    return str(get_format("THOUSAND_SEPARATOR")), str(get_format("DECIMAL_SEPARATOR"))


def _plain(figures: str) -> str:
    return re.sub(r"[^0-9-]", "", figures)


def _cleaned(text: str) -> str:
    text = text.strip().replace(MINUS, "-")
    if len(text) > LONGEST:
        raise ValueError(text[:LONGEST])
    return text


def _figures(grouping: str) -> str:
    groups = (rf"[1-9][0-9]{{0,2}}(?:{separator}[0-9]{{3}})+" for separator in (re.escape(grouping), SPACES))
    return rf"-?(?:[0-9]+|{'|'.join(groups)})"


def whole(text: str) -> int:
    """The whole number that was typed; a fraction may only be one or two zeros. Raises ValueError."""
    grouping, point = _separators()
    found = re.fullmatch(rf"({_figures(grouping)})(?:{re.escape(point)}00?)?", _cleaned(text))
    if not found:
        raise ValueError(text)
    return int(_plain(found[1]))


def decimal(text: str) -> float:
    """The number that was typed, with a fraction or without. Raises ValueError.

    The other language's separator counts where it can be nothing else, as in 52.520008 from a map: not in 52.520.
    """
    grouping, point = _separators()
    typed = _cleaned(text)
    if re.fullmatch(rf"-?[1-9][0-9]{{0,2}}{re.escape(grouping)}[0-9]{{3}}", typed):
        raise ValueError(text)
    found = re.fullmatch(rf"({_figures(grouping)})(?:{re.escape(point)}([0-9]+))?", typed) or re.fullmatch(
        rf"(-?[0-9]+){re.escape(grouping)}([0-9]+)", typed
    )
    if not found:
        raise ValueError(text)
    return float(f"{_plain(found[1])}.{found[2] or 0}")


class _Typed:
    """A field whose value is typed as text: a browser's own field for numbers sends nothing for what it cannot read."""

    empty_values: Any

    def __init__(self, **kwargs: Any) -> None:
        mode = "numeric" if isinstance(self, WholeNumberField) else "decimal"
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off"}))
        super().__init__(**{**kwargs, "localize": True})

    def read(self, text: str) -> float:
        """Raises ValueError."""
        raise NotImplementedError

    def refusal(self) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        try:
            return self.read(str(value))
        except ValueError:
            raise ValidationError(self.refusal(), code="invalid") from None


class WholeNumberField(_Typed, forms.IntegerField):
    def read(self, text: str) -> int:
        return whole(text)

    def refusal(self) -> str:
        examples = {"grouped": number_format(WHOLE_EXAMPLE, force_grouping=True), "plain": WHOLE_EXAMPLE}
        return _("Please write a whole number, such as %(grouped)s or %(plain)d.") % examples


class DecimalNumberField(_Typed, forms.FloatField):
    def read(self, text: str) -> float:
        return decimal(text)

    def refusal(self) -> str:
        example = number_format(PART_EXAMPLE, use_l10n=True, force_grouping=False)
        return _("Please write a number that can be read in one way only, such as %(example)s.") % {"example": example}
