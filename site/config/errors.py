"""Error pages that are not found by template name alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent without its token; the page says what to do instead of naming the mechanism."""
    return render(request, "403_csrf.html", status=403)
