"""One line of a list of projects, and the page it became."""

from typing import Any

from projects.models import ImportRecord, ProjectPage


def line(**values: Any) -> dict[str, Any]:
    return {"id": "a:1", "title": "Mängelmelder", "summary": "Schlaglöcher melden.", "body": "Text.", **values}


def stored(source_id: str = "a:1") -> ProjectPage:
    page = ImportRecord.objects.get(source_id=source_id).page
    assert page is not None
    return ProjectPage.objects.get(pk=page.pk)
