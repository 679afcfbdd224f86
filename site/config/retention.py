"""How long things are kept: the defaults, and what the environment says instead."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

# What `manage.py apply_retention` removes, and after how many days; None keeps it.
DEFAULTS: dict[str, int | None] = {
    "unused_accounts": 3 * 365,
    "given_up_mails": 30,
    "answered_barrier_reports": 365,
    "unconfirmed_requests": 7,
    "decided_requests": 365,
    "unused_invitations": 60,
    "questions": 183,
    "ended_partnerships": 365,
}


def retention_days(given: Mapping[str, str]) -> dict[str, int | None]:
    """The days for each kind of thing; what is `given` empty is kept for ever. Raises ImproperlyConfigured."""
    found = dict(DEFAULTS)
    for name, days in given.items():
        if name not in DEFAULTS:
            raise ImproperlyConfigured(f"RETENTION_DAYS knows no “{name}”, only {', '.join(DEFAULTS)}.")
        if days and not (days.isascii() and days.isdecimal()):
            raise ImproperlyConfigured(f"RETENTION_DAYS: “{name}” needs a number of days, or nothing; not “{days}”.")
        found[name] = int(days) if days else None
    return found
