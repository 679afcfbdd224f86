"""What letters say: each is a pair of templates, in the language of the site, one letter for each address.

What a person is told about letters is told by what was written: `with counted() as letters`, then `say`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from people.mail.queue import letter


@dataclass
class Letters:
    """Names and addresses of the letters that were written."""

    written: list[tuple[str, str]] = field(default_factory=list)

    def went(self, *names: str) -> bool:
        """True if one of that name went to somebody; without a name, any."""
        return any(not names or name in names for name, _address in self.written)


_counting: ContextVar[tuple[Letters, ...]] = ContextVar("letters_counting", default=())


@contextmanager
def counted() -> Iterator[Letters]:
    """Note what is written meanwhile."""
    letters = Letters()
    token = _counting.set((*_counting.get(), letters))
    try:
        yield letters
    finally:
        _counting.reset(token)


def say(request: HttpRequest, done: str, told: str, *, if_written: bool) -> None:
    """What was done, and that somebody is told by e-mail; or that nobody could be."""
    nobody = _("Nobody gets an e-mail: there is nobody with an account or an address.")
    if if_written:
        messages.success(request, f"{done} {told}")
    else:
        messages.warning(request, f"{done} {nobody}")


def write(name: str, to: Iterable[str], context: dict[str, Any], headers: dict[str, str] | None = None) -> int:
    """Queue `people/email/<name>_{subject,message}.txt` for every address; returns how many letters were written.

    The templates also get `site_name` and `base_url`, which has no slash at its end.
    """
    context = {**context, "site_name": settings.WAGTAIL_SITE_NAME, "base_url": settings.BASE_URL.rstrip("/")}
    with override(settings.LANGUAGE_CODE):
        subject = render_to_string(f"people/email/{name}_subject.txt", context).strip()
        text = render_to_string(f"people/email/{name}_message.txt", context).strip()
        addresses = sorted({address.lower() for address in to if address})
        for address in addresses:
            letter(subject, text, [address], headers).send()
            for letters in _counting.get():
                letters.written.append((name, address))
    return len(addresses)
