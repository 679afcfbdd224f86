"""/vorhaben/<number>/entscheiden/: what is like a plan is weighed, each pair once."""

from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from wagtail.models import Page

from matching.alike import decisions
from matching.alike.decision_forms import ASKED, DecisionForms
from matching.alike.decisions import Subject, key_of, subject_of
from matching.alike.panel import Panel, look
from matching.models import DecisionKind
from people.admin_site.members_only import members_only
from people.current import person_of
from people.models import User
from projects.models import Plan, ProjectPage
from search.similar.finding import Draft

# In addresses: the one thing to be weighed, what is chosen already, and where to go afterwards.
ABOUT, CHOSEN, NEXT = "ueber", "wie", "weiter"


def look_at(project: ProjectPage) -> Panel:
    """What is like the newest version of the project, published or not."""
    return look(Draft.of_page(project.get_latest_revision_as_object()), project=project)


@members_only
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show what is alike, with a question about each that is not decided yet, or about the one in the address."""
    project: ProjectPage = get_object_or_404(ProjectPage, id=pk)
    if not project.permissions_for_user(request.user).can_edit():
        raise Http404  # nobody else learns whether it exists
    panel = look_at(project)
    if request.method == "POST":
        forms = DecisionForms.about(_sent(request, project), project.public_body, request.POST, plan=project)
        if len(forms) and forms.is_valid():
            store(project, forms, panel, person_of(request))
            return redirect(_next(request, project))
    else:
        forms = _asked(request, project, panel)
    context = {"project": project, "panel": panel, "forms": forms, "next": _next(request, project)}
    # Somebody chose what to decide about; nothing stands in the way of the plan.
    context["is_chosen"] = ABOUT in request.GET
    context["others"] = [row for key, row in panel.decisions.items() if key not in _shown(panel)]
    return render(request, "matching/decide.html", context)


def _sent(request: HttpRequest, project: ProjectPage) -> list[Subject]:
    """What the questions that were answered are about."""
    subjects = (subject_of(key) for key in dict.fromkeys(request.POST.getlist(ASKED)))
    return [subject for subject in subjects if subject is not None and subject != project]


def _asked(request: HttpRequest, project: ProjectPage, panel: Panel) -> DecisionForms:
    body, wanted = project.public_body, subject_of(request.GET.get(ABOUT, ""))
    if wanted is None or wanted == project:
        return DecisionForms.about(panel.undecided, body)
    forms = DecisionForms.about([wanted], body, known=panel.decisions)
    if (chosen := request.GET.get(CHOSEN, "")) in DecisionKind.values:
        for form in forms:
            form.initial["kind"] = chosen
    return forms


def _shown(panel: Panel) -> set[str]:
    subjects: list[Subject] = [*(found.page for found in panel.found), *panel.for_all]
    return {key_of(subject) for subject in subjects}


@transaction.atomic
def store(project: ProjectPage, forms: DecisionForms, panel: Panel, by: User) -> None:
    """Keep the answers of valid forms, all or none of them."""
    for form in forms:
        decisions.decide(project, form.subject, form.answer, by, panel.evidence_for(form.subject))


def decide_url(project: Page, then: str = "") -> str:
    """The page of the questions; `then` is the address to go to afterwards."""
    address = reverse("decide", args=[project.pk])
    return f"{address}?{urlencode({NEXT: then})}" if then else address


def _next(request: HttpRequest, project: ProjectPage) -> str:
    """Where to go afterwards: as the address says, else to the plan's own page or the editor."""
    wanted = request.GET.get(NEXT, "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    name = "plan" if Plan.objects.filter(project=project.pk).exists() else "wagtailadmin_pages:edit"
    return reverse(name, args=[project.pk])
