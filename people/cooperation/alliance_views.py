"""/allianzen/: who builds something together, for everybody; members also see what is for members."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pages.access import is_in
from projects.alliance_list import listed


def overview(request: HttpRequest) -> HttpResponse:
    """Newest first, and those of one Land alone if `land` names it."""
    for_members = is_in(request)
    answer = render(request, "people/alliances.html", listed(request.GET, for_members=for_members))
    if for_members:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer
