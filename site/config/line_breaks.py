"""Characters that people do not see in what they send.

Line breaks: browsers count one character and send two (see HTML); here they are one again. NUL, which comes along when
text is copied out of some files, and which PostgreSQL cannot store: it is left out, in texts that are sent as JSON too.
"""

import re
from typing import Any

from django.http import HttpRequest
from django.utils.text import normalize_newlines

NUL = "\0"
# As JSON spells it; an even number of backslashes before it stands for themselves.
NUL_IN_JSON = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def as_seen(text: str) -> str:
    """The text as the person saw it."""
    text = normalize_newlines(text).replace(NUL, "")
    return NUL_IN_JSON.sub(r"\1", text) if text.startswith(("{", "[")) else text


class LineBreakMiddleware:
    """Every text that a form sends is counted and stored as the person saw it."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        """After the check of the form's token, which reads what was sent anyway."""
        seen = {name: [as_seen(value) for value in values] for name, values in request.POST.lists()}
        if seen == dict(request.POST.lists()):
            return
        sent = request.POST.copy()
        for name, values in seen.items():
            sent.setlist(name, values)
        sent._mutable = False
        request.POST = sent  # type: ignore[assignment]
