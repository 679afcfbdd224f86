"""Limits on what the platform does for whoever asks: nobody's letter box is filled, no table grows without end.

The numbers stand in ACCOUNT_RATE_LIMITS, the reasons in docs/operations.md. They are counted in the cache that all
processes share. What follows from a limit is said by the caller, beside what was typed.
"""

from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

# Instead of somebody's address: all count together.
EVERYBODY = "everybody"


def allows(request: HttpRequest, **attempts: str) -> bool:
    """Count an attempt as what each name says, by its key; False from the first limit on that is reached.

    The order matters: what comes after a limit that is reached is not counted.
    """
    return all(ratelimit.consume(request, action=action, key=key) for action, key in attempts.items())


def letter_box(address: str) -> str:
    """One key for all spellings of an e-mail address that usually reach one box: capitals, dots, text after a plus."""
    name, _at, domain = address.strip().lower().rpartition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


def refuse(form: forms.BaseForm, field: str | None = None) -> None:
    """Say above the form, or beside a field, that it has to wait; what was typed stays in it."""
    form.add_error(field, _("This was not sent: so many have come today. What you typed is still here: send it later."))
