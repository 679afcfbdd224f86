"""The page of central solutions: who builds what for all, and how far its roll-out is."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from projects.models import CentralSolution, Former, OzgField

SOLUTIONS_ON_A_PAGE = 50


def central_solutions(request: HttpRequest) -> HttpResponse:
    """Those of today by OZG field, and of one field alone if `themenfeld` names it."""
    found = CentralSolution.objects.current().annotate(
        of_field=Coalesce("field__name", "service__field__name"),
        order=Coalesce("field__sort_order", "service__field__sort_order"),
    )
    chosen = Former.objects.lead_on(OzgField, request.GET.get("themenfeld", "").replace("\x00", ""))
    if chosen:
        found = found.filter(Q(field__slug=chosen) | Q(service__field__slug=chosen))
    by_field = found.select_related("service", "field").order_by(
        "order", "of_field", F("live_count").desc(nulls_last=True), "name", "pk"
    )
    context: dict[str, Any] = {
        "page_obj": Paginator(by_field, SOLUTIONS_ON_A_PAGE).get_page(request.GET.get("seite")),
        "page_query": f"{urlencode({'themenfeld': chosen})}&" if chosen else "",
        "fields": _fields(),
        "chosen": chosen,
    }
    return render(request, "projects/central_solutions.html", context)


def _fields() -> Any:
    """OZG fields with at least one solution today."""
    current = CentralSolution.objects.current().order_by()
    of_field, of_service = current.values("field"), current.values("service__field")
    return OzgField.objects.filter(Q(pk__in=of_field) | Q(pk__in=of_service)).order_by("sort_order", "name")
