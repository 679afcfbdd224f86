"""Marks in council papers what whoever files them has to fill in."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

LEFT_OPEN = re.compile(r"\[[^\[\]]+\]")


@register.filter
def open_marked(text: str) -> SafeString:
    """The text escaped, what stands in square brackets in the style “Open” of the document."""
    marked = LEFT_OPEN.sub(lambda found: f'<text:span text:style-name="Open">{found[0]}</text:span>', str(escape(text)))
    return mark_safe(marked)  # noqa: S308  (escaped above)
