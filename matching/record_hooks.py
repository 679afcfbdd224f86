"""What check records add to the page of a project, and to what a person is told about themselves.

Imported by `wagtail_hooks`.
"""

from typing import Any

from wagtail import hooks

from matching.models import CheckRecord
from pages.slots import fill
from people.models import User
from people.personal_data import HOOK

fill("project_aside", "matching/record_link.html", order=30)


@hooks.register(HOOK)
def name_records(user: User) -> dict[str, Any]:
    issued = CheckRecord.objects.filter(issued_by=user).select_related("project")
    return {
        "check_records": [
            {"at": record.issued_at.isoformat(), "number": record.number, "project": record.project.title}
            for record in issued
        ]
    }
