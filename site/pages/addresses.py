"""Addresses of pages and words: always there, free among their neighbours, not too long, readable from any script.

Umlauts become two letters, in the browser and on the server alike; other scripts become Latin letters.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import chain, count

from anyascii import anyascii
from django.conf import settings
from django.utils import translation
from django.utils.text import slugify
from wagtail.admin.widgets import SlugInput
from wagtail.models import Page

LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
UMLAUTS = str.maketrans(LETTERS)
# What Wagtail's script in the editor does with a typed title or address before it drops foreign letters.
BROWSER_ATTRIBUTES = SlugInput(formatters=list(LETTERS.items())).attrs
# Of a body and its project together, so that a redirect can be kept for both: Wagtail's has room for 255 characters.
MAX_LENGTH = 120
# What can be read and understood in an address bar.
READABLE_LENGTH = 80
# What Django's SlugField takes, in letters every mail program makes a link of.
ADDRESS = re.compile(rf"[-a-zA-Z0-9_]{{1,{MAX_LENGTH}}}")


def readable(text: str, otherwise: str, limit: int = READABLE_LENGTH) -> str:
    """The address a text leads to, cut after a word at `limit` characters; `otherwise` if the text has no letters."""
    text = unicodedata.normalize("NFC", text).translate(UMLAUTS)
    slug = slugify(anyascii("".join(map(_spoken, text)))).strip("-_")
    if len(slug) > limit:
        slug = slug[: limit + 1].rsplit("-", 1)[0][:limit]
    return slug.strip("-_") or otherwise


def _spoken(letter: str) -> str:
    """Emoji and other signs part words like a dash; quotation marks and soft hyphens stand within them."""
    kind = unicodedata.category(letter)
    if letter.isascii() or kind[0] in "LMN":
        return letter
    return " " if kind[0] in "SZ" or kind == "Pd" else ""


def first_free(wishes: Sequence[str], is_taken: Callable[[str], bool], limit: int = MAX_LENGTH) -> str:
    """The first wish nobody has, or the last with a number from 2 on; never longer than `limit`."""
    last = wishes[-1]
    numbered = (f"{last[: limit - len(str(number)) - 1].rstrip('-_')}-{number}" for number in count(2))
    return next(slug for slug in chain(wishes, numbered) if not is_taken(slug))


def is_taken_below(parent: Page, page: Page | None) -> Callable[[str], bool]:
    """Whether another page below that parent has an address."""
    return lambda slug: not Page._slug_is_available(slug, parent, page)


def free_slug(title: str, parent: Page, page: Page) -> str:
    """The free address a title leads to below that parent; of a title without letters, what such a page is called."""
    wished = readable(title, _kind_of(page))
    return first_free([wished], is_taken_below(parent, page))


def kept_or_free(page: Page, parent: Page, *instead: str) -> str:
    """The page's address if it is free below that parent, or the first of `instead` that is, or one with a number."""
    wishes = [page.slug, *(slug[:MAX_LENGTH] for slug in instead)]
    return first_free(wishes, is_taken_below(parent, page))


def _kind_of(page: Page) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return readable(str(page._meta.verbose_name), "seite")
