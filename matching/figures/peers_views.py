"""The page “Kommunen wie wir” of a body; public, like everything it counts."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from matching.figures.peers import Comparison, group_of
from projects.models import BodyPage

OFFERS_ON_A_PAGE = 20
# The one value of the parameter `land`.
OWN_STATE = "eigenes"


@require_safe
def peers(request: HttpRequest, pk: int) -> HttpResponse:
    """What comparable ones use or run; says so where there is nobody to compare with."""
    body = get_object_or_404(BodyPage.objects.readable().with_places(), id=pk)
    is_own_state = request.GET.get("land") == OWN_STATE
    group = group_of(body, same_state=is_own_state)
    context = {"page": body, "group": group, "is_own_state": is_own_state}
    if group is None:
        return render(request, "matching/peers.html", context)
    comparison = Comparison(body, group)
    shown = Paginator(comparison.ranked(), OFFERS_ON_A_PAGE).get_page(request.GET.get("seite"))
    # The gaps stand on the first page only.
    themes, actions = comparison.gaps(beside=shown.object_list) if shown.number == 1 else ([], [])
    context |= {
        "total": group.units.exclude(pk=group.unit_id).count(),
        "active": len(comparison.active_units),
        "page_obj": shown,
        "page_query": f"{urlencode({'land': OWN_STATE})}&" if is_own_state else "",
        "offers": comparison.offers(shown.object_list),
        "themes": themes,
        "actions": actions,
    }
    return render(request, "matching/peers.html", context)
