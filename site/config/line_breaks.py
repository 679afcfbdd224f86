"""Line breaks of forms: browsers count one character and send two (see HTML); here they are one again."""

from typing import Any

from django.http import HttpRequest
from django.utils.text import normalize_newlines


class LineBreakMiddleware:
    """Every text that a form sends is counted and stored as the person saw it."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        """After the check of the form's token, which reads what was sent anyway."""
        if not any("\r" in value for _name, values in request.POST.lists() for value in values):
            return
        sent = request.POST.copy()
        for name, values in request.POST.lists():
            sent.setlist(name, [normalize_newlines(value) for value in values])
        sent._mutable = False
        request.POST = sent  # type: ignore[assignment]
