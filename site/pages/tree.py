"""Paths of Wagtail's page tree: each level adds `Page.steplen` characters to the path of the level above."""

from django.db.models.functions import Length, Substr
from wagtail.models import Page


def parent_path(path: str) -> str:
    """The path of the page above; empty for the root."""
    return path[: -Page.steplen]


def path_and_above(path: str) -> list[str]:
    """The paths of all above a page, the root first, and its own."""
    return [path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen)]


def parent_path_in_query(field: str = "path") -> Substr:
    """`parent_path` as the database computes it, for annotations."""
    return Substr(field, 1, Length(field) - Page.steplen)
