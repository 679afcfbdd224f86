"""Entries that nobody has confirmed for long."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.models import Page

from people.freshness.links import LINKS, link_to
from people.models import User
from projects.models import Freshness, FreshnessState


def overdue(page: Page, days: int = 1, **fields: Any) -> Freshness:
    """Make the page one that was to be confirmed so many days ago."""
    entry: Freshness = Freshness.objects.get(page_id=page.pk)
    entry.confirmed_at = timezone.now() - timedelta(days=400)
    entry.review_due = timezone.localdate() - timedelta(days=days)
    entry.state = FreshnessState.DUE
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.save()
    return entry


def orphaned(page: Page) -> Freshness:
    now = timezone.now()
    return overdue(page, 60, state=FreshnessState.ORPHANED, reminders=3, reminded_at=now, orphaned_at=now)


def signed_for(entry: Freshness, user: User | None) -> str:
    """The part of a letter's links that stands for the entry and whoever was written to."""
    return LINKS.sign(link_to(entry, user))
