"""What letters say: each is a pair of templates, in the language of the site, one letter for each address."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from people.mail import letter


def write(name: str, to: Iterable[str], context: dict[str, Any], headers: dict[str, str] | None = None) -> int:
    """Queue `people/email/<name>_{subject,message}.txt` for every address; returns how many letters were written.

    The templates also get `site_name` and `base_url`, which has no slash at its end.
    """
    context = {**context, "site_name": settings.WAGTAIL_SITE_NAME, "base_url": settings.BASE_URL.rstrip("/")}
    with override(settings.LANGUAGE_CODE):
        subject = render_to_string(f"people/email/{name}_subject.txt", context).strip()
        text = render_to_string(f"people/email/{name}_message.txt", context).strip()
        addresses = sorted({address.lower() for address in to})
        for address in addresses:
            letter(subject, text, [address], headers).send()
    return len(addresses)
