"""Who uses a thing, where Wagtail says how often it is referenced."""

from typing import Any

from django import template
from django.db.models import Model

from projects.removal.used import Uses, used_by

register = template.Library()
# What Wagtail's pages about one thing, or a row of those about several, call it.
NAMES = ("page", "snippet", "image", "document", "object")


@register.simple_tag(takes_context=True)
def uses_here(context: dict[str, Any]) -> Uses | None:
    """The uses of what the page of the admin is about; None if that is nothing of the database."""
    for name in NAMES:
        thing = context.get(name)
        thing = thing.get("item") if isinstance(thing, dict) else thing
        if isinstance(thing, Model):
            return used_by(thing, context["request"].user)
    return None
