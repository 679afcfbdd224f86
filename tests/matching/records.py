"""A check record without a search, for tests of what happens to it afterwards."""

from typing import Any

from matching.models import CheckRecord
from projects.models import ProjectPage

MOMENT = "2026-03-02T09:30:00+00:00"


def other(**fields: Any) -> dict[str, Any]:
    """A project found, as a record keeps it."""
    kept = {
        "id": 0,
        "title": "Mängelmelder Neuenkirchen",
        "body": "Neuenkirchen",
        "place": "Landkreis Osnabrück, Niedersachsen",
        "phase": "P4",
        "stopped": "",
        "url": "https://example.org/kommunen/neuenkirchen/maengelmelder/",
        "is_members_only": False,
        "is_strong": True,
        "reasons": ["Gleiches Handlungsfeld: Verwaltung"],
        "decision": {"kind": "nachnutzen", "reason": "Läuft dort gut.", "at": MOMENT},
    }
    return {**kept, **fields}


def content(project: ProjectPage, **parts: Any) -> dict[str, Any]:
    """What a record of that project keeps; `parts` replace whole parts."""
    kept = {
        "format": 1,
        "project": {
            "id": project.pk,
            "title": project.title,
            "summary": project.summary,
            "problem": "Meldungen gehen verloren.",
            "body": "Hier",
            "place": "Landkreis Celle, Niedersachsen",
            "phase": "P1",
            "decision_on": "2026-06-30",
            "fields": ["Verwaltung"],
            "services": [],
            "keys": [],
        },
        "search": {"at": MOMENT, "title": project.title, "summary": project.summary, "compared": 412, "model": ""},
        "matches": [other()],
        "earlier": [],
        "leads": [],
    }
    return {**kept, **parts}


def issued(project: ProjectPage, **parts: Any) -> CheckRecord:
    """A stored record of that project."""
    return CheckRecord.objects.create(project=project, content=content(project, **parts))
