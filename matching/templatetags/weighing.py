"""What was decided about similar projects, and who builds the same for all, for templates."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from matching.alike.decision_forms import DecisionForm, DecisionForms
from matching.alike.decision_views import ABOUT, CHOSEN
from matching.alike.decisions import Subject, key_of, kinds_for, readable_decisions
from matching.alike.leads import Responsible, responsible_for
from matching.alike.panel import Panel
from matching.models import OverlapDecision
from matching.models.decision import SUBJECTS
from pages.access import has_session
from people.teams.teams import is_member
from projects.models import CentralSolution, ProjectPage, attach_bodies

register = template.Library()


@register.simple_tag(takes_context=True)
def weighed(context: dict[str, Any], page: ProjectPage) -> Sequence[OverlapDecision]:
    """Decisions of the project's people, newest first, about what whoever reads the page may read as well."""
    request = context.get("request")
    return readable_decisions(page, request) if request is not None and page.pk else ()


@register.simple_tag
def all_weighed(page: ProjectPage) -> Sequence[OverlapDecision]:
    """All decisions of the project's people, for the centre and the plan's own people, who may read all of it."""
    found = list(OverlapDecision.objects.filter(project=page.pk).select_related(*SUBJECTS))
    attach_bodies(decision.other for decision in found if decision.other)
    return found


@register.simple_tag(takes_context=True)
def responsible(context: dict[str, Any], page: ProjectPage) -> Sequence[Responsible]:
    """Who builds the same for all or leads the Themenfeld; asks nothing for visitors."""
    request = context.get("request")
    if request is None or not has_session(request) or not is_member(request.user):
        return ()
    services = {service.pk for service in page.ozg_services.all()}
    return responsible_for(services, {key.pk for key in page.service_keys.all()})


@register.simple_tag
def question(forms: DecisionForms | None, subject: Subject) -> DecisionForm | None:
    """The question about it, if it is asked on this page."""
    return forms.for_subject(subject) if forms else None


@register.simple_tag
def decision_about(panel: Panel, subject: Subject) -> OverlapDecision | None:
    """What was decided about it before."""
    return panel.decisions.get(key_of(subject))


@register.filter
def ways_for(project: ProjectPage, subject: Subject) -> list[tuple[str, str]]:
    """(address, name) of each way to decide about it, chosen already on the page of the questions."""
    address = reverse("decide", args=[project.pk])
    return [
        (f"{address}?{urlencode({ABOUT: key_of(subject), CHOSEN: kind})}", str(kind.label))
        for kind in kinds_for(subject, project.public_body)
    ]


@register.filter
def is_solution(one: Responsible) -> bool:
    """False for a lead."""
    return isinstance(one, CentralSolution)


@register.filter
def is_shown_in(subject: Subject, panel: Panel) -> bool:
    """True if the panel has it among what is alike."""
    return subject in (*(one.page for one in panel.found), *panel.for_all)


register.filter("key_of", key_of)
