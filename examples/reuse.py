"""Who uses which example project, as its people would have told over the past years; nobody gets a letter."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from examples import content
from examples.bodies import reference
from projects.models import ProjectPage, Reuse


def load_reuse() -> None:
    """Store what is told about those projects that are there."""
    now = timezone.now()
    for record in content.read("reuse")["reuses"]:
        found = ProjectPage.objects.filter(url_path__endswith=f"/{record['project']}/", is_example=True).first()
        if found is None:
            continue
        days: int | None = record.get("confirmed_days_ago")
        told: dict[str, Any] = {name: record[name] for name in ("since", "person_days", "cost") if name in record}
        Reuse.objects.create(
            project=found,
            stage=record["stage"],
            changes=record.get("changes", ""),
            declared_at=now - timedelta(days=days or 1),
            confirmed_at=None if days is None else now - timedelta(days=days),
            is_example=True,
            **told,
            **reference(record["unit"]),
        )
