"""To-do items on the home page of the admin: what waits for a person, contributed by each app with a hook.

A part offers its tasks with the hook `register_tasks`, whose receivers take a User and return a list of Task.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wagtail import hooks

from people.models import User

HOOK = "register_tasks"


@dataclass(frozen=True)
class Task:
    """One line: what is to be done, where, and since when the oldest of it waits; a single thing is not counted."""

    label: Any
    url: str
    count: int | None = None
    since: datetime | None = None


def tasks_for(user: User) -> list[Task]:
    """In the order of the receivers; what has nothing to do is left out."""
    return [task for offer in hooks.get_hooks(HOOK) for task in offer(user) if task.count != 0]
