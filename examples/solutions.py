"""What is built for all in the example content, and what the people of projects decided about it; no letters go out."""

from datetime import timedelta

from django.utils import timezone

from examples.content import read
from matching.models import OverlapDecision
from projects.models import CentralSolution, OzgService, ProjectPage


def load_solutions() -> None:
    """Store the central solutions of those services that are there, and decisions about them and about projects."""
    for row in read("solutions")["solutions"]:
        service = OzgService.objects.filter(ozg_id=row["service"]).first()
        if service is None:
            continue
        counted_on = timezone.localdate() - timedelta(days=row["counted_days_ago"])
        known = {name: value for name, value in row.items() if name not in ("name", "service", "counted_days_ago")}
        CentralSolution.objects.get_or_create(
            name=row["name"], defaults={**known, "service": service, "counted_on": counted_on, "is_example": True}
        )
    for row in read("solutions")["decisions"]:
        project, other = _project(row["project"]), _project(row.get("other", ""))
        solution = CentralSolution.objects.filter(name=row.get("solution"), is_example=True).first()
        if project and (other or solution):
            OverlapDecision.objects.create(
                project=project, other=other, solution=solution, kind=row["kind"], reason=row["reason"]
            )


def _project(slug: str) -> ProjectPage | None:
    found: ProjectPage | None = ProjectPage.objects.filter(slug=slug, is_example=True).first()
    return found
