"""Who builds the same for all: central solutions (Einer für Alle) of a service, and who leads its Themenfeld."""

from collections.abc import Collection, Sequence

from django.db.models import Q
from django.utils import timezone

from projects.models import CentralSolution, OzgFieldLead, OzgService

Responsible = CentralSolution | OzgFieldLead


def responsible_for(services: Collection[int], keys: Collection[int]) -> list[Responsible]:
    """Solutions and leads that hold today, for OZG services and service keys given by their numbers.

    What serves the very service comes first, then what serves its whole Themenfeld, then who leads that.
    """
    if not services and not keys:
        return []
    chosen = OzgService.objects.filter(Q(pk__in=services) | Q(keys__in=keys)).distinct()
    pairs = list(chosen.values_list("pk", "field"))
    fields = {field for _service, field in pairs}
    return [*_solutions({service for service, _field in pairs}, fields), *_leads(fields)] if pairs else []


def solutions_among(responsible: Sequence[Responsible]) -> list[CentralSolution]:
    """Those about which is decided: a lead can be asked, but builds nothing that could be used."""
    return [one for one in responsible if isinstance(one, CentralSolution)]


def _solutions(services: set[int], fields: set[int]) -> list[CentralSolution]:
    found = CentralSolution.objects.current().select_related("service", "field")
    of_these = found.filter(Q(service__in=services) | Q(field__in=fields))
    return sorted(of_these, key=lambda one: (one.service_id is None, one.name, one.pk))


def _leads(fields: set[int]) -> list[OzgFieldLead]:
    today = timezone.localdate()
    leads = OzgFieldLead.objects.filter(field__in=fields).select_related("field")
    return [lead for lead in leads.order_by("field__sort_order", "role", "actor") if lead.holds_on(today)]
