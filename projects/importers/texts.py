"""Cleans what others wrote before it is stored: control characters, lengths, links."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.html import escape

# Control characters, characters that turn the reading direction (they can disguise a text), lone surrogates and
# non-characters, which no database takes.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
LINE_BREAK = re.compile(r"\r\n?|[\u2028\u2029]")
PARAGRAPH_BREAK = re.compile(r"\n\s*\n")
ELLIPSIS = "…"
# A word that ends this early would leave hardly anything of the text; then it is cut inside the word.
SHORTEST_CUT = 0.5
WEB_ADDRESS = URLValidator(schemes=["http", "https"])


def printable(text: str) -> str:
    """The text with plain line breaks and without unprintable characters."""
    return UNPRINTABLE.sub("", LINE_BREAK.sub("\n", text)).strip()


def one_line(text: str) -> str:
    return " ".join(printable(text).split())


def cut_at_word(text: str, limit: int) -> str:
    """The text, cut after a word and ended with … so that it has at most `limit` characters."""
    if len(text) <= limit:
        return text
    head = text[: limit - len(ELLIPSIS)]
    if not text[len(head)].isspace():
        end = head.rfind(" ")
        head = head[:end] if end >= limit * SHORTEST_CUT else head
    return head.rstrip(" ,;:–-") + ELLIPSIS


def paragraphs(text: str) -> str:
    """Escaped HTML: empty lines part paragraphs, other line breaks stay line breaks."""
    parts = (part.strip() for part in PARAGRAPH_BREAK.split(printable(text)))
    return "".join(f"<p>{escape(part).replace(chr(10), '<br/>')}</p>" for part in parts if part)


def is_web_address(text: str, limit: int) -> bool:
    """True for an http(s) address that fits and hides no password; anything else, such as javascript:, is refused."""
    try:
        WEB_ADDRESS(text)
        return len(text) <= limit and "@" not in urlsplit(text).netloc
    except (ValidationError, ValueError):
        return False
