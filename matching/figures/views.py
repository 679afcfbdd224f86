"""The public page “Vermiedene Doppelarbeit”."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from matching.figures.chart import chart
from matching.figures.counted import SHOWN_FROM, figures


@require_safe
def avoided(request: HttpRequest) -> HttpResponse:
    """What came of plans that were compared, and how it is counted."""
    counted = figures()
    context = {"figures": counted, "chart": chart(counted.quarters), "shown_from": SHOWN_FROM}
    return render(request, "matching/figures.html", context)
