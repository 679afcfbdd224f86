"""What check records add to what a person is told about themselves; imported by `wagtail_hooks`."""

from typing import Any

from wagtail import hooks

from matching.models import CheckRecord
from people.models import User
from people.personal_data import HOOK


@hooks.register(HOOK)
def name_records(user: User) -> dict[str, Any]:
    issued = CheckRecord.objects.filter(issued_by=user).select_related("project")
    return {
        "check_records": [
            {"at": record.issued_at.isoformat(), "number": record.number, "project": record.project.title}
            for record in issued
        ]
    }
