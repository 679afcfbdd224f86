"""How often is asked to begin with, and the age of what is published already; from here on both are data."""

import calendar
import datetime
from typing import Any

from django.db import migrations
from django.utils import timezone

# Ideas change fast; what runs, or has ended, changes slowly; what was given up does not change any more.
MONTHS: dict[str, int | None] = {
    "P1": 6,
    "P2": 6,
    "P3": 6,
    "P4": 12,
    "P5": 12,
    "abgeschlossen": 24,
    "nicht_weiterverfolgt": None,
    "wissen": 12,
}


def _due(day: datetime.date, months: int | None) -> datetime.date | None:
    """As `projects.models.freshness` works it out."""
    if months is None:
        return None
    years, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return datetime.date(day.year + years, month + 1, min(day.day, last))


def fill(apps: Any, schema_editor: Any) -> None:
    """Set the intervals; publishing counts as confirming."""
    intervals, rows = apps.get_model("projects", "ReviewInterval"), apps.get_model("projects", "Freshness")
    for subject, months in MONTHS.items():
        intervals.objects.get_or_create(subject=subject, defaults={"months": months})
    known = set(rows.objects.values_list("page_id", flat=True))
    published = apps.get_model("projects", "ProjectPage").objects.filter(live=True, last_published_at__isnull=False)
    rows.objects.bulk_create(
        rows(page_id=pk, subject=phase, confirmed_at=at, review_due=_due(timezone.localdate(at), MONTHS.get(phase)))
        for pk, phase, at in published.values_list("pk", "phase", "last_published_at")
        if pk not in known
    )


def empty(apps: Any, schema_editor: Any) -> None:
    apps.get_model("projects", "Freshness").objects.all().delete()
    apps.get_model("projects", "ReviewInterval").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_freshness")]

    operations = [migrations.RunPython(fill, empty)]
