"""Places in a template that other apps fill, because a template of a lower app must not name those of a higher one.

A template opens one with `{% load slots %}` and `{% slot "project_aside" %}`; an app above fills it in its hooks.
"""

from collections.abc import Iterator

from wagtail import hooks

PREFIX = "slot_"


def fill(slot: str, template: str, *, order: int = 0) -> None:
    """Show `template` in that slot, those of a lower order first. It is rendered with what is there, as if included."""
    hooks.register(PREFIX + slot, lambda: template, order=order)


def templates_for(slot: str) -> Iterator[str]:
    """Names of the templates that fill it, in their order."""
    return (template() for template in hooks.get_hooks(PREFIX + slot))
