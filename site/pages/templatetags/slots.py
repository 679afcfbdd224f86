"""`{% slot "project_aside" %}`: what other apps show here."""

from django import template
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from pages.slots import templates_for

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str) -> SafeString:
    """All templates that fill the slot, rendered one after the other with the context of the page."""
    rendered = []
    for filling in templates_for(name):
        part = context.template.engine.get_template(filling)  # type: ignore[union-attr]  # set while a page is rendered
        with context.push():
            rendered.append((part.render(context),))
    return format_html_join("\n", "{}", rendered)
