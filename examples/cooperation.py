"""Who works together on example projects, and the alliance that came of it; nobody gets a letter."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from examples import content
from examples.bodies import add_below, publish
from projects.models import (
    AllianceMember,
    AlliancePage,
    AllianceStep,
    Artefact,
    BodyPage,
    Partnership,
    PartnerState,
    ProjectPage,
)

# So long after the question the people of the project decided.
DECIDED_AFTER = timedelta(days=4)


def load_cooperation() -> None:
    """Store what is told about those projects and bodies that are there."""
    told = content.read("cooperation")
    for record in told["partnerships"]:
        project, body = _project(record["project"]), BodyPage.objects.filter(slug=record["body"]).first()
        if project is None or body is None:
            continue
        asked_at = timezone.now() - timedelta(days=record["days_ago"])
        Partnership.objects.create(
            project=project,
            body=body,
            state=record["state"],
            message=record["message"],
            asked_at=asked_at,
            decided_at=None if record["state"] == PartnerState.INTERESTED else asked_at + DECIDED_AFTER,
            is_example=True,
        )
    for record in told["alliances"]:
        if project := _project(record["project"]):
            _alliance(project, record)


def _project(address: str) -> ProjectPage | None:
    found: ProjectPage | None = ProjectPage.objects.filter(url_path__endswith=f"/{address}/", is_example=True).first()
    return found


def _alliance(project: ProjectPage, record: dict[str, Any]) -> None:
    """Publish the alliance of the project's assured partners."""
    assured = Partnership.objects.filter(project=project, state=PartnerState.ASSURED).order_by("asked_at")
    page = AlliancePage(
        slug=record["slug"], title=record["title"], summary=record["summary"], is_example=True, live=False
    )
    page.members = [
        AllianceMember(sort_order=number, body=one.body, role=record["roles"].get(one.body.slug, ""))
        for number, one in enumerate(assured)
    ]
    page.steps = [AllianceStep(sort_order=number, **step) for number, step in enumerate(record["steps"])]
    page.projects = [found for address in record["projects"] if (found := _project(address))]
    page.artefacts = list(Artefact.objects.filter(project=project, title__in=record["artefacts"]))
    add_below(project.public_body, page)
    publish(page)
