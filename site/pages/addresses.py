"""Addresses of pages in German: umlauts as two letters, in the browser and on the server alike."""

from django.utils.text import slugify
from wagtail.admin.widgets import SlugInput
from wagtail.models import Page

LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
UMLAUTS = str.maketrans(LETTERS)
# What Wagtail's script in the editor does with a typed title or address before it drops foreign letters.
BROWSER_ATTRIBUTES = SlugInput(formatters=list(LETTERS.items())).attrs


def free_slug(title: str, parent: Page, page: Page) -> str:
    """The address a title leads to below that parent, with a number if it is taken; empty if it has no letters."""
    wished = slugify(title.translate(UMLAUTS))
    slug, number = wished, 1
    while wished and not Page._slug_is_available(slug, parent, page):
        number += 1
        slug = f"{wished}-{number}"
    return slug
