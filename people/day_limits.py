"""How often something may happen to a page within a day; what counts is its history.

For what members do: each time somebody gets a letter, and doing and undoing it would write one after the other.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page, PageLogEntry

DAY = timedelta(days=1)


class TooOftenError(Exception):
    """It has happened so often within a day that it has to wait until tomorrow."""


def happened_today(page: Page, *actions: str, **data: Any) -> int:
    """How often the history of the page names these actions, about that, within the last 24 hours."""
    about = {f"data__{name}": value for name, value in data.items()}
    entries = PageLogEntry.objects.filter(page=page.pk, action__in=actions, timestamp__gt=timezone.now() - DAY)
    return entries.filter(**about).count()
